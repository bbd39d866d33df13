import { code, type SenseCode, senseKey } from "./sense.ts";

/** All ways in which a third-party copy can fail, as this model tells them apart. */
export type CopyFailure =
  | "headerTruncated"
  | "headerField"
  | "listTruncated"
  | "descriptorListTooLong"
  | "tooManyCscds"
  | "cscdListShape"
  | "unsupportedCscd"
  | "malformedCscd"
  | "tooManySegments"
  | "segmentListShape"
  | "unsupportedSegment"
  | "segmentLength"
  | "noSegments"
  | "inlineTooLong"
  | "listIdUsage"
  | "listIdInUse"
  | "listIdUnknown"
  | "cscdIdReserved"
  | "cscdIdOutOfRange"
  | "unreachable"
  | "ambiguous"
  | "wrongDeviceType"
  | "blockSizesDiffer"
  | "outOfRange"
  | "deviceFailed"
  | "writeProtected"
  | "reserved"
  | "underrun"
  | "overrun"
  | "inexact"
  | "granularity"
  | "segmentTooLong"
  | "byteOffset"
  | "invalidOperation"
  | "notAuthorized"
  | "notFast"
  | "tokenListLength"
  | "tokenDataLength"
  | "tokenRangesLength"
  | "tooManyRanges"
  | "rangesTooLong"
  | "rangesOverlap"
  | "timeoutTooLong"
  | "rodTypeUnsupported"
  | "beyondRod"
  | "rodResources"
  | "tokenResources"
  | "tokenCauseHidden"
  | "tokenTypeUnsupported"
  | "tokenRemote"
  | "tokenRemoteCreation"
  | "tokenUnknown"
  | "tokenCorrupt"
  | "tokenRevoked"
  | "tokenExpired"
  | "tokenCancelled"
  | "tokenDeleted"
  | "tokenLength";

const illegal = (asc: number, ascq: number): SenseCode => code(senseKey.illegalRequest, asc, ascq);
const aborted = (asc: number, ascq: number): SenseCode => code(senseKey.copyAborted, asc, ascq);

/**
 * What the standards say (SPC-4 6.4, 6.4.3, 5.17; SBC-3 5.7, 5.46). ILLEGAL REQUEST where the list alone is wrong, and
 * nothing moved; COPY ABORTED once segments are processed.
 */
export const standardFailures: Readonly<Record<CopyFailure, SenseCode | undefined>> = {
  headerTruncated: illegal(0x1a, 0x00),
  headerField: illegal(0x26, 0x00),
  listTruncated: illegal(0x1a, 0x00),
  descriptorListTooLong: illegal(0x1a, 0x00),
  tooManyCscds: illegal(0x26, 0x06),
  cscdListShape: illegal(0x26, 0x00),
  unsupportedCscd: illegal(0x26, 0x07),
  malformedCscd: illegal(0x26, 0x00),
  tooManySegments: illegal(0x26, 0x08),
  segmentListShape: illegal(0x26, 0x00),
  unsupportedSegment: illegal(0x26, 0x09),
  segmentLength: illegal(0x26, 0x00),
  noSegments: undefined,
  inlineTooLong: illegal(0x26, 0x0b),
  listIdUsage: illegal(0x26, 0x00),
  listIdInUse: illegal(0x00, 0x16),
  listIdUnknown: illegal(0x24, 0x00),
  cscdIdReserved: aborted(0x0d, 0x02),
  cscdIdOutOfRange: aborted(0x0d, 0x02),
  unreachable: aborted(0x0d, 0x02),
  ambiguous: aborted(0x0d, 0x02),
  wrongDeviceType: aborted(0x0d, 0x03),
  blockSizesDiffer: undefined,
  outOfRange: aborted(0x0d, 0x02),
  deviceFailed: aborted(0x0d, 0x01),
  writeProtected: aborted(0x0d, 0x01),
  reserved: aborted(0x0d, 0x01),
  underrun: aborted(0x0d, 0x04),
  overrun: aborted(0x0d, 0x05),
  inexact: aborted(0x26, 0x0a),
  granularity: aborted(0x26, 0x0d),
  segmentTooLong: aborted(0x26, 0x00),
  byteOffset: aborted(0x26, 0x00),
  invalidOperation: aborted(0x26, 0x0c),
  notAuthorized: aborted(0x26, 0x15),
  notFast: aborted(0x26, 0x16),
  tokenListLength: illegal(0x1a, 0x00),
  tokenDataLength: illegal(0x26, 0x00),
  tokenRangesLength: illegal(0x26, 0x00),
  tooManyRanges: illegal(0x26, 0x08),
  rangesTooLong: illegal(0x26, 0x00),
  rangesOverlap: illegal(0x26, 0x00),
  timeoutTooLong: illegal(0x26, 0x00),
  rodTypeUnsupported: illegal(0x26, 0x00),
  beyondRod: illegal(0x26, 0x00),
  rodResources: illegal(0x55, 0x0c),
  tokenResources: illegal(0x55, 0x0d),
  tokenCauseHidden: illegal(0x23, 0x00),
  tokenTypeUnsupported: illegal(0x23, 0x01),
  tokenRemote: illegal(0x23, 0x02),
  tokenRemoteCreation: illegal(0x23, 0x03),
  tokenUnknown: illegal(0x23, 0x04),
  tokenCorrupt: illegal(0x23, 0x05),
  tokenRevoked: illegal(0x23, 0x06),
  tokenExpired: illegal(0x23, 0x07),
  tokenCancelled: illegal(0x23, 0x08),
  tokenDeleted: illegal(0x23, 0x09),
  tokenLength: illegal(0x23, 0x0a),
};
