import type { CopyFailure } from "./copy-failures.ts";
import type { TokenJob } from "./copy-job.ts";
import { forwardedCheck, forwardedConflict, segmentRefusal, stuck } from "./copy-refusal.ts";
import { conflicts } from "./reservations.ts";
import { readableRodBytes } from "./rod-fault.ts";
import { moveFromRod, rodFailure } from "./rod-move.ts";
import type { JobEnd } from "./segment-run.ts";
import { type Refusal, senseCodes } from "./sense.ts";
import { storeFailure } from "./store-failure.ts";
import type { Target } from "./target.ts";
import { returnToken } from "./tokens.ts";

const fail = (
  target: Target,
  failure: CopyFailure,
  forwarded?: ReturnType<typeof forwardedCheck>,
): Refusal | undefined =>
  segmentRefusal(
    target,
    failure,
    forwarded === undefined ? { segment: 0 } : { segment: 0, forwarded },
  );

/** A reservation may have come since the command began. */
function checkReservations(target: Target, job: TokenJob): Refusal | undefined {
  if (target.defects.ignoresReservations) return undefined;
  const { unit, nexus } = job.path;
  if (conflicts(unit.reservations, nexus.name, "write")) {
    return fail(target, "reserved", forwardedConflict("destination"));
  }
  const reads = job.rod.kind === "reference";
  const isKept = reads && conflicts(job.rod.unit.reservations, nexus.name, "read");
  return isKept ? fail(target, "reserved", forwardedConflict("source")) : undefined;
}

/** How many bytes a write gets before an injected fault, and what it then meets. */
function reachOf(
  target: Target,
  job: TokenJob,
  lba: number,
  at: number,
  bytes: number,
): { bytes: number; refusal: Refusal | undefined } {
  const { unit } = job.path;
  const blocks = Math.ceil(bytes / unit.bytesPerBlock);
  const good = target.faults.reach("write-fault", unit.lun, lba, blocks);
  const readable = readableRodBytes(target, job.rod, at, bytes);
  const writable = Math.min(bytes, good * unit.bytesPerBlock);
  if (readable.bytes < writable) {
    const whole = readable.bytes - (readable.bytes % unit.bytesPerBlock);
    const { lba: information } = readable;
    return {
      bytes: whole,
      refusal: fail(
        target,
        "deviceFailed",
        forwardedCheck("source", senseCodes.unrecoveredRead, information),
      ),
    };
  }
  if (writable === bytes) return { bytes, refusal: undefined };
  const forwarded = forwardedCheck("destination", senseCodes.writeFault, lba + good);
  return { bytes: writable, refusal: fail(target, "deviceFailed", forwarded) };
}

/** Writes to the range that is next, as far as budget, range and ROD go. */
function writePart(target: Target, job: TokenJob, budget: number): Refusal | undefined {
  const { rod } = job;
  const { bytesPerBlock } = job.path.unit;
  const rangeBytes = job.blocks[job.range] * bytesPerBlock;
  const left = Math.min(rangeBytes - job.done, job.totalBytes - job.movedBytes, budget);
  const lba = job.lba[job.range] + job.done / bytesPerBlock;
  const at = job.offsetBytes + job.movedBytes;
  let bytes = left;
  let refusal: Refusal | undefined;
  if (target.faults.hasMediumFaults) {
    ({ bytes, refusal } = reachOf(target, job, lba, at, left));
  }
  const moved = moveFromRod(target, rod, at, job.path.unit, lba * bytesPerBlock, bytes);
  job.movedBytes += moved;
  job.done += moved;
  job.steps += 1;
  if (job.done >= rangeBytes) {
    job.range += 1;
    job.done = 0;
  }
  if (moved < bytes) return fail(target, rodFailure(rod) ?? "underrun");
  return refusal;
}

function guarded(target: Target, job: TokenJob, budget: number): Refusal | undefined {
  try {
    return writePart(target, job, budget);
  } catch (error) {
    const { sense, status } = storeFailure(target, error, job.path.unit.lun);
    const end = sense?.asc === senseCodes.unrecoveredRead.asc ? "source" : "destination";
    return fail(target, "deviceFailed", { end, status, sense });
  }
}

/** Gives back what a job holds that will not be run to its end. */
export function abandonToken(target: Target, job: TokenJob): void {
  if (job.token !== undefined) returnToken(target, job.token, false);
}

/** Writes from the ROD until all is written, something fails, or the budget of bytes is spent. */
export function runToken(target: Target, job: TokenJob, budget: number): JobEnd {
  const { bytesPerBlock } = job.path.unit;
  const until = job.movedBytes + budget;
  while (job.movedBytes < job.totalBytes) {
    const left = until - job.movedBytes;
    const part = Number.isFinite(left) ? left - (left % bytesPerBlock) : left;
    if (part <= 0) return "more";
    if (job.blocks[job.range] === 0) {
      job.range += 1;
      continue;
    }
    const before = job.movedBytes;
    const failed = checkReservations(target, job) ?? guarded(target, job, part);
    const refusal = failed ?? (job.movedBytes === before ? stuck : undefined);
    if (refusal !== undefined) {
      abandonToken(target, job);
      return refusal;
    }
  }
  if (job.token !== undefined) returnToken(target, job.token, job.deletesToken);
  return undefined;
}
