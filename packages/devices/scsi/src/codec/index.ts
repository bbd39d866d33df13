/**
 * The bytes of SCSI commands and their data, both directions: one table per structure.
 * @packageDocumentation
 */
export * from "./cdb/atomic-cdb.ts";
export * from "./cdb/cache-cdb.ts";
export * from "./cdb/capacity-cdb.ts";
export * from "./cdb/extended-copy-cdb.ts";
export * from "./cdb/inquiry-cdb.ts";
export * from "./cdb/mode-cdb.ts";
export * from "./cdb/read-cdb.ts";
export * from "./cdb/receive-copy-cdb.ts";
export * from "./cdb/reservation-cdb.ts";
export * from "./cdb/scsi-commands.ts";
export * from "./cdb/verify-cdb.ts";
export * from "./cdb/write-cdb.ts";
export * from "./cdb/write-same-cdb.ts";
export { type AnyCodec, type Codec, fixed, rawBytes } from "./codec.ts";
export * from "./copy/addressed-cscd.ts";
export * from "./copy/block-segments.ts";
export * from "./copy/control-segments.ts";
export * from "./copy/copy-results-lid1.ts";
export * from "./copy/copy-status.ts";
export * from "./copy/copy-status-names.ts";
export * from "./copy/cscd.ts";
export { earlyRanges } from "./copy/early-ranges.ts";
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
export * from "./inquiry/block-pages.ts";
export * from "./inquiry/designator.ts";
export * from "./inquiry/identification-pages.ts";
export * from "./inquiry/standard-inquiry.ts";
export {
  decodeLocated,
  type FieldPlace,
  fieldPlace,
  type Located,
  type LocatedViolation,
} from "./located.ts";
export * from "./parameter/block-descriptors.ts";
export * from "./parameter/mode-data.ts";
export * from "./parameter/mode-pages.ts";
export * from "./parameter/operation-codes.ts";
export * from "./parameter/read-capacity.ts";
export * from "./parameter/report-luns.ts";
export * from "./parameter/reservation-data.ts";
export * from "./scsi-command-record.ts";
export { additionalSenseCodes, additionalSenseName } from "./sense/additional-sense.ts";
export type { OtherSenseDescriptor } from "./sense/descriptor-sense.ts";
export { SENSE_BYTES_MAX, senseData } from "./sense/sense-data.ts";
export type { FieldPointer, SegmentPointer, SenseKeySpecific } from "./sense/sense-key-specific.ts";
export * from "./sense/sense-keys.ts";
export type { ForwardedSense, SenseData, SenseDataInput } from "./sense/sense-value.ts";
export * from "./sense/status-codes.ts";
export * from "./third-party/limit-descriptors.ts";
export * from "./third-party/rod-descriptors.ts";
export * from "./third-party/support-descriptors.ts";
export * from "./third-party/third-party-copy-page.ts";
export { type VariableLayout, variable } from "./variable.ts";
export type { WireFormat, WireFormatOptions } from "./wire-format.ts";
export { scsiStructures } from "./wire-formats.ts";
