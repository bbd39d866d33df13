// Goal: a plan carries every block once, in order, within limits, and says what it leaves over. Method: a planner that goes
// block by block, with nothing of the arithmetic of the one under test, and properties of its own.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CopyLimits, CopyShape } from "../src/limits.ts";
import {
  type CommandBounds,
  CURSOR_WORDS,
  plan,
  planAdjacent,
  planCommand,
  plannedBlocks,
  RANGE_WORDS,
  type RangeLayout,
  segmentsOf,
  windowLayout,
} from "../src/plan/index.ts";
import { type CopySegment, highWord, joinWords, lowWord } from "../src/range.ts";

interface Range {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

const bounds: fc.Arbitrary<CommandBounds> = fc.record({
  rangesMax: fc.integer({ min: 1, max: 6 }),
  rangeBlocksMax: fc.integer({ min: 1, max: 9 }),
  blocksMax: fc.integer({ min: 1, max: 20 }),
});
const address = fc.oneof(
  fc.nat(1000),
  fc.nat(40).map((near) => 2 ** 32 - 20 + near),
  fc.nat(40).map((near) => 2 ** 31 - 20 + near),
  fc.nat(40).map((near) => 2 ** 52 + 2 ** 32 - 20 + near),
);
const range: fc.Arbitrary<Range> = fc.record({
  device: fc.nat(3),
  lba: address,
  blocks: fc.integer({ min: 1, max: 30 }),
});

/** Cuts ranges into commands one block after another: a block joins a range, or a command, while there is room. */
function blockByBlock(ranges: readonly Range[], limits: CommandBounds): Range[][] {
  const commands: Range[][] = [];
  let pieces: Range[] = [];
  let total = 0;
  for (const { device, lba, blocks } of ranges) {
    let piece: Range | undefined;
    for (let i = 0; i < blocks; i++) {
      const needsPiece = piece === undefined || piece.blocks === limits.rangeBlocksMax;
      const isFull =
        total === limits.blocksMax || (needsPiece && pieces.length === limits.rangesMax);
      if (isFull) {
        commands.push(pieces);
        pieces = [];
        total = 0;
      }
      if (needsPiece || isFull || piece === undefined) {
        piece = { device, lba: lba + i, blocks: 1 };
        pieces.push(piece);
      } else {
        piece = { ...piece, blocks: piece.blocks + 1 };
        pieces[pieces.length - 1] = piece;
      }
      total++;
    }
  }
  if (pieces.length > 0) commands.push(pieces);
  return commands;
}

function windowOf(ranges: readonly Range[], base: number): Int32Array {
  const window = new Int32Array(base + ranges.length * RANGE_WORDS + 3).fill(0x55555555);
  ranges.forEach(({ device, lba, blocks }, i) => {
    window.set([device, lowWord(lba), highWord(lba), blocks], base + i * RANGE_WORDS);
  });
  return window;
}

describe("a command", { timeout: 60_000 }, () => {
  it("is what cutting block by block gives", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), bounds, fc.nat(5), (ranges, limits, base) => {
        const window = windowOf(ranges, base);
        const names = Int32Array.of(100, 101, 102, 103);
        const cursor = new Int32Array(2 + CURSOR_WORDS);
        const at = 4;
        const commands: Range[][] = [];
        for (;;) {
          const [first, offset] = cursor.subarray(2);
          const out = new Int32Array(64).fill(-9);
          const count = planCommand(
            window,
            base,
            ranges.length,
            cursor,
            2,
            limits,
            out,
            at,
            windowLayout,
            names,
          );
          const blocks = cursor[4];
          // What was there around the ranges still is.
          expect(
            new Set([...out.subarray(0, at), ...out.subarray(at + count * RANGE_WORDS)]),
          ).toEqual(new Set([-9]));
          if (count === 0) {
            expect(blocks).toBe(0);
            break;
          }
          const pieces = Array.from({ length: count }, (_, i) => {
            const [device, low, high, length] = out.subarray(at + i * RANGE_WORDS);
            return { device: device - 100, lba: joinWords(low, high), blocks: length };
          });
          expect(pieces.reduce((sum, piece) => sum + piece.blocks, 0)).toBe(blocks);
          for (let i = 0; i <= count; i++) {
            const leading = pieces.slice(0, i).reduce((sum, piece) => sum + piece.blocks, 0);
            expect(plannedBlocks(window, base, ranges.length, first, offset, limits, i)).toBe(
              leading,
            );
          }
          commands.push(pieces);
        }
        expect(commands).toEqual(blockByBlock(ranges, limits));
      }),
      { numRuns: 200 },
    );
  });

  it("is the same in any layout of the wire", () => {
    // Words of an NVMe source range entry of format 0: SLBA in words 2 and 3, NLB (0's based) in word 4, of 8.
    const layout: RangeLayout = {
      entryWords: 8,
      deviceWord: -1,
      lowWord: 2,
      highWord: 3,
      blocksWord: 4,
      blocksBias: -1,
    };
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), bounds, (ranges, limits) => {
        const window = windowOf(ranges, 0);
        const cursors = [new Int32Array(3), new Int32Array(3), new Int32Array(3)];
        for (;;) {
          const outs = cursors.map(() => new Int32Array(64));
          const names = Int32Array.of(0, 1, 2, 3);
          const count = planCommand(
            window,
            0,
            ranges.length,
            cursors[0],
            0,
            limits,
            outs[0],
            0,
            windowLayout,
            names,
          );
          const general = planCommand(
            window,
            0,
            ranges.length,
            cursors[1],
            0,
            limits,
            outs[1],
            0,
            layout,
            names,
          );
          const adjacent = planAdjacent(
            window,
            0,
            ranges.length,
            cursors[2],
            0,
            limits,
            outs[2],
            0,
            layout,
          );
          expect([general, adjacent]).toEqual([count, count]);
          expect([cursors[1], cursors[2]]).toEqual([cursors[0], cursors[0]]);
          expect(outs[2]).toEqual(outs[1]);
          for (let i = 0; i < count; i++) {
            const [, low, high, blocks] = outs[0].subarray(i * RANGE_WORDS);
            expect([...outs[1].subarray(i * 8, i * 8 + 8)]).toEqual([
              0,
              0,
              low,
              high,
              blocks - 1,
              0,
              0,
              0,
            ]);
          }
          if (count === 0) break;
        }
      }),
      { numRuns: 150 },
    );
  });

  it("takes the largest counts that words hold", () => {
    const ranges = [
      { device: 0, lba: 2 ** 53 - 2 ** 31, blocks: 2 ** 31 - 1 },
      { device: 0, lba: 5, blocks: 1 },
    ];
    const limits = { rangesMax: 65536, rangeBlocksMax: 2 ** 31 - 1, blocksMax: 2 ** 31 - 1 };
    const window = windowOf(ranges, 0);
    const out = new Int32Array(16);
    const cursor = new Int32Array(3);
    const next = (): number =>
      planCommand(window, 0, 2, cursor, 0, limits, out, 0, windowLayout, Int32Array.of(0));
    expect([next(), cursor[2], joinWords(out[1], out[2])]).toEqual([
      1,
      2147483647,
      2 ** 53 - 2 ** 31,
    ]);
    expect([next(), cursor[2], joinWords(out[1], out[2])]).toEqual([1, 1, 5]);
    expect(next()).toBe(0);
  });
});

const end = fc.record({ device: fc.nat(2), lba: address });
const segment: fc.Arbitrary<CopySegment> = fc.record({
  source: end,
  destination: end,
  blocks: fc.integer({ min: 1, max: 30 }),
});

/** Segments of which about half follow the one before. */
const segments = fc.array(fc.tuple(segment, fc.boolean()), { maxLength: 12 }).map((drawn) => {
  const made: CopySegment[] = [];
  for (const [each, follows] of drawn) {
    const before = made.at(-1);
    const joins = follows && before !== undefined;
    made.push(
      joins
        ? {
            ...each,
            destination: {
              device: before.destination.device,
              lba: before.destination.lba + before.blocks,
            },
          }
        : each,
    );
  }
  return made;
});

const limitsOf = (shape: CopyShape): fc.Arbitrary<CopyLimits> =>
  bounds.chain((each) =>
    fc.boolean().map((crossDevice) => ({
      shape,
      ...each,
      rangesMax: shape === "one-to-one" ? 1 : each.rangesMax,
      rangeBlocksMax: Math.min(each.rangeBlocksMax, each.blocksMax),
      crossDevice,
    })),
  );

/** One entry for each block: from where to where. */
const blocksOf = (all: readonly CopySegment[]): string[] =>
  all.flatMap(({ source, destination, blocks }) =>
    Array.from(
      { length: blocks },
      (_, i) => `${source.device}:${source.lba + i} > ${destination.device}:${destination.lba + i}`,
    ),
  );

describe.each(["many-to-one", "one-to-one", "pairs", "token"] as const)(
  "a plan for %s",
  (shape) => {
    it("has every block once, in order, within limits; the rest is residue", () => {
      fc.assert(
        fc.property(segments, limitsOf(shape), (asked, limits) => {
          const { commands, residue } = plan(asked, limits);
          const isWithin = ({ source, destination }: CopySegment): boolean =>
            limits.crossDevice || source.device === destination.device;
          expect(blocksOf(commands.flatMap((command) => command.segments))).toEqual(
            blocksOf(asked.filter(isWithin)),
          );
          expect(blocksOf(residue)).toEqual(blocksOf(asked.filter((each) => !isWithin(each))));
          for (const { segments: carried, blocks } of commands) {
            expect(carried.length).toBeGreaterThanOrEqual(1);
            expect(carried.length).toBeLessThanOrEqual(limits.rangesMax);
            expect(carried.reduce((sum, each) => sum + each.blocks, 0)).toBe(blocks);
            expect(blocks).toBeLessThanOrEqual(limits.blocksMax);
            for (const each of carried) {
              expect(each.blocks).toBeLessThanOrEqual(limits.rangeBlocksMax);
              expect(each.destination.device).toBe(carried[0].destination.device);
            }
            if (shape === "pairs") continue;
            let next = carried[0].destination.lba;
            for (const { destination, blocks: length } of carried) {
              expect(destination.lba).toBe(next);
              next += length;
            }
          }
        }),
        { numRuns: 150 },
      );
    });

    it("wastes no command", () => {
      fc.assert(
        fc.property(segments, limitsOf(shape), (asked, limits) => {
          const { commands } = plan(asked, limits);
          for (let i = 1; i < commands.length; i++) {
            const before = commands[i - 1].segments;
            const last = before[before.length - 1];
            const [first] = commands[i].segments;
            const joins =
              last.destination.device === first.destination.device &&
              (shape === "pairs" || last.destination.lba + last.blocks === first.destination.lba);
            const isFull =
              before.length === limits.rangesMax || commands[i - 1].blocks === limits.blocksMax;
            expect(!joins || isFull).toBe(true);
          }
        }),
        { numRuns: 200 },
      );
    });
  },
);

describe("a plan", () => {
  it("of a device without a copy command is all residue", () => {
    const asked = [
      { source: { device: 0, lba: 1 }, destination: { device: 0, lba: 9 }, blocks: 4 },
    ];
    expect(plan(asked, undefined)).toEqual({ commands: [], residue: asked });
    expect(plan([], undefined)).toEqual({ commands: [], residue: [] });
  });

  it("cuts segments that are longer than words can count", () => {
    const limits: CopyLimits = {
      shape: "many-to-one",
      blocksMax: 2 ** 31 - 1,
      rangesMax: 10,
      rangeBlocksMax: 2 ** 31 - 1,
      crossDevice: false,
    };
    const asked = [
      { source: { device: 0, lba: 7 }, destination: { device: 0, lba: 2 ** 40 }, blocks: 2 ** 33 },
    ];
    const { commands } = plan(asked, limits);
    // 2^33 = 4 * (2^31 - 1) + 4
    expect(commands.map(({ blocks }) => blocks)).toEqual([
      2147483647, 2147483647, 2147483647, 2147483647, 4,
    ]);
    expect(commands[4].segments).toEqual([
      {
        source: { device: 0, lba: 7 + 2 ** 33 - 4 },
        destination: { device: 0, lba: 2 ** 40 + 2 ** 33 - 4 },
        blocks: 4,
      },
    ]);
  });
});

describe("segments of two sides that were cut at different places", () => {
  it("join each block to its own", () => {
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 8 }),
        fc.array(range, { minLength: 1, maxLength: 8 }),
        (sources, destinations) => {
          const side = (pieces: readonly Range[]): string[] =>
            pieces.flatMap(({ device, lba, blocks }) =>
              Array.from({ length: blocks }, (_, i) => `${device}:${lba + i}`),
            );
          const from = side(sources);
          const to = side(destinations);
          if (from.length !== to.length) {
            expect(() => segmentsOf(sources, destinations)).toThrow(RangeError);
            return;
          }
          expect(blocksOf(segmentsOf(sources, destinations))).toEqual(
            from.map((source, i) => `${source} > ${to[i]}`),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are as many as there are cuts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        (a, b) => {
          // Both sides are cut to the same length, so that they join.
          const total = Math.min(
            a.reduce((sum, each) => sum + each, 0),
            b.reduce((sum, each) => sum + each, 0),
          );
          const cut = (lengths: readonly number[], device: number): Range[] => {
            const pieces: Range[] = [];
            let place = 0;
            for (const blocks of lengths) {
              const left = Math.min(blocks, total - place);
              if (left > 0) pieces.push({ device, lba: place, blocks: left });
              place += left;
            }
            return pieces;
          };
          const [sources, destinations] = [cut(a, 0), cut(b, 1)];
          const ends = new Set(
            [...sources, ...destinations].map(({ lba, blocks }) => lba + blocks),
          );
          expect(segmentsOf(sources, destinations)).toHaveLength(ends.size);
        },
      ),
    );
  });

  it("of nothing are none", () => {
    expect(segmentsOf([], [])).toEqual([]);
    expect(() => segmentsOf([], [{ device: 0, lba: 0, blocks: 1 }])).toThrow(/more blocks/);
    expect(() => segmentsOf([{ device: 0, lba: 0, blocks: 1 }], [])).toThrow(/more blocks/);
  });
});
