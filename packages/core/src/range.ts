import { FerryError } from "./errors.ts";

/** `blocks` logical blocks from address `lba` on. Both are safe integers; one-based count. */
export interface BlockRange {
  readonly lba: number;
  readonly blocks: number;
}

/**
 * Source ranges in columns, for copies of very many ranges: `low`/`high` are the halves of the 64-bit address as
 * signed words, `blocks` is 1..2^30 each. Range `i` is `(low[i], high[i], blocks[i])`, `i < count`.
 */
export interface RangeList {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly blocks: Int32Array;
  readonly count: number;
}

/** N source ranges, concatenated in their order, to one destination: the shape that every command family shares. */
export interface CopyRequest {
  readonly sources: readonly BlockRange[] | RangeList;
  /** First block of the destination. */
  readonly destination: number;
}

/** One end of a segment. `device` is whatever the caller tells devices apart by; planning compares it with `===`. */
export interface SegmentEnd {
  readonly device: number;
  readonly lba: number;
}

/** `blocks` blocks from one place to one other place. */
export interface CopySegment {
  readonly source: SegmentEnd;
  readonly destination: SegmentEnd;
  readonly blocks: number;
}

/** The longest range a `RangeList` row may hold; longer ranges take several rows. */
export const RANGE_LIST_BLOCKS_MAX: number = 2 ** 30;

export function isRangeList(sources: CopyRequest["sources"]): sources is RangeList {
  return !Array.isArray(sources);
}

/** Throws the error that says what is wrong with an address or a count that came from outside. */
export function checkRange(range: BlockRange, what: string): void {
  if (!Number.isSafeInteger(range.lba) || range.lba < 0) {
    throw new FerryError(
      "FERRY_RANGE_ADDRESS",
      `${what}: address ${range.lba} is not a whole number of 0..2^53-1`,
      {
        details: { ...range },
      },
    );
  }
  if (!Number.isSafeInteger(range.blocks) || range.blocks < 1) {
    throw new FerryError(
      "FERRY_RANGE_EMPTY",
      `${what}: ${range.blocks} blocks; a range has at least one block`,
      {
        details: { ...range },
      },
    );
  }
  if (!Number.isSafeInteger(range.lba + range.blocks)) {
    throw new FerryError("FERRY_RANGE_ADDRESS", `${what}: the range ends above 2^53-1`, {
      details: { ...range },
    });
  }
}

const WORD = 2 ** 32;

/** The number in a pair of words. */
export function joinWords(low: number, high: number): number {
  return (high >>> 0) * WORD + (low >>> 0);
}

/** The upper word of a safe integer, as a signed word; the lower one is `value | 0` below 2^53 (see `lowWord`). */
export function highWord(value: number): number {
  return (value / WORD) | 0;
}

/** The lower word of a safe integer, as a signed word. */
export function lowWord(value: number): number {
  return value | 0;
}

/** Puts ranges into columns. Ranges longer than 2^30 blocks take several rows. Bad ranges throw, named by their index. */
export function rangeList(ranges: readonly BlockRange[]): RangeList {
  let rows = 0;
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i];
    checkRange(range, `source range ${i}`);
    rows += Math.ceil(range.blocks / RANGE_LIST_BLOCKS_MAX);
  }
  const list = {
    low: new Int32Array(rows),
    high: new Int32Array(rows),
    blocks: new Int32Array(rows),
    count: rows,
  };
  let row = 0;
  for (const range of ranges) {
    for (let done = 0; done < range.blocks; done += RANGE_LIST_BLOCKS_MAX) {
      list.low[row] = lowWord(range.lba + done);
      list.high[row] = highWord(range.lba + done);
      list.blocks[row] = Math.min(RANGE_LIST_BLOCKS_MAX, range.blocks - done);
      row++;
    }
  }
  return list;
}

/** The ranges of a list as objects. */
export function* rangesOf(list: RangeList): Generator<BlockRange> {
  for (let i = 0; i < list.count; i++) {
    yield { lba: joinWords(list.low[i], list.high[i]), blocks: list.blocks[i] };
  }
}
