import { blockSegment, byteOffsetSegment } from "../codec/copy/block-segments.ts";
import { registerKeySegment, verifySegment } from "../codec/copy/control-segments.ts";
import { fieldReader } from "./cdb-field.ts";
import type { SegmentJob } from "./copy-job.ts";
import { forwardedConflict, stuck } from "./copy-refusal.ts";
import { CSCD_BYTES, resolveEndpoint } from "./cscd-resolution.ts";
import type { Endpoint } from "./endpoint.ts";
import { dropRod } from "./preserve.ts";
import { conflicts } from "./reservations.ts";
import { fillRod } from "./rod-fill.ts";
import {
  checkMovement,
  checkUnit,
  fail,
  type Movement,
  movePart,
  overlapsItself,
  wholePart,
} from "./segment-move.ts";
import { type Refusal, senseCodes, senseKey } from "./sense.ts";
import { storeFailure } from "./store-failure.ts";
import type { Target } from "./target.ts";
import { makeToken, returnToken } from "./tokens.ts";
import { wide64 } from "./wire-numbers.ts";

const whole = {
  source: fieldReader(blockSegment, "sourceCscd"),
  destination: fieldReader(blockSegment, "destinationCscd"),
  dc: fieldReader(blockSegment, "dc"),
  blocks: fieldReader(blockSegment, "blocks"),
  sourceLba: fieldReader(blockSegment, "sourceLba"),
  destinationLba: fieldReader(blockSegment, "destinationLba"),
};

const offset = {
  bytes: fieldReader(byteOffsetSegment, "bytes"),
  sourceOffset: fieldReader(byteOffsetSegment, "sourceByteOffset"),
  destinationOffset: fieldReader(byteOffsetSegment, "destinationByteOffset"),
};

const tur = fieldReader(verifySegment, "tur");
const KEY_AT = registerKeySegment.offsetOf("reservationKey");
const NEW_KEY_AT = registerKeySegment.offsetOf("serviceActionReservationKey");

/** FCO, fast copy only, stands in bit 2 of byte 1 (SPC-5, segment descriptors 02h and 0Ah). */
const FAST_COPY_ONLY = 4;

/** Bytes of a block at this end; those of the other where it has none of its own. */
function bytesPerBlockOf(endpoint: Endpoint, other: number): number {
  if (endpoint.kind === "unit") return endpoint.unit.bytesPerBlock;
  if (endpoint.kind === "rod" && endpoint.rod !== undefined) return endpoint.rod.unit.bytesPerBlock;
  return other;
}

/** Takes what 02h and 0Ah say. Returns what is wrong with the lengths alone. */
function readMovement(
  target: Target,
  job: SegmentJob,
  at: number,
  movement: Movement,
): Refusal | undefined {
  const { list } = job;
  movement.source = resolveEndpoint(target, job, whole.source(list, at));
  movement.destination = resolveEndpoint(target, job, whole.destination(list, at));
  movement.fastOnly = Math.floor(list[at + 1] / FAST_COPY_ONLY) % 2 === 1;
  const ownSize = bytesPerBlockOf(movement.source, 512);
  const destinationSize = bytesPerBlockOf(movement.destination, ownSize);
  const sourceSize = bytesPerBlockOf(movement.source, destinationSize);
  const isWhole = list[at] === 0x02;
  const counted = whole.dc(list, at) === 1 ? destinationSize : sourceSize;
  movement.bytes = isWhole ? whole.blocks(list, at) * counted : offset.bytes(list, at);
  const sourceOffset = isWhole ? 0 : offset.sourceOffset(list, at);
  const destinationOffset = isWhole ? 0 : offset.destinationOffset(list, at);
  movement.from = whole.sourceLba(list, at) * sourceSize + sourceOffset;
  movement.to = whole.destinationLba(list, at) * destinationSize + destinationOffset;
  return checkLengths(target, job, at, movement, sourceSize, destinationSize);
}

function checkLengths(
  target: Target,
  job: SegmentJob,
  at: number,
  movement: Movement,
  sourceSize: number,
  destinationSize: number,
): Refusal | undefined {
  const { list } = job;
  const { bytes } = movement;
  const { segmentBytesMax, granularityExponent } = target.limits;
  const isTooLong = segmentBytesMax > 0 && bytes > segmentBytesMax;
  const isCoarse = bytes % 2 ** granularityExponent === 0;
  const refusal =
    (isTooLong ? fail(target, job, "segmentTooLong", 8) : undefined) ??
    (isCoarse ? undefined : fail(target, job, "granularity", 8));
  if (refusal !== undefined) return refusal;
  if (list[at] === 0x02) {
    const isExact = bytes % sourceSize === 0 && bytes % destinationSize === 0;
    return isExact ? undefined : fail(target, job, "inexact", 10);
  }
  if (offset.sourceOffset(list, at) >= sourceSize) return fail(target, job, "byteOffset", 28);
  if (offset.destinationOffset(list, at) >= destinationSize) {
    return fail(target, job, "byteOffset", 30);
  }
  return undefined;
}

/** How a part of a segment ended; `more`: there is more to move; `spent`: the budget is less than a block. */
type PartEnd = Refusal | undefined | "more" | "spent";

/** Moves what of the segment is left, or as much as the budget allows. */
function runMovement(target: Target, job: SegmentJob, at: number, budget: number): PartEnd {
  const { movement } = target;
  const refusal = readMovement(target, job, at, movement);
  if (refusal !== undefined) return refusal;
  if (movement.bytes === 0) {
    const { source, destination } = movement;
    const failed = source.kind === "failed" ? source : destination;
    return failed.kind === "failed" ? fail(target, job, failed.failure) : undefined;
  }
  // Checked anew before each part: a reservation may have come, or a medium gone.
  const wrong = checkMovement(target, job, movement);
  if (wrong !== undefined) return wrong;
  const left = movement.bytes - job.done;
  const isIndivisible = job.isBackground && overlapsItself(movement);
  const part = isIndivisible ? left : wholePart(movement, job.done, Math.min(left, budget));
  if (part === 0) return "spent";
  const trouble = movePart(target, job, movement, job.done, part);
  if (trouble !== undefined) return trouble;
  return job.done < movement.bytes ? "more" : undefined;
}

/** 07h (SPC-4 6.4.6.9). */
function verifyCscd(target: Target, job: SegmentJob, at: number): Refusal | undefined {
  const source = resolveEndpoint(target, job, whole.source(job.list, at));
  if (source.kind === "failed") return fail(target, job, source.failure, 4);
  if (source.kind !== "unit") return fail(target, job, "invalidOperation", 4);
  if (tur(job.list, at) === 0) return undefined;
  return checkUnit(target, job, source.unit, "source");
}

/** 14h: as PERSISTENT RESERVE OUT with REGISTER does, for the initiator whose copy this is (SPC-4 6.4.6.17). */
function registerKey(target: Target, job: SegmentJob, at: number): Refusal | undefined {
  const { list } = job;
  const destination = resolveEndpoint(target, job, whole.destination(list, at));
  if (destination.kind === "failed") return fail(target, job, destination.failure, 6);
  if (destination.kind !== "unit") return fail(target, job, "invalidOperation", 6);
  const { reservations } = destination.unit;
  const { name } = job.path.nexus;
  const isForeign = (reservations.keys.get(name) ?? 0n) !== wide64(list, at + KEY_AT);
  const isLocked = conflicts(reservations, name, "free-of-persistent");
  if (isForeign || isLocked) {
    return fail(target, job, "reserved", 8, forwardedConflict("destination"));
  }
  const key = wide64(list, at + NEW_KEY_AT);
  if (key === 0n) reservations.keys.delete(name);
  else reservations.keys.set(name, key);
  reservations.generation += 1;
  return undefined;
}

function runSegment(target: Target, job: SegmentJob, budget: number): PartEnd {
  const at = job.segmentAt[job.segment];
  switch (job.list[at]) {
    case 0x02:
    case 0x0a:
      return runMovement(target, job, at, budget);
    case 0x07:
      return verifyCscd(target, job, at);
    case 0x14:
      return registerKey(target, job, at);
    default:
      return fillRod(target, job, at);
  }
}

function guarded(target: Target, job: SegmentJob, budget: number): PartEnd {
  try {
    return runSegment(target, job, budget);
  } catch (error) {
    const { sense, status } = storeFailure(target, error, job.path.unit.lun);
    const end = sense?.asc === senseCodes.unrecoveredRead.asc ? "source" : "destination";
    return fail(target, job, "deviceFailed", undefined, { end, status, sense });
  }
}

/** Makes the tokens that were asked for, and returns those that were used. */
function settleRods(target: Target, job: SegmentJob, isGood: boolean): Refusal | undefined {
  let refusal: Refusal | undefined;
  const count = Math.floor(job.cscdBytes / CSCD_BYTES);
  for (let id = 0; id < count; id += 1) {
    const endpoint = job.endpoints[id];
    if (endpoint?.kind !== "rod") continue;
    job.endpoints[id] = undefined;
    const { rod } = endpoint;
    if (endpoint.token !== undefined) {
      returnToken(target, endpoint.token, isGood && endpoint.deletesToken);
    } else if (rod !== undefined) {
      const isWanted = isGood && endpoint.makesToken;
      const token = isWanted ? makeToken(target, rod, endpoint) : undefined;
      if (token !== undefined) job.operation?.tokens.push({ creatingCscd: id, bytes: token.bytes });
      else dropRod(target, rod);
      if (isWanted && token === undefined) refusal = fail(target, job, "tokenResources");
    }
  }
  return refusal;
}

/** Gives back what a job holds that will not be run to its end. */
export function abandonSegments(target: Target, job: SegmentJob): void {
  settleRods(target, job, false);
}

/** How a run of a job ended; `more`: the budget ended before. */
export type JobEnd = Refusal | undefined | "more";

/** Processes segments until they end, one fails, or the budget of bytes is spent. */
export function runSegments(target: Target, job: SegmentJob, budget: number): JobEnd {
  const until = job.movedBytes + budget;
  while (job.segment < job.segmentCount) {
    const before = job.movedBytes;
    let end = guarded(target, job, until - before);
    if (end === "spent") return "more";
    if (end === "more" && job.movedBytes === before && before < until) end = stuck;
    if (end === "more") {
      if (job.movedBytes >= until) return end;
    } else if (end === undefined || hides(target, job, end)) {
      job.segment += 1;
      job.done = 0;
    } else {
      settleRods(target, job, false);
      return end;
    }
  }
  return settleRods(target, job, true);
}

/** A planted defect: what failed half-way passes for done. */
const hides = (target: Target, job: SegmentJob, refusal: Refusal): boolean =>
  target.defects.hidesPartialCopies &&
  job.movedBytes > 0 &&
  refusal.sense?.key === senseKey.copyAborted;
