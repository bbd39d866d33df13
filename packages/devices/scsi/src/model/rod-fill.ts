import { rangeDescriptor } from "../codec/copy/range-descriptor.ts";
import { rodRangeSegment, rodRangesSegmentHeader } from "../codec/copy/rod-segments.ts";
import { fieldReader } from "./cdb-field.ts";
import type { SegmentJob } from "./copy-job.ts";
import { forwardedCheck } from "./copy-refusal.ts";
import { resolveEndpoint } from "./cscd-resolution.ts";
import type { RodEndpoint } from "./endpoint.ts";
import { addRange, newRod } from "./rod.ts";
import { checkUnit, fail } from "./segment-move.ts";
import { type Refusal, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import { rodKindOf } from "./tokens.ts";
import { isOutOfRange, type Unit } from "./unit.ts";

const ids = {
  source: fieldReader(rodRangeSegment, "sourceCscd"),
  destination: fieldReader(rodRangeSegment, "destinationCscd"),
};

const one = {
  lba: fieldReader(rodRangeSegment, "lba"),
  blocks: fieldReader(rodRangeSegment, "blocks"),
};

const many = {
  length: fieldReader(rodRangesSegmentHeader, "rangeDescriptorsLength"),
  lba: fieldReader(rangeDescriptor, "lba"),
  blocks: fieldReader(rangeDescriptor, "blocks"),
};

const FOUR_GIBI_BLOCK_RANGES = 1;
const rangeDescriptorType = fieldReader(rodRangesSegmentHeader, "rangeDescriptorType");

/** Calls `found` for each range of a BEh or BFh segment, until it returns something. */
function forRanges(
  job: SegmentJob,
  at: number,
  found: (lba: number, blocks: number) => Refusal | undefined,
): Refusal | undefined {
  const { list } = job;
  if (list[at] === 0xbf) return found(one.lba(list, at), one.blocks(list, at));
  const from = at + rodRangesSegmentHeader.size;
  const end = from + many.length(list, at);
  for (let range = from; range < end; range += rangeDescriptor.size) {
    const refusal = found(many.lba(list, range), many.blocks(list, range));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkRanges(
  target: Target,
  job: SegmentJob,
  at: number,
  unit: Unit,
  destination: RodEndpoint,
): Refusal | undefined {
  const { transferBlocksMax } = target.tokenLimits;
  let total = destination.rod?.blocks ?? 0;
  const wrong = forRanges(job, at, (lba, blocks) => {
    total += blocks;
    if (!isOutOfRange(unit, lba, blocks)) return undefined;
    const outside = Math.max(lba, unit.blocks);
    const forwarded = forwardedCheck("source", senseCodes.outOfRange, outside);
    return fail(target, job, "outOfRange", 8, forwarded);
  });
  if (wrong !== undefined) return wrong;
  const isTooLong = transferBlocksMax > 0 && total > transferBlocksMax;
  return isTooLong ? fail(target, job, "rodResources") : undefined;
}

/** BEh, BFh: adds block ranges to the end of a ROD (SPC-4 6.4.6.20, 6.4.6.21). */
export function fillRod(target: Target, job: SegmentJob, at: number): Refusal | undefined {
  const { list } = job;
  const source = resolveEndpoint(target, job, ids.source(list, at));
  const destination = resolveEndpoint(target, job, ids.destination(list, at));
  if (source.kind === "failed") return fail(target, job, source.failure, 4);
  if (destination.kind === "failed") return fail(target, job, destination.failure, 6);
  if (source.kind !== "unit") return fail(target, job, "invalidOperation", 4);
  if (destination.kind !== "rod" || destination.isFromToken) {
    return fail(target, job, "invalidOperation", 6);
  }
  if (list[at] === 0xbe && rangeDescriptorType(list, at) !== FOUR_GIBI_BLOCK_RANGES) {
    return fail(target, job, "byteOffset", 13);
  }
  const { unit } = source;
  // A ROD token has one creator: all ranges come from one unit.
  if (destination.rod !== undefined && destination.rod.unit !== unit) {
    return fail(target, job, "invalidOperation", 4);
  }
  const wrong =
    checkUnit(target, job, unit, "source") ?? checkRanges(target, job, at, unit, destination);
  if (wrong !== undefined) return wrong;
  destination.rod ??= newRod(rodKindOf(destination.rodType), unit);
  const { rod } = destination;
  return forRanges(job, at, (lba, blocks) => {
    addRange(rod, lba, blocks);
    return undefined;
  });
}
