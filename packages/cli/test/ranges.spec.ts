// Goal: ranges on a command line and in files of any size come out as the columns a copy takes, and bad ones are named by line.
// Method: tables of texts, and random ranges written out in every notation and read back.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlockRange, rangesOf } from "@blockferry/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseRange } from "../src/parse/range.ts";
import { parseSources } from "../src/parse/sources.ts";

const folder = mkdtempSync(join(tmpdir(), "blockferry-ranges-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(text: string): string {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, text);
  return path;
}
function read(...texts: string[]): BlockRange[] {
  return [...rangesOf(parseSources(texts, 512).list)];
}

describe("ranges of a command line", () => {
  it.each([
    ["0+2048", { lba: 0, blocks: 2048 }],
    ["0-2047", { lba: 0, blocks: 2048 }],
    ["7-7", { lba: 7, blocks: 1 }],
    ["0x10+10h", { lba: 16, blocks: 16 }],
    ["1MiB+64k", { lba: 2048, blocks: 128 }],
    ["1MiB+5", { lba: 2048, blocks: 5 }],
  ])("%s", (text, range) => {
    expect(parseRange(text, 512)).toEqual(range);
  });

  it("joins several by commas and keeps the order of arguments", () => {
    expect(read("0+2048,8192+64", "5-6")).toEqual([
      { lba: 0, blocks: 2048 },
      { lba: 8192, blocks: 64 },
      { lba: 5, blocks: 2 },
    ]);
  });

  it.each([
    ["0+0", "FERRY_RANGE_EMPTY"],
    ["9-5", "FERRY_RANGE_EMPTY"],
    ["5", "FERRY_RANGE_SYNTAX"],
    ["1+2+3", "FERRY_RANGE_SYNTAX"],
    ["0+1,", "FERRY_RANGE_SYNTAX"],
    ["", "FERRY_RANGE_SYNTAX"],
    ["0,2048", "FERRY_RANGE_SYNTAX"],
    ["a+b", "FERRY_SIZE_SYNTAX"],
    ["9007199254740991+1", "FERRY_RANGE_ADDRESS"],
    ["9007199254740992+1", "FERRY_RANGE_ADDRESS"],
  ])("refuses %j with %s", (text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code }));
  });

  it("says what 0,2048 most likely meant", () => {
    expect(() => read("0,2048")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("0+2048") }),
    );
  });

  it("splits what one row cannot hold", () => {
    expect(read("0+2147483653")).toEqual([
      { lba: 0, blocks: 2 ** 30 },
      { lba: 2 ** 30, blocks: 2 ** 30 },
      { lba: 2 ** 31, blocks: 5 },
    ]);
  });

  it("remembers which range a row is of", () => {
    const { numbers } = parseSources(["7+1,0+2147483653,9+1"], 512);
    expect([...(numbers ?? [])]).toEqual([0, 1, 1, 1, 2]);
    expect(parseSources(["7+1,9+1"], 512).numbers).toBeUndefined();
  });
});

describe("range files", () => {
  it("takes every notation, comments, blank lines and both line ends", () => {
    const text = "# extents\n0+2048\n\n8192,64 # tail\r\n  5-6  \n1MiB,1k\n3+1,9+2\n7+1";
    expect(read(`@${file(text)}`)).toEqual([
      { lba: 0, blocks: 2048 },
      { lba: 8192, blocks: 64 },
      { lba: 5, blocks: 2 },
      { lba: 2048, blocks: 2 },
      { lba: 3, blocks: 1 },
      { lba: 9, blocks: 2 },
      { lba: 7, blocks: 1 },
    ]);
  });

  it("names garbage in line 70,000 and reads nothing from there on", () => {
    const lines = Array.from({ length: 80_000 }, (_, i) => `${i * 8}+8`);
    lines[69_999] = "garbage";
    const path = file(lines.join("\n"));
    expect(() => read(`@${path}`)).toThrow(
      expect.objectContaining({
        code: "FERRY_RANGE_SYNTAX",
        message: expect.stringContaining(`${path}:70000: `),
        details: expect.objectContaining({ line: 70_000 }),
      }),
    );
  });

  it.each([
    ["0+0", "FERRY_RANGE_EMPTY"],
    ["0+99999999999999999999", "FERRY_RANGE_ADDRESS"],
    ["x".repeat(5000), "FERRY_RANGE_SYNTAX"],
    ["\0\x01\x02", "FERRY_RANGE_SYNTAX"],
  ])("refuses a line that is %.20j", (line, code) => {
    const path = file(`1+1\n${line}\n2+2\n`);
    expect(() => read(`@${path}`)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(":2: ") }),
    );
  });

  it("refuses a file without ranges, and one that is not there", () => {
    expect(() => read(`@${file("# nothing\n")}`)).toThrow(
      expect.objectContaining({ code: "FERRY_COPY_EMPTY" }),
    );
    expect(() => read("@/nonexistent/ranges")).toThrow(
      expect.objectContaining({ code: "FERRY_FILE_READ" }),
    );
    expect(() => read(`@${folder}`)).toThrow(expect.objectContaining({ code: "FERRY_FILE_READ" }));
  });

  it("reads back a million lines across its chunks", () => {
    const lines = Array.from(
      { length: 1_000_000 },
      (_, i) => `${i * 3 + 1_000_000_000_000}+${(i % 7) + 1}`,
    );
    const { list } = parseSources([`@${file(lines.join("\n"))}`], 512);
    expect(list.count).toBe(1_000_000);
    let i = 0;
    for (const range of rangesOf(list)) {
      if (range.lba !== i * 3 + 1_000_000_000_000 || range.blocks !== (i % 7) + 1) break;
      i++;
    }
    expect(i).toBe(1_000_000);
  });

  it("reads back random ranges in random notation", () => {
    const notations = [
      (r: BlockRange) => `${r.lba}+${r.blocks}`,
      (r: BlockRange) => `${r.lba},${r.blocks}`,
      (r: BlockRange) => `${r.lba}-${r.lba + r.blocks - 1}`,
      (r: BlockRange) => `0x${r.lba.toString(16)} , ${r.blocks.toString(16)}h # comment`,
    ];
    const range = fc.record({
      lba: fc.nat({ max: 2 ** 52 }),
      blocks: fc.integer({ min: 1, max: 2 ** 30 }),
    });
    const line = fc.tuple(range, fc.integer({ min: 0, max: notations.length - 1 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const path = file(lines.map(([r, n]) => notations[n](r)).join("\n"));
        expect(read(`@${path}`)).toEqual(lines.map(([r]) => r));
      }),
      { numRuns: 50 },
    );
  });
});
