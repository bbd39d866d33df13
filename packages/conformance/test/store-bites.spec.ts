// Goal: the suite passes a store that keeps the contract, and fails each store that breaks one sentence of it.
import type { Store } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { type StoreManifest, storeSuite } from "../src/store/index.ts";
import { outcomeOf } from "./support/failures.ts";
import { plainStore } from "./support/plain-store.ts";

const supports: StoreManifest = { findsHoles: true, copyMeans: ["memory"], keepsBytes: false };

type Breakage = (good: Store, image: Uint8Array) => Partial<Store>;
const run = (broken?: Breakage, own: Partial<StoreManifest> = {}) =>
  outcomeOf((runner) =>
    storeSuite({
      ...runner,
      ...{ cases: 8, seed: 1, supports: { ...supports, ...own } },
      create: (bytes) => plainStore(bytes, broken),
    }),
  );

const broken: readonly (readonly [string, RegExp, Breakage])[] = [
  [
    "copies overlapping ranges from the first byte on",
    /copies upwards by one byte/,
    (_good, image) => ({
      copy(from, to, bytes) {
        for (let at = 0; at < bytes; at += 1) image[to + at] = image[from + at];
        return "memory";
      },
    }),
  ],
  [
    "copies one byte too few",
    /copies apart/,
    (good) => ({ copy: (from, to, bytes) => good.copy(from, to, Math.max(0, bytes - 1)) }),
  ],
  [
    "does not write the last byte",
    /first and the last byte/,
    (good) => ({ write: (at, data) => good.write(at, data.subarray(0, -1)) }),
  ],
  ["frees nothing", /zeroes what is deallocated/, () => ({ deallocate() {} })],
  [
    "says that nothing is allocated",
    /has allocated what was written/,
    () => ({ isAllocated: () => false }),
  ],
  [
    "finds no holes",
    /finds holes/,
    (good) => ({ isAllocated: (at, bytes) => good.isAllocated(at, bytes) || bytes > 0 }),
  ],
  [
    "takes places before its first byte",
    /refuses ranges outside/,
    (good) => ({ writeZeroes: (at, bytes) => good.writeZeroes(Math.max(0, at), bytes) }),
  ],
  ["can be flushed when closed", /closed once and for all/, () => ({ flush() {} })],
  [
    "copies by means that it does not declare",
    /copies apart/,
    (good) => ({
      copy(...range) {
        good.copy(...range);
        return "clone";
      },
    }),
  ],
  ["has another capacity", /capacity that was asked for/, () => ({ bytes: 4096 })],
  ["cannot be written", /capacity that was asked for/, () => ({ readonly: true })],
];

/** Keeps the buffer of the last write, and stores it again before it is read. */
function keeping(good: Store): Partial<Store> {
  let last: { at: number; data: Uint8Array } | undefined;
  return {
    write(at, data) {
      good.write(at, data);
      last = { at, data };
    },
    read(at, target) {
      if (last !== undefined) good.write(last.at, last.data);
      good.read(at, target);
    },
  };
}

describe("the suite of stores", () => {
  it("passes a store that keeps the contract", async () => {
    const { tests, failures } = await run();
    expect(failures).toEqual([]);
    expect(tests).toBeGreaterThan(15);
  });

  it.each(broken)("fails a store that %s", async (_title, test, breakage) => {
    const { failures } = await run(breakage);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it("fails a store that can more than its manifest says", async () => {
    const { failures } = await run(undefined, { findsHoles: false });
    expect(failures.map((one) => one.test)).toEqual([
      "store > allocation > says allocated where it cannot know",
    ]);
  });

  it("fails a store that keeps what it was given, and names the seed that shows it", async () => {
    const { failures } = await run(keeping);
    expect(failures.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/give the suite \{ seed: \d+ \} to see it again/),
    );
  });
});
