import type { Watched } from "./range-watch.ts";
import { type Preserved, preservedFrom, type Rod, releaseRod } from "./rod.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Ends a ROD before its time, and with it its token. */
export function endRod(target: Target, rod: Rod, end: "revoked" | "cancelled"): void {
  if (rod.end !== undefined) return;
  rod.end = end;
  dropRod(target, rod);
  rod.onEnd?.(rod);
}

/** Gives up what a ROD holds. */
export function dropRod(target: Target, rod: Rod): void {
  target.preservedBytes -= releaseRod(rod);
}

/** Keeps a copy of these blocks, which no other piece of the ROD holds; `index` is their place among the pieces. */
function keep(target: Target, rod: Rod, index: number, lba: number, blocks: number): void {
  const { store, bytesPerBlock } = rod.unit;
  const bytes = new Uint8Array(blocks * bytesPerBlock);
  store.read(lba * bytesPerBlock, bytes);
  rod.preserved.splice(index, 0, { lba, blocks, bytes });
  rod.preservedBytes += bytes.length;
  target.preservedBytes += bytes.length;
}

/** Preserves what of the range is not preserved yet. */
function keepMissing(target: Target, rod: Rod, lba: number, blocks: number): void {
  const end = lba + blocks;
  for (let at = lba; at < end; ) {
    const index = preservedFrom(rod, at);
    const next: Preserved | undefined = rod.preserved[index];
    if (next !== undefined && next.lba <= at) {
      at = next.lba + next.blocks;
      continue;
    }
    const stop = next === undefined ? end : Math.min(end, next.lba);
    keep(target, rod, index, at, stop - at);
    at = stop;
  }
}

/** Blocks of the range that are not preserved. */
function missingBlocks(rod: Rod, lba: number, blocks: number): number {
  const end = lba + blocks;
  let missing = blocks;
  for (let index = preservedFrom(rod, lba); index < rod.preserved.length; index += 1) {
    const piece = rod.preserved[index];
    if (piece.lba >= end) break;
    missing -= Math.min(end, piece.lba + piece.blocks) - Math.max(lba, piece.lba);
  }
  return missing;
}

function preserve(target: Target, watched: Watched<Rod>, lba: number, blocks: number): void {
  const rod = watched.owner;
  const from = Math.max(watched.lba, lba);
  const to = Math.min(watched.lba + watched.blocks, lba + blocks);
  const needed = missingBlocks(rod, from, to - from) * rod.unit.bytesPerBlock;
  if (target.preservedBytes + needed > target.tokenLimits.preservedBytesMax) {
    endRod(target, rod, "cancelled");
    return;
  }
  keepMissing(target, rod, from, to - from);
  if (missingBlocks(rod, watched.lba, watched.blocks) === 0) {
    rod.watches.delete(watched);
    rod.unit.watch.remove(watched);
  }
}

/**
 * To be called before blocks change: copies them away for point-in-time RODs, and revokes change-vulnerable ones
 * (SPC-4 5.17.6.2.2).
 */
export function beforeOverwrite(target: Target, unit: Unit, lba: number, blocks: number): void {
  if (unit.watch.count === 0 || blocks === 0) return;
  const found: Watched<Rod>[] = [];
  unit.watch.overlapping(lba, blocks, (watched) => found.push(watched));
  for (const watched of found) {
    const rod = watched.owner;
    if (rod.end !== undefined) continue;
    if (rod.kind === "change-vulnerable") endRod(target, rod, "revoked");
    else preserve(target, watched, lba, blocks);
  }
}
