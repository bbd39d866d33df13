import { preservedFrom, type Rod, rangeAt } from "./rod.ts";
import type { Target } from "./target.ts";

/**
 * How many bytes of a ROD can be read before an injected fault of its unit. Preserved blocks are not read from the unit.
 */
export function readableRodBytes(
  target: Target,
  rod: Rod,
  at: number,
  bytes: number,
): { readonly bytes: number; readonly lba: number } {
  if (rod.kind === "zero") return { bytes, lba: 0 };
  const { bytesPerBlock, lun } = rod.unit;
  let block = Math.floor(at / bytesPerBlock);
  const end = Math.ceil((at + bytes) / bytesPerBlock);
  while (block < end) {
    const range = rangeAt(rod, block);
    if (range === undefined) break;
    const lba = range.lba + (block - range.start);
    let blocks = Math.min(end - block, range.start + range.blocks - block);
    const piece = rod.preserved[preservedFrom(rod, lba)];
    if (piece !== undefined && piece.lba <= lba) {
      block += Math.min(blocks, piece.lba + piece.blocks - lba);
      continue;
    }
    if (piece !== undefined) blocks = Math.min(blocks, piece.lba - lba);
    const good = target.faults.reach("unrecovered-read", lun, lba, blocks);
    if (good < blocks) {
      return { bytes: Math.max(0, (block + good) * bytesPerBlock - at), lba: lba + good };
    }
    block += blocks;
  }
  return { bytes, lba: 0 };
}
