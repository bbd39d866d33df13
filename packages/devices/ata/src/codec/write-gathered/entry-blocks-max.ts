import type { WriteGatheredProfile } from "./profile.ts";

/** What core plans with: signed words. */
const BLOCKS_MAX = 2 ** 31 - 1;

/** Largest count that a field of an entry can say. */
export function entryBlocksMax({
  list: { entry: one, zeroBlocks },
}: Pick<WriteGatheredProfile, "list">): number {
  const bits = one.blocks.bytes * 8;
  const max = zeroBlocks === "maximum" ? 2 ** bits : 2 ** bits - 1;
  return Math.min(max, BLOCKS_MAX);
}
