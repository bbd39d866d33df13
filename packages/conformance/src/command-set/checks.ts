import type { CopySegment } from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import { check, checkSame } from "../check.ts";
import type { PlannedCopy, Source } from "./queue-under-test.ts";

/** Segments of a request, in its order; those that follow each other at both ends are one. */
function joined(segments: readonly CopySegment[]): CopySegment[] {
  const whole: CopySegment[] = [];
  for (const one of segments) {
    const last = whole.at(-1);
    const follows =
      last !== undefined &&
      last.source.device === one.source.device &&
      last.source.lba + last.blocks === one.source.lba &&
      last.destination.device === one.destination.device &&
      last.destination.lba + last.blocks === one.destination.lba;
    if (follows) whole[whole.length - 1] = { ...last, blocks: last.blocks + one.blocks };
    else whole.push(one);
  }
  return whole;
}

/** What was asked for, from a place on. */
export function segmentsAsked(
  sources: readonly Source[],
  destination: number,
  firstRange = 0,
  firstOffset = 0,
): CopySegment[] {
  const asked: CopySegment[] = [];
  let to = destination;
  sources.slice(firstRange).forEach(({ device, lba, blocks }, at) => {
    const skipped = at === 0 ? firstOffset : 0;
    const left = blocks - skipped;
    asked.push({
      source: { device, lba: lba + skipped },
      destination: { device: 0, lba: to },
      blocks: left,
    });
    to += left;
  });
  return asked;
}

const sumOf = (segments: readonly CopySegment[]): number =>
  segments.reduce((sum, { blocks }) => sum + blocks, 0);

/** Each block once, in order, and no command above a bound. */
export function checkPlan(
  planned: readonly PlannedCopy[],
  asked: readonly CopySegment[],
  bounds: CommandBounds,
): void {
  for (const [at, { ranges, blocks, segments }] of planned.entries()) {
    const what = `command ${at + 1} of ${planned.length}`;
    check(ranges <= bounds.rangesMax, `${what}: ${ranges} ranges of ${bounds.rangesMax}`);
    check(blocks <= bounds.blocksMax, `${what}: ${blocks} blocks of ${bounds.blocksMax}`);
    check(segments.length <= ranges, `${what}: ${segments.length} segments, ${ranges} ranges said`);
    checkSame(sumOf(segments), blocks, `${what}: blocks of its segments`);
    for (const { blocks: each } of segments) {
      const isWithin = each >= 1 && each <= bounds.rangeBlocksMax;
      check(isWithin, `${what}: a range of ${each} blocks of ${bounds.rangeBlocksMax}`);
    }
  }
  const all = planned.flatMap(({ segments }) => segments);
  checkSame(joined(all), joined(asked), "what the commands copy");
}
