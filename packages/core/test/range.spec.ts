// Goal: addresses keep all their bits on the way into words and back, and ranges from outside are refused by what is wrong with
// them. Expected words are those of BigInt arithmetic, which the code does not use.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkRange,
  highWord,
  isRangeList,
  joinWords,
  lowWord,
  RANGE_LIST_BLOCKS_MAX,
  rangeList,
  rangesOf,
} from "../src/range.ts";

const safe = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 2 ** 31, 2 ** 53 - 1),
  fc.nat(21).map((bit) => 2 ** (31 + bit) - 1),
);

describe("words", () => {
  it("are the halves of an address", () => {
    fc.assert(
      fc.property(safe, (address) => {
        const low = Number(BigInt.asIntN(32, BigInt(address)));
        const high = Number(BigInt.asIntN(32, BigInt(address) >> 32n));
        expect([lowWord(address), highWord(address)]).toEqual([low, high]);
        expect(joinWords(low, high)).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [0, 0, 0],
    [-1, 0, 4294967295],
    [0, 1, 4294967296],
    [-2147483648, 0, 2147483648],
    [-1, 0x1fffff, 9007199254740991],
  ])("%i and %i make %d", (low, high, address) => {
    expect(joinWords(low, high)).toBe(address);
    expect([lowWord(address), highWord(address)]).toEqual([low, high]);
  });
});

describe("a range", () => {
  it.each([
    { lba: 0, blocks: 1 },
    { lba: 2 ** 53 - 2, blocks: 1 },
    { lba: 0, blocks: 2 ** 53 - 1 },
    { lba: 2 ** 52, blocks: 2 ** 52 - 1 },
  ])("of $lba+$blocks is one", (range) => {
    expect(() => checkRange(range, "x")).not.toThrow();
  });

  it.each([
    [{ lba: -1, blocks: 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: 0.5, blocks: 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: 2 ** 53, blocks: 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: Number.NaN, blocks: 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: 2 ** 53 - 1, blocks: 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: 1, blocks: 2 ** 53 - 1 }, "FERRY_RANGE_ADDRESS"],
    [{ lba: 0, blocks: 0 }, "FERRY_RANGE_EMPTY"],
    [{ lba: 0, blocks: -1 }, "FERRY_RANGE_EMPTY"],
    [{ lba: 0, blocks: 1.5 }, "FERRY_RANGE_EMPTY"],
    [{ lba: 0, blocks: Number.POSITIVE_INFINITY }, "FERRY_RANGE_EMPTY"],
  ])("%o is refused by %s", (range, code) => {
    expect(() => checkRange(range, "range 7")).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/^range 7: /),
        details: range,
      }),
    );
  });
});

describe("a range list", () => {
  it("holds ranges in their order, rows of at most 2^30 blocks", () => {
    const range = fc.record({
      lba: fc.nat(2 ** 31).map((lba) => lba * 2 ** 20 + 12345),
      blocks: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2 ** 33 })),
    });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 10 }), (ranges) => {
        const list = rangeList(ranges);
        const rows = [...rangesOf(list)];
        expect(rows).toHaveLength(list.count);
        let row = 0;
        for (const { lba, blocks } of ranges) {
          let next = lba;
          while (next < lba + blocks) {
            expect(rows[row].lba).toBe(next);
            expect(rows[row].blocks).toBeLessThanOrEqual(RANGE_LIST_BLOCKS_MAX);
            next += rows[row++].blocks;
          }
          expect(next).toBe(lba + blocks);
        }
        expect(row).toBe(rows.length);
      }),
    );
  });

  it("takes as few rows as it can", () => {
    const blocks = (length: number): number[] =>
      [...rangesOf(rangeList([{ lba: 2 ** 32 - 1, blocks: length }]))].map((row) => row.blocks);
    expect(blocks(2 ** 30)).toEqual([1073741824]);
    expect(blocks(2 ** 30 + 1)).toEqual([1073741824, 1]);
    expect(blocks(2 ** 32)).toEqual([1073741824, 1073741824, 1073741824, 1073741824]);
  });

  it("names a bad range by its number", () => {
    const ranges = [
      { lba: 0, blocks: 1 },
      { lba: 5, blocks: 0 },
    ];
    expect(() => rangeList(ranges)).toThrow(/^source range 1: 0 blocks/);
  });

  it("is told from an array", () => {
    expect(isRangeList(rangeList([]))).toBe(true);
    expect(isRangeList([])).toBe(false);
  });
});
