import type { CopyFailure } from "./copy-failures.ts";
import { beforeBytesChange, moveBytes } from "./move-bytes.ts";
import { preservedFrom, type Rod, rangeAt } from "./rod.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

const endFailures = { revoked: "tokenRevoked", cancelled: "tokenCancelled" } as const;

/** Why a ROD cannot be read any more; undefined: it can. */
export const rodFailure = (rod: Rod): CopyFailure | undefined =>
  rod.end === undefined ? undefined : endFailures[rod.end];

/** How many bytes of the ROD, from this one on, come from one place; and from where. */
interface Piece {
  bytes: number;
  /** Preserved bytes; undefined: the unit's own, from `offset` on. */
  preserved: Uint8Array | undefined;
  offset: number;
}

function pieceAt(rod: Rod, at: number, bytesMax: number): Piece | undefined {
  const { bytesPerBlock } = rod.unit;
  const block = Math.floor(at / bytesPerBlock);
  const range = rangeAt(rod, block);
  if (range === undefined) return undefined;
  const into = at - range.start * bytesPerBlock;
  const offset = range.lba * bytesPerBlock + into;
  let bytes = Math.min(bytesMax, range.blocks * bytesPerBlock - into);
  const piece = rod.preserved[preservedFrom(rod, range.lba + (block - range.start))];
  if (piece === undefined) return { bytes, preserved: undefined, offset };
  const begin = piece.lba * bytesPerBlock;
  if (begin > offset) {
    return { bytes: Math.min(bytes, begin - offset), preserved: undefined, offset };
  }
  const from = offset - begin;
  bytes = Math.min(bytes, piece.bytes.length - from);
  return { bytes, preserved: piece.bytes.subarray(from, from + bytes), offset };
}

function writeZeroes(target: Target, unit: Unit, to: number, bytes: number): void {
  target.access = "write";
  beforeBytesChange(target, unit, to, bytes);
  unit.store.writeZeroes(to, bytes);
  target.access = "none";
}

/**
 * Moves bytes that a ROD represents. The first `bytes` from `at` on must be within it. Returns how many were moved: fewer
 * where the ROD ended in the meantime, because the copy itself overwrote what it represents.
 */
export function moveFromRod(
  target: Target,
  rod: Rod,
  at: number,
  unit: Unit,
  to: number,
  bytes: number,
): number {
  if (rod.kind === "zero") {
    writeZeroes(target, unit, to, bytes);
    return bytes;
  }
  let done = 0;
  while (done < bytes && rod.end === undefined) {
    const piece = pieceAt(rod, at + done, bytes - done);
    if (piece === undefined) break;
    if (piece.preserved === undefined) {
      moveBytes(target, rod.unit, piece.offset, unit, to + done, piece.bytes);
    } else {
      target.access = "write";
      beforeBytesChange(target, unit, to + done, piece.bytes);
      unit.store.write(to + done, piece.preserved);
      target.access = "none";
    }
    done += piece.bytes;
  }
  return done;
}
