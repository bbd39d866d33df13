import { blockSegment, byteOffsetSegment } from "../codec/copy/block-segments.ts";
import { registerKeySegment, verifySegment } from "../codec/copy/control-segments.ts";
import { rangeDescriptor } from "../codec/copy/range-descriptor.ts";
import { rodRangeSegment, rodRangesSegmentHeader } from "../codec/copy/rod-segments.ts";
import type { SegmentJob } from "./copy-job.ts";
import { findOperation, isRunning } from "./copy-operation.ts";
import { listRefusal } from "./copy-refusal.ts";
import {
  CSCD_BYTES,
  isMalformedIdentification,
  isReservedId,
  resolveEndpoint,
} from "./cscd-resolution.ts";
import {
  headerBytesOf,
  headerField,
  IMMED_AT,
  isImmediate,
  readListHeader,
} from "./list-header.ts";
import type { ListCheck } from "./profile.ts";
import { isMalformedRod, ROD_CSCD } from "./rod-resolution.ts";
import { type Refusal, senseKey } from "./sense.ts";
import type { Target } from "./target.ts";
import { uint16 } from "./wire-numbers.ts";

type Check = (target: Target, job: SegmentJob, list: Uint8Array) => Refusal | undefined;

const SEGMENT_HEADER_BYTES = 4;

/** Bytes of a segment descriptor; undefined: it varies. */
const segmentSizes: Readonly<Record<number, number | undefined>> = {
  2: blockSegment.size,
  7: verifySegment.size,
  10: byteOffsetSegment.size,
  20: registerKeySegment.size,
  191: rodRangeSegment.size,
};
const ROD_RANGES = 0xbe;
const RANGES_LENGTH_AT = rodRangesSegmentHeader.offsetOf("rangeDescriptorsLength");
const SOURCE_ID_AT = blockSegment.offsetOf("sourceCscd");
const DESTINATION_ID_AT = blockSegment.offsetOf("destinationCscd");

/** The segment has a source, or a destination, by CSCD descriptor ID. */
const hasSource = (type: number): boolean => type !== 20;
const hasDestination = (type: number): boolean => type !== 7;

const isIllegal = (target: Target, failure: "cscdIdReserved"): boolean =>
  target.profile.failures[failure]?.key === senseKey.illegalRequest;

function header(target: Target, job: SegmentJob, list: Uint8Array): Refusal | undefined {
  if (list.length < headerBytesOf(job)) return listRefusal(target, "headerTruncated", 10);
  const wrong = readListHeader(job, list);
  return wrong < 0 ? undefined : listRefusal(target, "headerField", wrong);
}

/** A length that a segment descriptor of its type cannot have. */
function segmentLengthWrong(list: Uint8Array, at: number, type: number, size: number): boolean {
  const fixed = segmentSizes[type];
  if (fixed !== undefined) return size !== fixed;
  if (type !== ROD_RANGES) return false;
  if (size < rodRangesSegmentHeader.size) return true;
  const ranges = uint16(list, at + RANGES_LENGTH_AT);
  return ranges + rodRangesSegmentHeader.size !== size || ranges % rangeDescriptor.size !== 0;
}

function segmentIds(target: Target, list: Uint8Array, at: number, type: number): boolean {
  const source = hasSource(type) && isReservedId(target, uint16(list, at + SOURCE_ID_AT));
  return (
    source || (hasDestination(type) && isReservedId(target, uint16(list, at + DESTINATION_ID_AT)))
  );
}

/** One segment descriptor; its size, or why it is refused. */
function checkSegment(target: Target, job: SegmentJob, at: number): number | Refusal | undefined {
  const { list } = job;
  const type = list[at];
  if (!target.profile.segmentTypes.includes(type)) {
    return listRefusal(target, "unsupportedSegment", at);
  }
  const left = job.inlineAt - at;
  const size = SEGMENT_HEADER_BYTES + (left < SEGMENT_HEADER_BYTES ? 0 : uint16(list, at + 2));
  if (size > left) return listRefusal(target, "segmentListShape", at + 2) ?? left;
  if (segmentLengthWrong(list, at, type, size)) {
    return listRefusal(target, "segmentLength", at + 2) ?? size;
  }
  if (isIllegal(target, "cscdIdReserved") && segmentIds(target, list, at, type)) {
    return listRefusal(target, "cscdIdReserved", at + SOURCE_ID_AT);
  }
  return size;
}

function segments(target: Target, job: SegmentJob): Refusal | undefined {
  job.segmentCount = 0;
  for (let at = job.segmentsAt; at < job.inlineAt; ) {
    if (job.segmentCount === job.segmentAt.length) {
      return listRefusal(
        target,
        "tooManySegments",
        headerField(job, "segmentDescriptorListLength"),
      );
    }
    const checked = checkSegment(target, job, at);
    if (typeof checked !== "number") return checked;
    job.segmentAt[job.segmentCount] = at;
    job.segmentCount += 1;
    at += checked;
  }
  return undefined;
}

function segmentListCount(target: Target, job: SegmentJob): Refusal | undefined {
  const { multipleOf, bytesMax } = target.profile.segmentListShape;
  const at = headerField(job, "segmentDescriptorListLength");
  if (job.segmentBytes % multipleOf !== 0) return listRefusal(target, "segmentListShape", at);
  return job.segmentBytes > bytesMax ? listRefusal(target, "tooManySegments", at) : undefined;
}

function cscdTypes(target: Target, job: SegmentJob, list: Uint8Array): Refusal | undefined {
  const count = Math.floor(job.cscdBytes / CSCD_BYTES);
  for (let id = 0; id < count; id += 1) {
    const at = job.cscdsAt + id * CSCD_BYTES;
    if (!target.profile.cscdTypes.includes(list[at])) {
      return listRefusal(target, "unsupportedCscd", at);
    }
    const isMalformed =
      list[at] === ROD_CSCD
        ? isMalformedRod(target, job, at)
        : isMalformedIdentification(target, list, at);
    if (isMalformed) return listRefusal(target, "malformedCscd", at + 4);
  }
  return undefined;
}

function listIdUsage(target: Target, job: SegmentJob): Refusal | undefined {
  const { profile } = target;
  const at = headerField(job, "listIdUsage");
  if (job.listIdUsage === 1) return listRefusal(target, "listIdUsage", at, 4);
  if (job.listIdUsage !== 3) return undefined;
  // Nobody could ask for the results of a copy in the background that has no identifier.
  if (isImmediate(job)) return listRefusal(target, "listIdUsage", IMMED_AT, 0);
  if (!profile.listIdNone) return listRefusal(target, "listIdUsage", at, 4);
  if (job.listId === 0) return undefined;
  return listRefusal(target, "listIdUsage", headerField(job, "listIdentifier"));
}

/** Refused while an operation of that identifier goes on (SPC-4 5.17.5). */
export function listIdInUse(
  target: Target,
  path: SegmentJob["path"],
  listId: number,
  byte: number,
): Refusal | undefined {
  if (target.profile.listIds === "lenient") return undefined;
  const old = findOperation(target, path, listId);
  if (old === undefined || !isRunning(old)) return undefined;
  return listRefusal(target, "listIdInUse", byte);
}

/** Both ends of every segment are looked up before anything moves, as LIO does. */
function designators(target: Target, job: SegmentJob): Refusal | undefined {
  for (let segment = 0; segment < job.segmentCount; segment += 1) {
    const at = job.segmentAt[segment];
    const source = resolveEndpoint(target, job, uint16(job.list, at + SOURCE_ID_AT));
    const destination = resolveEndpoint(target, job, uint16(job.list, at + DESTINATION_ID_AT));
    for (const end of [source, destination]) {
      if (end.kind === "failed") return listRefusal(target, end.failure);
    }
    const receiver = job.path.unit.endpoint;
    if (target.profile.needsReceiver && source !== receiver && destination !== receiver) {
      return listRefusal(target, "unreachable");
    }
  }
  return undefined;
}

function blockSizes(target: Target, job: SegmentJob): Refusal | undefined {
  let bytesPerBlock = 0;
  for (const end of job.endpoints.slice(0, Math.floor(job.cscdBytes / CSCD_BYTES))) {
    if (end?.kind !== "unit") continue;
    if (bytesPerBlock !== 0 && end.unit.bytesPerBlock !== bytesPerBlock) {
      return listRefusal(target, "blockSizesDiffer");
    }
    ({ bytesPerBlock } = end.unit);
  }
  return undefined;
}

/** The checks of a parameter list, by name; which of them, and in which order, the profile says. */
export const listChecks: Readonly<Record<ListCheck, Check>> = {
  header,
  cscdCount: (target, job) =>
    job.cscdBytes > target.limits.cscdDescriptorsMax * CSCD_BYTES
      ? listRefusal(target, "tooManyCscds", headerField(job, "cscdDescriptorListLength"))
      : undefined,
  segmentListCount,
  listBytes: (target, job) =>
    job.cscdBytes + job.segmentBytes > target.limits.descriptorListBytesMax
      ? listRefusal(target, "descriptorListTooLong")
      : undefined,
  inlineBytes: (target, job) =>
    job.inlineBytes > target.limits.inlineBytesMax
      ? listRefusal(target, "inlineTooLong", headerField(job, "inlineDataLength"))
      : undefined,
  truncation: (target, job, list) =>
    list.length < job.inlineAt + job.inlineBytes ? listRefusal(target, "listTruncated") : undefined,
  cscdListShape: (target, job) =>
    job.cscdBytes % CSCD_BYTES === 0
      ? undefined
      : listRefusal(target, "cscdListShape", headerField(job, "cscdDescriptorListLength")),
  cscdTypes,
  segments,
  someSegments: (target, job) =>
    job.segmentCount > 0 ? undefined : listRefusal(target, "noSegments"),
  listIdUsage,
  listIdInUse: (target, job) =>
    job.listIdUsage === 3
      ? undefined
      : listIdInUse(target, job.path, job.listId, headerField(job, "listIdentifier")),
  designators,
  blockSizes,
};
