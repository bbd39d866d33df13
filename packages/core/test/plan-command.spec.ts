import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CURSOR_WORDS,
  planAdjacent,
  planCommand,
  plannedBlocks,
  RANGE_WORDS,
  type RangeLayout,
} from "../src/plan/index.ts";

// Goal: the planners cut ranges at every bound, lose no block, and agree with each other.
// Method: a plan block by block, with bigints, beside them.

interface Row {
  readonly device: number;
  readonly lba: bigint;
  readonly blocks: number;
}

const rows = fc.array(
  fc.record({
    device: fc.nat({ max: 3 }),
    lba: fc.oneof(
      fc.bigInt({ min: 0n, max: 40n }),
      fc.bigInt({ min: 2n ** 32n - 30n, max: 2n ** 32n + 5n }),
      fc.bigInt({ min: 2n ** 31n - 30n, max: 2n ** 31n + 5n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 100n }),
    ),
    blocks: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 8 },
);
const bounds = fc.record({
  rangesMax: fc.integer({ min: 1, max: 6 }),
  rangeBlocksMax: fc.integer({ min: 1, max: 35 }),
  blocksMax: fc.integer({ min: 1, max: 60 }),
});

/** Windows, as words. The base is not 0. */
function windowOf(all: readonly Row[], base: number): Int32Array {
  const window = new Int32Array(base + all.length * RANGE_WORDS).fill(-7);
  all.forEach(({ device, lba, blocks }, i) => {
    const low = Number(BigInt.asIntN(32, lba));
    const high = Number(BigInt.asIntN(32, lba >> 32n));
    window.set([device, low, high, blocks], base + i * RANGE_WORDS);
  });
  return window;
}

/** All commands, block by block. */
function reference(
  all: readonly Row[],
  limits: { rangesMax: number; rangeBlocksMax: number; blocksMax: number },
): Row[][] {
  const commands: Row[][] = [];
  let current: Row[] = [];
  let carried = 0;
  for (const { device, lba, blocks } of all) {
    for (let left = blocks, at = lba; left > 0; ) {
      if (current.length === limits.rangesMax || carried === limits.blocksMax) {
        commands.push(current);
        current = [];
        carried = 0;
      }
      let piece = 0;
      while (piece < left && piece < limits.rangeBlocksMax && carried < limits.blocksMax) {
        piece++;
        carried++;
      }
      current.push({ device, lba: at, blocks: piece });
      at += BigInt(piece);
      left -= piece;
    }
  }
  if (current.length > 0) commands.push(current);
  return commands;
}

function rowAt(words: Int32Array, at: number, layout: RangeLayout, named: number): Row {
  const low = BigInt.asUintN(32, BigInt(words[at + layout.lowWord]));
  const high = BigInt.asUintN(32, BigInt(words[at + layout.highWord]));
  return {
    device: named,
    lba: (high << 32n) | low,
    blocks: words[at + layout.blocksWord] - layout.blocksBias,
  };
}

const names = Int32Array.of(100, 101, 102, 103);

describe("planCommand", () => {
  const layouts: readonly RangeLayout[] = [
    { entryWords: 4, deviceWord: 0, lowWord: 1, highWord: 2, blocksWord: 3, blocksBias: 0 },
    { entryWords: 8, deviceWord: 0, lowWord: 2, highWord: 3, blocksWord: 4, blocksBias: -1 },
    // Big-endian halves, the count first, as some lists have them.
    { entryWords: 5, deviceWord: 4, lowWord: 3, highWord: 2, blocksWord: 0, blocksBias: 0 },
  ];

  it.each(layouts)("cuts as a plan block by block does: $entryWords words", (layout) => {
    fc.assert(
      fc.property(rows, bounds, fc.nat({ max: 5 }), (all, limits, base) => {
        const window = windowOf(all, base);
        const cursor = new Int32Array(CURSOR_WORDS + 2).fill(0);
        const commands: Row[][] = [];
        for (;;) {
          const out = new Int32Array(64).fill(-9);
          const [range, offset] = [cursor[1], cursor[2]];
          const count = all.length;
          const ranges = planCommand(window, base, count, cursor, 1, limits, out, 3, layout, names);
          if (ranges === 0) break;
          const planned = Array.from({ length: ranges }, (_, i) => {
            const at = 3 + i * layout.entryWords;
            return rowAt(out, at, layout, out[at + layout.deviceWord] - 100);
          });
          const total = planned.reduce((sum, { blocks }) => sum + blocks, 0);
          expect(cursor[3]).toBe(total);
          expect(plannedBlocks(window, base, count, range, offset, limits, ranges)).toBe(total);
          commands.push(planned);
        }
        expect(commands).toEqual(reference(all, limits));
        expect([cursor[0], cursor[4]]).toEqual([0, 0]);
      }),
    );
  });

  it("leaves alone what is between the words of an entry", () => {
    const out = new Int32Array(16).fill(-9);
    const layout = { ...layouts[1], deviceWord: -1 };
    const window = windowOf([{ device: 0, lba: 5n, blocks: 2 }], 0);
    const limits = { rangesMax: 1, rangeBlocksMax: 9, blocksMax: 9 };
    planCommand(window, 0, 1, new Int32Array(3), 0, limits, out, 8, layout, names);
    const untouched = Array.from({ length: 10 }, () => -9);
    expect([...out]).toEqual([...untouched, 5, 0, 1, -9, -9, -9]);
  });
});

describe("planAdjacent", () => {
  it("is planCommand, for layouts without a device word", () => {
    const layout = {
      entryWords: 8,
      deviceWord: -1,
      lowWord: 2,
      highWord: 3,
      blocksWord: 4,
      blocksBias: -1,
    };
    fc.assert(
      fc.property(rows, bounds, fc.nat({ max: 5 }), (all, limits, base) => {
        const window = windowOf(all, base);
        const [one, other] = [new Int32Array(3), new Int32Array(3)];
        const count = all.length;
        for (;;) {
          const [a, b] = [new Int32Array(64), new Int32Array(64)];
          const ranges = planCommand(window, base, count, one, 0, limits, a, 3, layout, names);
          expect(planAdjacent(window, base, count, other, 0, limits, b, 3, layout)).toBe(ranges);
          expect(b).toEqual(a);
          expect(other).toEqual(one);
          if (ranges === 0) break;
        }
      }),
    );
  });
});
