// Goal: numbers mean what sg3_utils users expect. Expected values are those of sg3_utils(8), NUMERIC ARGUMENTS, with the
// two differences that are documented: a plain number counts blocks, and "+" never adds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBlocks, parseQuantity } from "../src/parse/quantity.ts";

describe("parseQuantity", () => {
  it.each([
    ["2048", 2048, "blocks"],
    ["0", 0, "blocks"],
    ["0x100", 256, "blocks"],
    ["0X1f", 31, "blocks"],
    ["100h", 256, "blocks"],
    ["1FH", 31, "blocks"],
    ["2x33", 66, "blocks"],
    ["0xfx0x2", 30, "blocks"],
    ["10x3", 30, "blocks"],
    ["5c", 5, "bytes"],
    ["5w", 10, "bytes"],
    ["1b", 512, "bytes"],
    ["2k", 2048, "bytes"],
    ["1K", 1024, "bytes"],
    ["1KiB", 1024, "bytes"],
    ["1KB", 1000, "bytes"],
    ["1kB", 1000, "bytes"],
    ["1M", 1048576, "bytes"],
    ["1MiB", 1048576, "bytes"],
    ["1mB", 1000000, "bytes"],
    ["1GiB", 1073741824, "bytes"],
    ["1GB", 1000000000, "bytes"],
    ["1t", 1099511627776, "bytes"],
    ["2TB", 2000000000000, "bytes"],
    ["1PiB", 1125899906842624, "bytes"],
    ["4x1MiB", 4194304, "bytes"],
    ["9007199254740991", 9007199254740991, "blocks"],
  ])("%s", (text, value, unit) => {
    expect(parseQuantity(text)).toEqual({ value, unit });
  });

  it.each([
    ["", "FERRY_SIZE_SYNTAX"],
    ["12q", "FERRY_SIZE_SYNTAX"],
    ["1.5GiB", "FERRY_SIZE_SYNTAX"],
    ["3+1k", "FERRY_SIZE_SYNTAX"],
    ["-4", "FERRY_SIZE_SYNTAX"],
    ["1 000", "FERRY_SIZE_SYNTAX"],
    ["0x", "FERRY_SIZE_SYNTAX"],
    ["1kx1k", "FERRY_SIZE_SYNTAX"],
    ["1EiB", "FERRY_SIZE_SYNTAX"],
    ["1constructor", "FERRY_SIZE_SYNTAX"],
    ["9007199254740992", "FERRY_RANGE_ADDRESS"],
    ["0xffffffffffffffff", "FERRY_RANGE_ADDRESS"],
    ["9P", "FERRY_RANGE_ADDRESS"],
  ])("refuses %j with %s", (text, code) => {
    expect(() => parseQuantity(text)).toThrow(expect.objectContaining({ code }));
  });

  it("reads back every safe integer in decimal and both ways of hexadecimal", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        for (const text of [`${n}`, `0x${n.toString(16)}`, `${n.toString(16)}h`]) {
          expect(parseQuantity(text)).toEqual({ value: n, unit: "blocks" });
        }
      }),
    );
  });

  it("answers any text with a number or a named refusal", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(Number.isSafeInteger(parseQuantity(text).value)).toBe(true);
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^FERRY_(SIZE_SYNTAX|RANGE_ADDRESS)$/);
        }
      }),
    );
  });
});

describe("parseBlocks", () => {
  it("takes plain numbers as blocks and units as bytes", () => {
    expect(parseBlocks("2048", 4096)).toBe(2048);
    expect(parseBlocks("1GiB", 512)).toBe(2097152);
    expect(parseBlocks("1GiB", 4096)).toBe(262144);
  });

  it("refuses bytes that are not whole blocks", () => {
    expect(() => parseBlocks("1b", 4096)).toThrow(
      expect.objectContaining({ code: "FERRY_SIZE_ALIGNMENT" }),
    );
  });
});
