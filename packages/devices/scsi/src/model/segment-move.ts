import type { CopyFailure } from "./copy-failures.ts";
import type { SegmentJob } from "./copy-job.ts";
import { forwardedCheck, forwardedConflict, segmentRefusal } from "./copy-refusal.ts";
import type { Endpoint, NullEndpoint, RodEndpoint, UnitEndpoint } from "./endpoint.ts";
import { moveBytes } from "./move-bytes.ts";
import { conflicts } from "./reservations.ts";
import { moveFromRod, rodFailure } from "./rod-move.ts";
import { type Forwarded, type Refusal, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import { isOutOfRange, type Unit } from "./unit.ts";

/** One segment that moves data, its numbers in bytes. */
export interface Movement {
  source: Endpoint;
  destination: Endpoint;
  /** Offsets into source and destination. */
  from: number;
  to: number;
  bytes: number;
  /** FCO: refuse what would not be fast (SPC-5). */
  fastOnly: boolean;
}

/** Places of fields in segment descriptors that move data, for sense data. */
const place = { sourceId: 4, destinationId: 6, sourceLba: 12, destinationLba: 20 } as const;

/** A segment ends with this; or goes on where the profile does not mind. */
export function fail(
  target: Target,
  job: SegmentJob,
  failure: CopyFailure,
  byte?: number,
  forwarded?: Forwarded,
): Refusal | undefined {
  return segmentRefusal(target, failure, {
    segment: job.segment,
    ...(byte === undefined ? {} : { byte }),
    ...(forwarded === undefined ? {} : { forwarded }),
  });
}

type End = Forwarded["end"];

/** Whether a unit can take part in a copy at all: it is ready, and no reservation stands in the way. */
export function checkUnit(
  target: Target,
  job: SegmentJob,
  unit: Unit,
  end: End,
): Refusal | undefined {
  const byte = end === "source" ? place.sourceId : place.destinationId;
  if (unit.removable && !unit.isLoaded) {
    return fail(target, job, "deviceFailed", byte, forwardedCheck(end, senseCodes.noMedium));
  }
  if (!unit.isStarted) {
    return fail(target, job, "deviceFailed", byte, forwardedCheck(end, senseCodes.stopped));
  }
  const access = end === "source" ? "read" : "write";
  const { defects } = target;
  const { nexus } = job.path;
  if (!defects.ignoresReservations && conflicts(unit.reservations, nexus.name, access)) {
    return fail(target, job, "reserved", byte, forwardedConflict(end));
  }
  if (end === "destination" && unit.readonly && !defects.ignoresWriteProtection) {
    const forwarded = forwardedCheck(end, senseCodes.writeProtected);
    return fail(target, job, "writeProtected", byte, forwarded);
  }
  return undefined;
}

function checkUnitRange(
  target: Target,
  job: SegmentJob,
  unit: Unit,
  end: End,
  offset: number,
  bytes: number,
): Refusal | undefined {
  const first = Math.floor(offset / unit.bytesPerBlock);
  const blocks = Math.ceil((offset + bytes) / unit.bytesPerBlock) - first;
  if (isOutOfRange(unit, first, blocks)) {
    const lba = Math.max(first, unit.blocks);
    const byte = end === "source" ? place.sourceLba : place.destinationLba;
    return fail(target, job, "outOfRange", byte, forwardedCheck(end, senseCodes.outOfRange, lba));
  }
  return checkUnit(target, job, unit, end);
}

function checkSource(target: Target, job: SegmentJob, movement: Movement): Refusal | undefined {
  const { source, from, bytes } = movement;
  switch (source.kind) {
    case "unit":
      return checkUnitRange(target, job, source.unit, "source", from, bytes);
    case "null":
      return fail(target, job, "invalidOperation", place.sourceId);
    case "failed":
      return fail(target, job, source.failure, place.sourceId);
    default: {
      const { rod } = source;
      if (rod === undefined) return fail(target, job, "invalidOperation", place.sourceId);
      const failure = rodFailure(rod);
      if (failure !== undefined) return fail(target, job, failure);
      const isShort = rod.kind !== "zero" && from + bytes > rod.blocks * rod.unit.bytesPerBlock;
      return isShort ? fail(target, job, "underrun", place.sourceLba) : undefined;
    }
  }
}

function checkDestination(
  target: Target,
  job: SegmentJob,
  movement: Movement,
): Refusal | undefined {
  const { destination, to, bytes } = movement;
  switch (destination.kind) {
    case "unit":
      return checkUnitRange(target, job, destination.unit, "destination", to, bytes);
    case "null":
      return undefined;
    case "failed":
      return fail(target, job, destination.failure, place.destinationId);
    default:
      // A ROD is filled by segments of its own, and is not written to.
      return fail(target, job, "invalidOperation", place.destinationId);
  }
}

/** What depends on both ends together. */
function checkPair(target: Target, job: SegmentJob, movement: Movement): Refusal | undefined {
  const { source, destination } = movement;
  if (source.kind !== "unit" || destination.kind !== "unit") return undefined;
  if (source.unit !== destination.unit && !target.profile.crossesUnits) {
    return fail(target, job, "notAuthorized", place.destinationId);
  }
  if (movement.fastOnly && source.unit.store !== destination.unit.store) {
    return fail(target, job, "notFast", 1);
  }
  return undefined;
}

/** Checks a segment before its first byte moves. */
export function checkMovement(
  target: Target,
  job: SegmentJob,
  movement: Movement,
): Refusal | undefined {
  return (
    checkSource(target, job, movement) ??
    checkDestination(target, job, movement) ??
    checkPair(target, job, movement)
  );
}

/** How far a movement gets with the faults that are injected: that many bytes, then the refusal. */
interface Reach {
  bytes: number;
  refusal: Refusal | undefined;
}

function limit(
  target: Target,
  job: SegmentJob,
  reach: Reach,
  unit: Unit,
  end: End,
  offset: number,
): void {
  const { bytesPerBlock } = unit;
  const first = Math.floor(offset / bytesPerBlock);
  const blocks = Math.ceil((offset + reach.bytes) / bytesPerBlock) - first;
  const kinds =
    end === "source"
      ? (["unrecovered-read", "underrun"] as const)
      : (["write-fault", "overrun"] as const);
  for (const kind of kinds) {
    const good = target.faults.reach(kind, unit.lun, first, blocks);
    const bytes = Math.max(0, (first + good) * bytesPerBlock - offset);
    if (good === blocks || bytes >= reach.bytes) continue;
    reach.bytes = bytes;
    reach.refusal =
      kind === "underrun" || kind === "overrun"
        ? fail(target, job, kind)
        : fail(
            target,
            job,
            "deviceFailed",
            undefined,
            forwardedCheck(
              end,
              end === "source" ? senseCodes.unrecoveredRead : senseCodes.writeFault,
              first + good,
            ),
          );
  }
}

const isUnit = (endpoint: Endpoint): endpoint is UnitEndpoint => endpoint.kind === "unit";

function reachOf(
  target: Target,
  job: SegmentJob,
  movement: Movement,
  done: number,
  bytes: number,
): Reach {
  const reach: Reach = { bytes, refusal: undefined };
  const { source, destination, from, to } = movement;
  if (isUnit(source)) limit(target, job, reach, source.unit, "source", from + done);
  if (isUnit(destination)) limit(target, job, reach, destination.unit, "destination", to + done);
  return reach;
}

function moveNow(
  target: Target,
  source: UnitEndpoint | RodEndpoint,
  destination: UnitEndpoint | NullEndpoint,
  from: number,
  to: number,
  bytes: number,
): number {
  if (destination.kind === "null") return bytes;
  if (source.kind === "unit") {
    moveBytes(target, source.unit, from, destination.unit, to, bytes);
    return bytes;
  }
  return source.rod === undefined
    ? 0
    : moveFromRod(target, source.rod, from, destination.unit, to, bytes);
}

/**
 * How many of the next `bytes` bytes may be moved alone: a block is written as a whole or not at all (SBC-3 4.7), so a part
 * that is not the last ends with a block of the destination. 0: none of them.
 */
export function wholePart(movement: Movement, done: number, bytes: number): number {
  const { destination, to } = movement;
  if (destination.kind !== "unit" || done + bytes >= movement.bytes) return bytes;
  const end = to + done + bytes;
  return Math.max(0, bytes - (end % destination.unit.bytesPerBlock));
}

/** Moves some bytes of a segment that was checked, `done` bytes into it. */
export function movePart(
  target: Target,
  job: SegmentJob,
  movement: Movement,
  done: number,
  bytes: number,
): Refusal | undefined {
  const source = movement.source as UnitEndpoint | RodEndpoint;
  const destination = movement.destination as UnitEndpoint | NullEndpoint;
  let count = bytes;
  let refusal: Refusal | undefined;
  if (target.faults.hasMediumFaults) {
    const reach = reachOf(target, job, movement, done, bytes);
    ({ refusal } = reach);
    count = refusal === undefined ? reach.bytes : wholePart(movement, done, reach.bytes);
  }
  const from = movement.from + done;
  const to = movement.to + done;
  const moved = moveNow(target, source, destination, from, to, count);
  job.movedBytes += moved;
  job.done += moved;
  job.steps += 1;
  if (moved < count && source.kind === "rod" && source.rod !== undefined) {
    return fail(target, job, rodFailure(source.rod) ?? "underrun");
  }
  return refusal;
}

/** True where parts of the segment must not be moved one after the other, as they would overwrite its own source. */
export function overlapsItself({ source, destination, from, to, bytes }: Movement): boolean {
  if (source.kind !== "unit" || destination.kind !== "unit") return false;
  return source.unit.store === destination.unit.store && from < to + bytes && to < from + bytes;
}
