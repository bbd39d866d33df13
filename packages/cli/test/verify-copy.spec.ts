// Goal: verification finds every block that is not as it must be, and nothing where all is well.
// Method: a device that is one array; copies done by hand, with one thing made wrong at a time.
import type { CopySpan } from "@blockferry/block";
import { rangeList } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { startVerification } from "../src/verify/verify-copy.ts";

const BYTES = 512;
const BLOCKS = 20_000;
const ranges = [
  { lba: 100, blocks: 3000 },
  { lba: 9, blocks: 5 },
  { lba: 8000, blocks: 1 },
];
const total = 3006;
const destination = 10_000;
const whole: CopySpan[] = [{ offset: 0, blocks: total, means: "offload", status: "success" }];

function disk(): Uint8Array {
  const bytes = new Uint8Array(BLOCKS * BYTES);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (Math.imul(i, 2654435761) >>> 24) ^ (i >> 9);
  return bytes;
}

function look(bytes: Uint8Array, to = destination) {
  return startVerification({
    sources: rangeList(ranges),
    destination: to,
    bytesPerBlock: BYTES,
    capacityBlocks: BLOCKS,
    read: (lba, target) => target.set(bytes.subarray(lba * BYTES, lba * BYTES + target.length)),
  });
}

/** The copy as the standard has it: sources one behind the other, read before anything is written. */
function carryOut(bytes: Uint8Array, to = destination): void {
  const gathered = Buffer.concat(
    ranges.map(({ lba, blocks }) => bytes.slice(lba * BYTES, (lba + blocks) * BYTES)),
  );
  bytes.set(gathered, to * BYTES);
}

describe("verification of a copy", () => {
  it("finds a good copy good", async () => {
    const bytes = disk();
    const before = await look(bytes);
    carryOut(bytes);
    expect(await before.check(whole)).toEqual({
      verdict: "verified",
      comparedBlocks: total,
      differentBlocks: 0,
      sources: "unchanged",
      guardBlocks: 4096,
      guards: "unchanged",
    });
  });

  it.each([destination, destination + 2999, destination + 3000, destination + total - 1])(
    "finds the one wrong block %i",
    async (lba) => {
      const bytes = disk();
      const before = await look(bytes);
      carryOut(bytes);
      bytes[lba * BYTES + 511] ^= 1;
      expect(await before.check(whole)).toMatchObject({
        verdict: "mismatch",
        differentBlocks: 1,
        firstDifference: lba,
      });
    },
  );

  it.each([destination - 1, destination - 2048, destination + total, destination + total + 2047])(
    "finds guard block %i changed",
    async (lba) => {
      const bytes = disk();
      const before = await look(bytes);
      carryOut(bytes);
      bytes[lba * BYTES] ^= 1;
      expect(await before.check(whole)).toMatchObject({ verdict: "mismatch", guards: "changed" });
    },
  );

  it("finds a source changed, even where the destination is equal to it", async () => {
    const bytes = disk();
    const before = await look(bytes);
    bytes[9 * BYTES] ^= 1;
    carryOut(bytes);
    expect(await before.check(whole)).toMatchObject({ verdict: "mismatch", sources: "changed" });
  });

  it("looks only at what the copy says it copied", async () => {
    const bytes = disk();
    const before = await look(bytes);
    carryOut(bytes);
    bytes[(destination + 50) * BYTES] ^= 1;
    const spans: CopySpan[] = [
      { offset: 0, blocks: 100, means: "none", status: "cancelled" },
      { offset: 100, blocks: 2000, means: "offload", status: "success" },
      { offset: 2100, blocks: 906, means: "none", status: "cancelled" },
    ];
    expect(await before.check(spans)).toMatchObject({ verdict: "verified", comparedBlocks: 2000 });
    expect(
      await before.check([{ offset: 0, blocks: total, means: "none", status: "busy" }]),
    ).toMatchObject({ verdict: "nothing", comparedBlocks: 0 });
  });

  it("knows the sources from before where the destination is written over them", async () => {
    const bytes = disk();
    const before = await look(bytes, 1000);
    carryOut(bytes, 1000);
    expect(await before.check(whole)).toMatchObject({ verdict: "verified", sources: "overlapped" });
    bytes[1000 * BYTES] ^= 1;
    expect(await before.check(whole)).toMatchObject({ verdict: "mismatch", firstDifference: 1000 });
  });
});

describe("verification of a copy between devices", () => {
  async function lookAtBoth(from: Uint8Array, to: Uint8Array) {
    const readOf =
      (bytes: Uint8Array) =>
      (lba: number, target: Uint8Array): void =>
        target.set(bytes.subarray(lba * BYTES, lba * BYTES + target.length));
    return startVerification({
      sources: rangeList(ranges),
      destination: 50,
      bytesPerBlock: BYTES,
      capacityBlocks: BLOCKS,
      read: readOf(from),
      readDestination: readOf(to),
    });
  }
  const gathered = (from: Uint8Array): Buffer =>
    Buffer.concat(ranges.map(({ lba, blocks }) => from.slice(lba * BYTES, (lba + blocks) * BYTES)));

  it("compares the one with the other, at addresses that would overlap on one", async () => {
    const [from, to] = [disk(), new Uint8Array(BLOCKS * BYTES)];
    const before = await lookAtBoth(from, to);
    to.set(gathered(from), 50 * BYTES);
    expect(await before.check(whole)).toMatchObject({
      verdict: "verified",
      comparedBlocks: total,
      sources: "unchanged",
      guards: "unchanged",
    });
  });

  it.each([
    ["a block", (_from: Uint8Array, to: Uint8Array) => to.fill(7, 60 * BYTES, 61 * BYTES)],
    ["a guard block", (_from: Uint8Array, to: Uint8Array) => to.fill(7, 0, 1)],
    ["a source", (from: Uint8Array) => from.fill(7, 8000 * BYTES, 8001 * BYTES)],
  ])("finds %s that is not as it must be", async (_what, spoil) => {
    const [from, to] = [disk(), new Uint8Array(BLOCKS * BYTES)];
    const before = await lookAtBoth(from, to);
    to.set(gathered(from), 50 * BYTES);
    spoil(from, to);
    expect(await before.check(whole)).toMatchObject({ verdict: "mismatch" });
  });
});
