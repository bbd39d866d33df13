import type { BlockRange } from "@blockferry/core";

/**
 * Extents as a fragmented file has them: `count` of 8 to 504 blocks, one in each of `count` slots, in an order that has
 * nothing to do with their places. The same at every run.
 */
export function scatteredExtents(count: number, slotBlocks: number): BlockRange[] {
  const extents: BlockRange[] = [];
  // Numerical Recipes' generator: good enough to scatter, and the same everywhere.
  let state = 20260101;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let slot = 0; slot < count; slot++) {
    const blocks = 8 * (1 + random(63));
    extents.push({ lba: slot * slotBlocks + 8 * random((slotBlocks - blocks) / 8), blocks });
  }
  for (let i = count - 1; i > 0; i--) {
    const j = random(i + 1);
    [extents[i], extents[j]] = [extents[j], extents[i]];
  }
  return extents;
}
