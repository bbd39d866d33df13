import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bioTable, chunkTable, joinWords, type StrategyEngine } from "../src/index.ts";
import { SourcePieces, sourcePieceTable } from "../src/pairing/index.ts";
import { RANGE_WORDS } from "../src/plan/index.ts";
import { State } from "../src/table/index.ts";

/*
 * Goal: what is noted of sources is found again by its place in the chunk, in whatever order it was noted. Expected places are
 * kept in a plain array, block by block.
 */
const WINDOW_RANGES = 3;

function empty() {
  const bioRows = bioTable();
  const state = new State().add(chunkTable(), 1).add(bioRows, 40).add(sourcePieceTable, 40).seal();
  const bios = state.table(bioRows);
  const windows = new Int32Array(WINDOW_RANGES * RANGE_WORDS);
  const engine = { bios, windows, windowRanges: WINDOW_RANGES } as unknown as StrategyEngine;
  const table = state.table(sourcePieceTable);
  return { bios, windows, table, pieces: new SourcePieces(engine, table) };
}

const piece = fc.record({
  device: fc.nat(3),
  lba: fc.nat(2 ** 40),
  blocks: fc.integer({ min: 1, max: 9 }),
  order: fc.nat(99),
});

describe("source pieces", () => {
  it("are found by their place in the chunk, window by window", () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.nat(), (parts, start) => {
        const { bios, windows, table, pieces } = empty();
        const places: string[] = [];
        const noted = parts.map(({ device, lba, blocks, order }) => {
          const bio = bios.allocate();
          const { columns } = bios;
          columns.device[bio] = device;
          columns.lbaLow[bio] = lba | 0;
          columns.lbaHigh[bio] = Math.floor(lba / 2 ** 32);
          columns.blocks[bio] = blocks;
          columns.offset[bio] = places.length;
          for (let i = 0; i < blocks; i++) places.push(`${device}:${lba + i}`);
          return { bio, order };
        });
        let last = -1;
        for (const { bio } of noted.sort((a, b) => a.order - b.order)) last = pieces.add(last, bio);
        const from = start % places.length;
        const found: string[] = [];
        while (from + found.length < places.length) {
          const left = places.length - from - found.length;
          const ranges = pieces.fill(0, last, from + found.length, left);
          const before = found.length;
          for (let i = 0; i < ranges; i++) {
            const [device, low, high, blocks] = windows.subarray(i * RANGE_WORDS);
            for (let k = 0; k < blocks; k++) found.push(`${device}:${joinWords(low, high) + k}`);
          }
          expect(pieces.filled).toBe(found.length - before);
        }
        expect(found).toEqual(places.slice(from));
        pieces.free(last);
        expect(table.used).toBe(0);
      }),
    );
  });

  it("of an empty list are freed as well", () => {
    const { pieces, table } = empty();
    pieces.free(-1);
    expect(table.used).toBe(0);
  });
});
