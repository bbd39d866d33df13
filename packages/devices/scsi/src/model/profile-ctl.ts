import { standardFailures } from "./copy-failures.ts";
import type { TargetProfile } from "./profile.ts";
import { ideal } from "./profile-ideal.ts";
import { code, senseCodes, senseKey } from "./sense.ts";

const UNREACHABLE = code(senseKey.copyAborted, 0x08, 0x04);
const THIRD_PARTY_FAILURE = code(senseKey.copyAborted, 0x0d, 0x01);
const TOKEN_UNKNOWN = code(senseKey.illegalRequest, 0x23, 0x04);
const { invalidFieldInCdb, invalidFieldInList, listLength } = senseCodes;

/**
 * FreeBSD's target (ctl_tpc.c): LID1, LID4 and ROD tokens. Tokens are accessed upon reference, live at most 600 seconds
 * unused, and are refused with one sense code whatever is wrong with them. Results are given up once fetched, else after
 * a minute.
 */
export const ctl: TargetProfile = {
  ...ideal,
  name: "ctl",
  identity: {
    ...ideal.identity,
    vendor: "FREEBSD",
    product: "CTLDISK",
    revision: "0001",
  },
  sense: { ...ideal.sense, isDetailed: true },
  thirdPartyCommands: [
    "83h/00h",
    "83h/01h",
    "83h/10h",
    "83h/11h",
    "83h/1Ch",
    "84h/00h",
    "84h/03h",
    "84h/04h",
    "84h/05h",
    "84h/07h",
    "84h/08h",
  ],
  unknownCopyAction: invalidFieldInCdb,
  unknownReceiveAction: invalidFieldInCdb,
  cscdTypes: [0xe4],
  segmentTypes: [0x02, 0x07, 0x14],
  wellKnownCscdIds: [0xffff],
  rodTypes: [
    { type: 0x0001_0000, tokenIn: true, tokenOut: true, internal: false, preference: 0 },
    { type: 0xffff_0001, tokenIn: true, tokenOut: false, internal: false, preference: 0 },
  ],
  limits: {
    ...ideal.limits,
    cscdDescriptorsMax: 64,
    segmentDescriptorsMax: 64,
    descriptorListBytesMax: 8192,
    segmentBytesMax: 0,
    inlineBytesMax: 8192,
    concurrentCopiesMax: 255,
    granularityExponent: 0,
    heldResultsMs: 60_000,
  },
  tokens: {
    ...ideal.tokens,
    rangesMax: 64,
    transferBlocksMax: 0,
    transferBlocksOptimal: 0,
    inactivitySecondsDefault: 60,
    inactivitySecondsMax: 600,
    inactivitySecondsMin: 1,
  },
  // 64 headers of four bytes: lists of 28-byte descriptors end at nine.
  segmentListShape: { multipleOf: 1, bytesMax: 256 },
  consumesResults: true,
  listChecks: [
    "header",
    "cscdCount",
    "segmentListCount",
    "listBytes",
    "inlineBytes",
    "truncation",
    "cscdTypes",
    "segments",
    "listIdInUse",
  ],
  failures: {
    ...standardFailures,
    headerTruncated: invalidFieldInCdb,
    inlineTooLong: listLength,
    listIdInUse: invalidFieldInList,
    cscdIdReserved: UNREACHABLE,
    cscdIdOutOfRange: UNREACHABLE,
    unreachable: UNREACHABLE,
    ambiguous: UNREACHABLE,
    outOfRange: THIRD_PARTY_FAILURE,
    segmentTooLong: undefined,
    granularity: undefined,
    tokenListLength: invalidFieldInCdb,
    tooManyRanges: invalidFieldInCdb,
    tokenTypeUnsupported: TOKEN_UNKNOWN,
    tokenRemote: TOKEN_UNKNOWN,
    tokenCorrupt: TOKEN_UNKNOWN,
    tokenRevoked: TOKEN_UNKNOWN,
    tokenExpired: TOKEN_UNKNOWN,
    tokenCancelled: TOKEN_UNKNOWN,
    tokenDeleted: TOKEN_UNKNOWN,
    tokenLength: TOKEN_UNKNOWN,
  },
};
