import { RANGE_WORDS } from "@blockferry/core/plan";
import { blockSegment, byteOffsetSegment } from "./codec/copy/block-segments.ts";
import { swapped, wordsOf } from "./wire-words.ts";

/** One way to write a segment descriptor, in words of queue memory. */
export interface SegmentForm {
  readonly type: 0x02 | 0x0a;
  readonly bytes: number;
  readonly words: number;
}

const BLOCKS_MAX_02 = 0xffff;
const BYTES_MAX_0A = 0xffff_ffff;

/** 02h has a number of blocks in 16 bits, 0Ah a number of bytes in 32. */
export function segmentBlocksMax(type: 0x02 | 0x0a, bytesPerBlock: number): number {
  return type === 0x02 ? BLOCKS_MAX_02 : Math.floor(BYTES_MAX_0A / bytesPerBlock);
}

/** Words of a descriptor before the CSCD descriptor IDs: type code and descriptor length. */
const HEAD_02 = wordsOf(blockSegment.encode({}))[0];
const HEAD_0A = wordsOf(byteOffsetSegment.encode({}))[0];

/** The form of segments of this type. */
export function segmentForm(type: 0x02 | 0x0a): SegmentForm {
  const bytes = type === 0x02 ? blockSegment.size : byteOffsetSegment.size;
  return { type, bytes, words: bytes / 4 };
}

/**
 * Writes the segments of a planned command: `ranges` ranges of `plan`, whose device words hold CSCD descriptor IDs, to
 * adjacent places from an address on.
 */
export function writeSegments(
  form: SegmentForm,
  plan: Int32Array,
  ranges: number,
  destinationId: number,
  destinationLow: number,
  destinationHigh: number,
  bytesPerBlock: number,
  lists: Int32Array,
  listAt: number,
): void {
  const isBytes = form.type === 0x0a;
  const head = isBytes ? HEAD_0A : HEAD_02;
  const unit = isBytes ? bytesPerBlock : 1;
  let low = destinationLow;
  let high = destinationHigh;
  let at = listAt;
  for (let from = 0; from < ranges * RANGE_WORDS; from += RANGE_WORDS) {
    const blocks = plan[from + 3];
    lists[at] = head;
    lists[at + 1] = swapped((plan[from] << 16) | destinationId);
    lists[at + 2] = swapped(Math.imul(blocks, unit));
    lists[at + 3] = swapped(plan[from + 2]);
    lists[at + 4] = swapped(plan[from + 1]);
    lists[at + 5] = swapped(high);
    lists[at + 6] = swapped(low);
    if (isBytes) lists[at + 7] = 0;
    at += form.words;
    const moved = (low + blocks) | 0;
    if (moved >>> 0 < low >>> 0) high = (high + 1) | 0;
    low = moved;
  }
}
