import { standardFailures } from "./copy-failures.ts";
import type { TargetProfile } from "./profile.ts";
import { ideal, otherModePage } from "./profile-ideal.ts";
import { code, senseCodes, senseKey } from "./sense.ts";

const UNSUPPORTED_CSCD = code(senseKey.illegalRequest, 0x26, 0x07);
const UNSUPPORTED_SEGMENT = code(senseKey.illegalRequest, 0x26, 0x09);
const NOT_REACHABLE = code(senseKey.copyAborted, 0x0d, 0x02);

/**
 * Linux' target (LIO) of 6.1: EXTENDED COPY(LID1) with one segment and two CSCD descriptors, NAA 6h designators only,
 * list identifiers that mean nothing, no results but the operating parameters. Sense data without any pointer, in 96
 * bytes. Every failure of a read or write is "copy target device not reachable". Segments are looked at before CSCD
 * descriptors.
 */
export const lio: TargetProfile = {
  ...ideal,
  name: "lio",
  identity: {
    ...ideal.identity,
    vendor: "LIO-ORG",
    product: "FILEIO",
    revision: "4.0",
    versionDescriptors: [0x00a0, 0x0960, 0x0460, 0x04c0],
    sccs: true,
    multiP: true,
    hisup: false,
    tpgs: 3,
    naaRule: "lio",
    t10Names: "product-and-serial",
  },
  sense: { isDetailed: false, format: "fixed", paddedBytes: 96 },
  blockLimits: {
    compareAndWriteBlocksMax: 1,
    transferBlocksMax: 0x4000,
    transferBlocksOptimal: 0x4000,
    unmapBlocksMax: 0x2000,
    unmapDescriptorsMax: 1,
    writeSameBlocksMax: 0x1000,
    atomicBlocksMax: 0,
  },
  provisioning: { thin: true, writeSameNonZero: true, noDataOut: false, readsZero: false, type: 0 },
  optionalCommands: [
    "COMPARE AND WRITE",
    "REPORT TARGET PORT GROUPS",
    "UNMAP",
    "VERIFY",
    "WRITE AND VERIFY",
    "WRITE SAME",
  ],
  thirdPartyCommands: ["83h/00h", "84h/03h"],
  hasThirdPartyCopyPage: false,
  unknownCopyAction: senseCodes.invalidOpcode,
  unknownReceiveAction: senseCodes.invalidFieldInCdb,
  cscdTypes: [0xe4],
  segmentTypes: [0x02],
  wellKnownCscdIds: [],
  designators: "naa-6-only",
  rodTypes: [],
  limits: {
    ...ideal.limits,
    cscdDescriptorsMax: 2,
    segmentDescriptorsMax: 1,
    descriptorListBytesMax: 1024,
    segmentBytesMax: 0x1000_0000,
    inlineBytesMax: 0,
    concurrentCopiesMax: 1,
    granularityExponent: 9,
    inlineGranularityExponent: 9,
    heldGranularityExponent: 9,
  },
  segmentListShape: { multipleOf: 28, bytesMax: 28 },
  needsReceiver: true,
  listIds: "lenient",
  listIdNone: true,
  listChecks: [
    "header",
    "listBytes",
    "inlineBytes",
    "truncation",
    "segmentListCount",
    "segments",
    "someSegments",
    "cscdListShape",
    "cscdCount",
    "cscdTypes",
    "designators",
    "blockSizes",
  ],
  failures: {
    ...standardFailures,
    inlineTooLong: senseCodes.invalidFieldInList,
    cscdListShape: UNSUPPORTED_CSCD,
    segmentListShape: UNSUPPORTED_SEGMENT,
    noSegments: senseCodes.invalidFieldInList,
    cscdIdReserved: senseCodes.invalidFieldInList,
    blockSizesDiffer: code(senseKey.notReady, 0x08, 0x00),
    deviceFailed: NOT_REACHABLE,
    writeProtected: NOT_REACHABLE,
    reserved: NOT_REACHABLE,
    segmentTooLong: undefined,
    granularity: undefined,
  },
  unknownServiceAction: senseCodes.invalidOpcode,
  modePages: [
    otherModePage(0x01),
    { pageCode: 0x08, dra: true },
    {
      pageCode: 0x0a,
      gltsd: true,
      queueAlgorithmModifier: 1,
      tas: true,
      busyTimeoutPeriod: 0xffff,
      extendedSelfTestCompletionTime: 0x001e,
    },
    otherModePage(0x1c),
  ],
  modeBlocksAreLastLba: true,
  rotationRate: 0,
  dpoFua: false,
};
