// Goal: limits in force are what the device says, never 0; a stack has the least of what lies below it, as
// blk_stack_limits() has it (block/blk-settings.c).
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_BLOCKS_MAX, copyLimits, type QueueLimits, stackLimits } from "../src/limits.ts";

const nvme: QueueLimits = {
  bytesPerBlock: 512,
  transferBlocksMax: 1024,
  copyShape: "many-to-one",
  copyBlocksMax: 512,
  copyRangesMax: 16,
  copyRangeBlocksMax: 128,
};

describe("limits in force", () => {
  it("are those of the device", () => {
    expect(copyLimits(nvme)).toEqual({
      shape: "many-to-one",
      blocksMax: 512,
      rangesMax: 16,
      rangeBlocksMax: 128,
      crossDevice: false,
    });
    expect(copyLimits({ ...nvme, copyCrossDevice: true })?.crossDevice).toBe(true);
  });

  it.each(["copyShape", "copyBlocksMax", "copyRangesMax", "copyRangeBlocksMax"])(
    "are none without %s",
    (name) => {
      expect(copyLimits({ ...nvme, [name]: undefined })).toBeUndefined();
    },
  );

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("are never %d", (value) => {
    for (const name of ["copyBlocksMax", "copyRangesMax", "copyRangeBlocksMax"]) {
      expect(() => copyLimits({ ...nvme, [name]: value })).toThrow(
        new RangeError(`${name} is ${value}; a limit is a whole number from 1 on, or undefined`),
      );
    }
  });

  it("fit signed words, and each other", () => {
    const wide = {
      ...nvme,
      copyBlocksMax: 2 ** 40,
      copyRangesMax: 2 ** 40,
      copyRangeBlocksMax: 2 ** 41,
    };
    const limits = copyLimits(wide);
    expect(limits?.blocksMax).toBe(2147483647);
    expect(limits?.rangeBlocksMax).toBe(COMMAND_BLOCKS_MAX);
    expect(copyLimits({ ...nvme, copyBlocksMax: 100 })?.rangeBlocksMax).toBe(100);
    expect(copyLimits({ ...nvme, copyShape: "one-to-one" })?.rangesMax).toBe(1);
  });
});

describe("limits of a stack", () => {
  const limit = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined });
  const limits: fc.Arbitrary<QueueLimits> = fc.record({
    bytesPerBlock: fc.constant(512),
    transferBlocksMax: fc.integer({ min: 1, max: 1000 }),
    copyShape: fc.constantFrom("many-to-one" as const, "token" as const, undefined),
    copyBlocksMax: limit,
    copyRangesMax: limit,
    copyRangeBlocksMax: limit,
    copyCrossDevice: fc.constantFrom(true, false, undefined),
  });

  it("are no more than those of any device below", () => {
    fc.assert(
      fc.property(fc.array(limits, { minLength: 1, maxLength: 4 }), (lower) => {
        const stacked = stackLimits(lower);
        const inForce = copyLimits(stacked);
        const below = lower.map(copyLimits);
        const isOne = new Set(lower.map(({ copyShape }) => copyShape)).size === 1;
        expect(stacked.transferBlocksMax).toBe(
          Math.min(...lower.map((each) => each.transferBlocksMax)),
        );
        if (!isOne || below.includes(undefined)) {
          expect(inForce).toBeUndefined();
          return;
        }
        const least = (name: "copyBlocksMax" | "copyRangesMax" | "copyRangeBlocksMax"): number =>
          Math.min(...lower.map((each) => each[name] ?? 0));
        expect(stacked).toMatchObject({
          copyBlocksMax: least("copyBlocksMax"),
          copyRangesMax: least("copyRangesMax"),
          copyRangeBlocksMax: least("copyRangeBlocksMax"),
        });
        expect(inForce?.crossDevice).toBe(lower.every((each) => each.copyCrossDevice === true));
      }),
    );
  });

  it("need a device, and blocks of one size", () => {
    expect(() => stackLimits([])).toThrow(RangeError);
    expect(() => stackLimits([nvme, { ...nvme, bytesPerBlock: 4096 }])).toThrow(/512 and 4096/);
    expect(stackLimits([nvme])).toEqual(nvme);
  });
});
