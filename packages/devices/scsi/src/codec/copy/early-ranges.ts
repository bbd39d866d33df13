import type { RangeDescriptor } from "./range-descriptor.ts";

const SHIFT = 256;

/**
 * The ranges that were meant, if all range descriptors of a POPULATE TOKEN or WRITE USING TOKEN
 * list look as if they began one byte early: ddptctl of ddpt 0.97 writes them so, and every LBA and
 * every count comes out 256 times too large. A list of ranges that are aligned to 256 blocks looks
 * the same; only who knows the sender can tell. Undefined if no sender can have meant that.
 */
export function earlyRanges(ranges: readonly RangeDescriptor[]): RangeDescriptor[] | undefined {
  const isShifted = ({ lba, blocks }: RangeDescriptor): boolean =>
    lba % SHIFT === 0 && blocks % SHIFT === 0;
  if (!ranges.every(isShifted) || !ranges.some(({ blocks }) => blocks > 0)) return undefined;
  return ranges.map(({ lba, blocks }) => ({ lba: lba / SHIFT, blocks: blocks / SHIFT }));
}
