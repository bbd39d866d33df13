/**
 * The bytes of SCSI commands and their data, both directions: one table per structure.
 * @packageDocumentation
 */
export * from "./cdb/extended-copy-cdb.ts";
export * from "./cdb/receive-copy-cdb.ts";
export { type AnyCodec, type Codec, fixed, rawBytes } from "./codec.ts";
export * from "./copy/addressed-cscd.ts";
export * from "./copy/block-segments.ts";
export * from "./copy/control-segments.ts";
export * from "./copy/copy-results-lid1.ts";
export * from "./copy/copy-status.ts";
export * from "./copy/copy-status-names.ts";
export * from "./copy/cscd.ts";
export * from "./copy/extended-copy-lid1.ts";
export * from "./copy/extended-copy-lid4.ts";
export * from "./copy/identification-cscd.ts";
export * from "./copy/internet-cscd.ts";
export * from "./copy/operating-parameters.ts";
export * from "./copy/populate-token.ts";
export * from "./copy/range-descriptor.ts";
export * from "./copy/rod-cscd.ts";
export * from "./copy/rod-segments.ts";
export * from "./copy/rod-token.ts";
export * from "./copy/rod-token-list.ts";
export * from "./copy/rod-types.ts";
export * from "./copy/segment.ts";
export * from "./copy/write-using-token.ts";
export {
  type DescriptorKind,
  descriptorList,
  evenly,
} from "./descriptor-list.ts";
export {
  decodeLocated,
  type FieldPlace,
  fieldPlace,
  type Located,
  type LocatedViolation,
} from "./located.ts";
export { additionalSenseCodes, additionalSenseName } from "./sense/additional-sense.ts";
export type { OtherSenseDescriptor } from "./sense/descriptor-sense.ts";
export {
  type ForwardedSense,
  SENSE_BYTES_MAX,
  type SenseData,
  type SenseDataInput,
  senseData,
} from "./sense/sense-data.ts";
export type { FieldPointer, SegmentPointer, SenseKeySpecific } from "./sense/sense-key-specific.ts";
export * from "./sense/sense-keys.ts";
export * from "./sense/status-codes.ts";
export { type VariableLayout, variable } from "./variable.ts";
