import type { Watched } from "./range-watch.ts";
import type { Unit } from "./unit.ts";

/**
 * What a ROD is to later writes.
 *
 * - `reference`: its blocks are read when it is used.
 * - `point-in-time`: its blocks are as they were when it was made.
 * - `change-vulnerable`: a write to one of its blocks revokes it.
 * - `zero`: zeros without end.
 */
export type RodKind = "reference" | "point-in-time" | "change-vulnerable" | "zero";

/** Blocks of a ROD as they were before they were overwritten. */
export interface Preserved {
  readonly lba: number;
  readonly blocks: number;
  readonly bytes: Uint8Array;
}

/** One range of a ROD, while it watches for writes. */
export interface RodRange {
  readonly lba: number;
  readonly blocks: number;
  /** Where it begins in the ROD, in blocks. */
  readonly start: number;
}

/** Representation of data (SPC-4 5.17.6): ranges of a logical unit, one after the other. */
export interface Rod {
  readonly kind: RodKind;
  readonly unit: Unit;
  readonly ranges: RodRange[];
  blocks: number;
  /** Ascending, without overlap. */
  readonly preserved: Preserved[];
  preservedBytes: number;
  readonly watches: Set<Watched<Rod>>;
  /** What ends it before its token's time. */
  end: "revoked" | "cancelled" | undefined;
  /** Called once when it is revoked or cancelled. */
  onEnd: ((rod: Rod) => void) | undefined;
}

export function newRod(kind: RodKind, unit: Unit): Rod {
  return {
    kind,
    unit,
    ranges: [],
    blocks: 0,
    preserved: [],
    preservedBytes: 0,
    watches: new Set(),
    end: undefined,
    onEnd: undefined,
  };
}

/** Adds blocks at the end, and watches over them where the kind asks for it. */
export function addRange(rod: Rod, lba: number, blocks: number): void {
  if (blocks === 0) return;
  rod.ranges.push({ lba, blocks, start: rod.blocks });
  rod.blocks += blocks;
  if (rod.kind === "point-in-time" || rod.kind === "change-vulnerable") {
    rod.watches.add(rod.unit.watch.add(rod, lba, blocks));
  }
}

/** Gives up what a ROD holds. Idempotent. Returns the bytes that were preserved for it. */
export function releaseRod(rod: Rod): number {
  for (const watched of rod.watches) rod.unit.watch.remove(watched);
  rod.watches.clear();
  rod.preserved.length = 0;
  const freed = rod.preservedBytes;
  rod.preservedBytes = 0;
  return freed;
}

/** The range that holds a block of the ROD; the ranges ascend by `start`. */
export function rangeAt(rod: Rod, block: number): RodRange | undefined {
  let low = 0;
  let high = rod.ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const range = rod.ranges[middle];
    if (block < range.start) high = middle - 1;
    else if (block >= range.start + range.blocks) low = middle + 1;
    else return range;
  }
  return undefined;
}

/** Index of the first preserved piece that ends behind `lba`. */
export function preservedFrom(rod: Rod, lba: number): number {
  let low = 0;
  let high = rod.preserved.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const piece = rod.preserved[middle];
    if (piece.lba + piece.blocks <= lba) low = middle + 1;
    else high = middle;
  }
  return low;
}
