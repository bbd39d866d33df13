import { joinWords } from "@blockferry/core";
import { RANGE_BLOCKS, RANGE_HIGH, RANGE_LOW, RANGE_WORDS } from "@blockferry/core/plan";

/** Ranges in the order of their addresses, for as many as a plan can have. */
export interface SortedRanges {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

export const sortedRanges = (ranges: number): SortedRanges => ({
  starts: new Float64Array(ranges),
  ends: new Float64Array(ranges),
});

/** Index of the first of `count` numbers that is above `value`. */
function firstAbove(numbers: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How many of the first ranges of a plan have no block in common: the ranges of one token must not overlap (SBC-3,
 * POPULATE TOKEN).
 */
export function disjointRanges(plan: Int32Array, ranges: number, sorted: SortedRanges): number {
  const { starts, ends } = sorted;
  for (let i = 0; i < ranges; i++) {
    const at = i * RANGE_WORDS;
    const start = joinWords(plan[at + RANGE_LOW], plan[at + RANGE_HIGH]);
    const end = start + plan[at + RANGE_BLOCKS];
    // Most plans ascend: then the range comes behind all others, and nothing moves.
    const place = i === 0 || start > starts[i - 1] ? i : firstAbove(starts, i, start);
    if (place > 0 && ends[place - 1] > start) return i;
    if (place < i) {
      if (starts[place] < end) return i;
      starts.copyWithin(place + 1, place, i);
      ends.copyWithin(place + 1, place, i);
    }
    starts[place] = start;
    ends[place] = end;
  }
  return ranges;
}
