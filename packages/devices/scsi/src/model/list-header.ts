import { extendedCopyLid1Header } from "../codec/copy/extended-copy-lid1.ts";
import { extendedCopyLid4Header } from "../codec/copy/extended-copy-lid4.ts";
import { fieldReader } from "./cdb-field.ts";
import type { SegmentJob } from "./copy-job.ts";
import { copyAction } from "./copy-operation.ts";

const lid1 = {
  listIdentifier: fieldReader(extendedCopyLid1Header, "listIdentifier"),
  listIdUsage: fieldReader(extendedCopyLid1Header, "listIdUsage"),
  cscdBytes: fieldReader(extendedCopyLid1Header, "cscdDescriptorListLength"),
  segmentBytes: fieldReader(extendedCopyLid1Header, "segmentDescriptorListLength"),
  inlineBytes: fieldReader(extendedCopyLid1Header, "inlineDataLength"),
};

const lid4 = {
  format: fieldReader(extendedCopyLid4Header, "parameterListFormat"),
  headerCscdBytes: fieldReader(extendedCopyLid4Header, "headerCscdDescriptorListLength"),
  headerCscdType: fieldReader(extendedCopyLid4Header, "headerCscdDescriptorTypeCode"),
  listIdentifier: fieldReader(extendedCopyLid4Header, "listIdentifier"),
  listIdUsage: fieldReader(extendedCopyLid4Header, "listIdUsage"),
  immed: fieldReader(extendedCopyLid4Header, "immed"),
  cscdBytes: fieldReader(extendedCopyLid4Header, "cscdDescriptorListLength"),
  segmentBytes: fieldReader(extendedCopyLid4Header, "segmentDescriptorListLength"),
  inlineBytes: fieldReader(extendedCopyLid4Header, "inlineDataLength"),
};

const isLid4 = (job: SegmentJob): boolean => job.serviceAction === copyAction.lid4;

export const headerBytesOf = (job: SegmentJob): number =>
  isLid4(job) ? extendedCopyLid4Header.size : extendedCopyLid1Header.size;

/** Where the header has a field, as sense data points at it. */
export const headerField = (
  job: SegmentJob,
  name:
    | "listIdentifier"
    | "listIdUsage"
    | "cscdDescriptorListLength"
    | "segmentDescriptorListLength"
    | "inlineDataLength",
): number =>
  isLid4(job) ? extendedCopyLid4Header.offsetOf(name) : extendedCopyLid1Header.offsetOf(name);

/** Takes the header of a list that is long enough for it. Returns the byte of a field that cannot be, or -1. */
export function readListHeader(job: SegmentJob, list: Uint8Array): number {
  const fields = isLid4(job) ? lid4 : lid1;
  const headerBytes = headerBytesOf(job);
  job.list = list;
  job.listId = fields.listIdentifier(list);
  job.listIdUsage = fields.listIdUsage(list);
  job.cscdsAt = headerBytes;
  job.cscdBytes = fields.cscdBytes(list);
  job.segmentsAt = headerBytes + job.cscdBytes;
  job.segmentBytes = fields.segmentBytes(list);
  job.inlineAt = job.segmentsAt + job.segmentBytes;
  job.inlineBytes = fields.inlineBytes(list);
  if (!isLid4(job)) return -1;
  if (lid4.format(list) !== 1) return extendedCopyLid4Header.offsetOf("parameterListFormat");
  if (lid4.headerCscdBytes(list) !== 0x20) {
    return extendedCopyLid4Header.offsetOf("headerCscdDescriptorListLength");
  }
  return lid4.headerCscdType(list) === 0xff
    ? -1
    : extendedCopyLid4Header.offsetOf("headerCscdDescriptorTypeCode");
}

/** IMMED: the copy goes on after the command has ended. */
export const isImmediate = (job: SegmentJob): boolean => isLid4(job) && lid4.immed(job.list) === 1;
export const IMMED_AT: number = extendedCopyLid4Header.offsetOf("immed");
