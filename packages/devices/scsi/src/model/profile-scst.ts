import { standardFailures } from "./copy-failures.ts";
import type { TargetProfile } from "./profile.ts";
import { ideal } from "./profile-ideal.ts";
import { code, senseCodes, senseKey } from "./sense.ts";

const ABORTED = code(senseKey.copyAborted, 0x00, 0x00);
const THIRD_PARTY_FAILURE = code(senseKey.copyAborted, 0x0d, 0x01);

/**
 * SCST (scst_copy_mgr.c): EXTENDED COPY(LID1) with five CSCD descriptors, status and failure details, results held for
 * five seconds, an identifier in use answered with OPERATION IN PROGRESS, and no page 8Fh.
 */
export const scst: TargetProfile = {
  ...ideal,
  name: "scst",
  identity: {
    ...ideal.identity,
    vendor: "SCST_BIO",
    product: "disk",
    revision: "390",
    naaRule: "locally-assigned",
  },
  thirdPartyCommands: ["83h/00h", "84h/00h", "84h/03h", "84h/04h"],
  hasThirdPartyCopyPage: false,
  unknownCopyAction: senseCodes.invalidFieldInCdb,
  unknownReceiveAction: senseCodes.invalidFieldInCdb,
  cscdTypes: [0xe4],
  segmentTypes: [0x02],
  wellKnownCscdIds: [],
  rodTypes: [],
  limits: {
    ...ideal.limits,
    cscdDescriptorsMax: 5,
    // What its list buffer of 8 KiB has room for.
    segmentDescriptorsMax: 286,
    descriptorListBytesMax: 65_535,
    segmentBytesMax: 0x1000_0000,
    inlineBytesMax: 0,
    granularityExponent: 16,
    heldResultsMs: 5000,
  },
  failures: {
    ...standardFailures,
    cscdIdReserved: ABORTED,
    cscdIdOutOfRange: ABORTED,
    segmentLength: ABORTED,
    writeProtected: ABORTED,
    inexact: ABORTED,
    outOfRange: THIRD_PARTY_FAILURE,
    segmentTooLong: undefined,
    granularity: undefined,
  },
};
