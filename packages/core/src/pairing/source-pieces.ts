import { RANGE_WORDS } from "../plan/index.ts";
import { joinWords } from "../range.ts";
import type { StrategyEngine } from "../strategy.ts";
import { defineTable, type Table, type TableDefinition } from "../table/index.ts";

/**
 * Where source blocks of a chunk turned out to be at the bottom: what is left of a source bio that has ended.
 *
 * | column | meaning |
 * | --- | --- |
 * | device, lba, blocks | where, on a bottom device |
 * | offset | blocks from the start of the chunk |
 */
export const sourcePieceTable: TableDefinition<SourcePieceColumns> = defineTable("source-piece", {
  device: "word",
  lba: "lba",
  blocks: "word",
  offset: "word",
});
export type SourcePieceColumns = {
  readonly device: "word";
  readonly lba: "lba";
  readonly blocks: "word";
  readonly offset: "word";
};
export type SourcePieceTable = Table<SourcePieceColumns>;

const WORD = 2 ** 32;

/**
 * Lists of source pieces in the order of the copy. A list is a ring, named by its last piece, -1 for an empty one.
 */
export class SourcePieces {
  declare private readonly engine: StrategyEngine;
  declare private readonly pieces: SourcePieceTable;
  /** Blocks that `fill` put into the window. */
  filled = 0;

  constructor(engine: StrategyEngine, pieces: SourcePieceTable) {
    this.engine = engine;
    this.pieces = pieces;
  }

  /** Notes where a source bio has arrived, in its place of a list. Returns the list's last piece. */
  add(last: number, bio: number): number {
    const bios = this.engine.bios.columns;
    const { next, columns } = this.pieces;
    const piece = this.pieces.allocate();
    if (piece < 0) throw new Error("more source pieces than bios");
    const offset = bios.offset[bio];
    columns.device[piece] = bios.device[bio];
    columns.lbaLow[piece] = bios.lbaLow[bio];
    columns.lbaHigh[piece] = bios.lbaHigh[bio];
    columns.blocks[piece] = bios.blocks[bio];
    columns.offset[piece] = offset;
    if (last < 0) {
      next[piece] = piece;
      return piece;
    }
    // Mostly they come in order.
    let before = last;
    if (offset < columns.offset[last]) {
      while (columns.offset[next[before]] < offset) before = next[before];
    }
    next[piece] = next[before];
    next[before] = piece;
    return offset < columns.offset[last] ? last : piece;
  }

  /**
   * Fills a window with the pieces of block `offset` of the chunk and on, up to `blocks` blocks, all of which the list must
   * hold. Returns its ranges; `filled` says their blocks.
   */
  fill(window: number, last: number, offset: number, blocks: number): number {
    const { windows, windowRanges } = this.engine;
    const { next, columns } = this.pieces;
    let piece = next[last];
    while (columns.offset[piece] + columns.blocks[piece] <= offset) piece = next[piece];
    let at = window * windowRanges * RANGE_WORDS;
    let filled = 0;
    let ranges = 0;
    while (filled < blocks && ranges < windowRanges) {
      const inside = offset + filled - columns.offset[piece];
      const length = Math.min(columns.blocks[piece] - inside, blocks - filled);
      const lba = joinWords(columns.lbaLow[piece], columns.lbaHigh[piece]) + inside;
      windows[at] = columns.device[piece];
      windows[at + 1] = lba | 0;
      windows[at + 2] = (lba / WORD) | 0;
      windows[at + 3] = length;
      at += RANGE_WORDS;
      ranges++;
      filled += length;
      piece = next[piece];
    }
    this.filled = filled;
    return ranges;
  }

  /** Blocks of a piece. */
  blocksOf(piece: number): number {
    return this.pieces.columns.blocks[piece];
  }

  /** Forgets a list. */
  free(last: number): void {
    if (last < 0) return;
    const { next } = this.pieces;
    let piece = next[last];
    next[last] = -1;
    while (piece >= 0) {
      const following = next[piece];
      this.pieces.free(piece);
      piece = following;
    }
  }
}
