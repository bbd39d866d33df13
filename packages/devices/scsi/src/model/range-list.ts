import { rangeDescriptor } from "../codec/copy/range-descriptor.ts";
import { fieldReader } from "./cdb-field.ts";
import { listRefusal } from "./copy-refusal.ts";
import { type Refusal, refuseAddress } from "./sense.ts";
import type { Target } from "./target.ts";
import { isOutOfRange, type Unit } from "./unit.ts";

const lbaOf = fieldReader(rangeDescriptor, "lba");
const blocksOf = fieldReader(rangeDescriptor, "blocks");

/** Block ranges of POPULATE TOKEN and WRITE USING TOKEN. */
export interface RangeList {
  readonly lba: Float64Array;
  readonly blocks: Float64Array;
  readonly totalBlocks: number;
}

/** Takes the range descriptors; an incomplete last one is ignored. */
export function readRanges(list: Uint8Array, at: number, bytes: number): RangeList {
  const count = Math.floor(bytes / rangeDescriptor.size);
  const lba = new Float64Array(count);
  const blocks = new Float64Array(count);
  let totalBlocks = 0;
  for (let index = 0; index < count; index += 1) {
    lba[index] = lbaOf(list, at + index * rangeDescriptor.size);
    blocks[index] = blocksOf(list, at + index * rangeDescriptor.size);
    totalBlocks += blocks[index];
  }
  return { lba, blocks, totalBlocks };
}

function overlap({ lba, blocks }: RangeList): boolean {
  const order = [...lba.keys()].filter((index) => blocks[index] > 0);
  order.sort((one, other) => lba[one] - lba[other]);
  return order.some((index, place) => {
    const before = order[place - 1];
    return place > 0 && lba[before] + blocks[before] > lba[index];
  });
}

/**
 * The checks of SBC-3 5.7.3: addresses within the unit, no block twice, not too many blocks. `at`: where the descriptors
 * begin in the list.
 */
export function checkRanges(
  target: Target,
  unit: Unit,
  ranges: RangeList,
  at: number,
): Refusal | undefined {
  for (let index = 0; index < ranges.lba.length; index += 1) {
    const lba = ranges.lba[index];
    if (isOutOfRange(unit, lba, ranges.blocks[index])) {
      return refuseAddress(Math.max(lba, unit.blocks));
    }
  }
  const { transferBlocksMax } = target.tokenLimits;
  if (transferBlocksMax > 0 && ranges.totalBlocks > transferBlocksMax) {
    return listRefusal(target, "rangesTooLong", at);
  }
  return overlap(ranges) ? listRefusal(target, "rangesOverlap", at) : undefined;
}

/** Lengths that POPULATE TOKEN and WRITE USING TOKEN share: where they lie in the list, and how long it is at least. */
export interface ListShape {
  readonly headerBytes: number;
  readonly dataLength: (list: Uint8Array) => number;
  readonly rangesLength: (list: Uint8Array) => number;
  readonly rangesLengthAt: number;
}

/** Checks the lengths of a list (SBC-3 5.7.2, 5.46.2). */
export function checkListShape(
  target: Target,
  list: Uint8Array,
  shape: ListShape,
): Refusal | undefined {
  const { headerBytes, dataLength, rangesLength, rangesLengthAt } = shape;
  if (list.length < headerBytes) return listRefusal(target, "tokenListLength", 10);
  const announced = dataLength(list) + 2;
  const ranges = rangesLength(list);
  if (announced < headerBytes + rangeDescriptor.size) {
    return listRefusal(target, "tokenDataLength", 0);
  }
  if (announced > list.length) return listRefusal(target, "tokenListLength", 10);
  if (ranges < rangeDescriptor.size || headerBytes + ranges > announced) {
    return listRefusal(target, "tokenRangesLength", rangesLengthAt);
  }
  const isMany = Math.floor(ranges / rangeDescriptor.size) > target.tokenLimits.rangesMax;
  return isMany ? listRefusal(target, "tooManyRanges", rangesLengthAt) : undefined;
}
