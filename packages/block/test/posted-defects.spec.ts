import { describe, expect, it } from "vitest";
import { blockEngine, copyOn, type EngineDefect, partition } from "../src/index.ts";
import { ticks } from "./support/bench.ts";
import { testController } from "./support/block-model.ts";
import { leaks, strategies } from "./support/scenario.ts";

/*
 * Goal: the defects of the payload series of 2020 and 2021 do what the postings do, and an engine without them does not. Method:
 * what each block must hold is worked out by hand from the posted lines (`range[i].src += start_sect` once more,
 * `range[i].src > max_copy_range_sectors`).
 */
const START = 16;

function above(defects: readonly EngineDefect[]) {
  const controller = testController([{ blocks: 128 }]);
  const [disk] = controller.devices;
  const part = partition({ device: disk, start: START, blocks: 100 });
  const engine = blockEngine({ devices: [part], strategy: strategies["source-list"](), defects });
  /** Number of the block of the disk whose content lies in block `lba` of the disk. */
  const contentOf = (lba: number): number => controller.units[0].labels[lba] - 1e9;
  return { disk, part, engine, contentOf };
}

describe("a copy that a frozen disk below a partition has held back", () => {
  const cases: { defects: EngineDefect[]; to: number; from: [number, number] }[] = [
    { defects: [], to: START + 40, from: [START + 2, START + 9] },
    {
      defects: ["remaps-sources-again"],
      to: START + 40,
      from: [2 * START + 2, 2 * START + 9],
    },
    { defects: ["remaps-again"], to: 2 * START + 40, from: [2 * START + 2, 2 * START + 9] },
  ];

  it.each(cases)("with $defects goes to $to from $from", async ({ defects, to, from }) => {
    const { disk, part, engine, contentOf } = above(defects);
    const sources = [
      { lba: 2, blocks: 1 },
      { lba: 9, blocks: 1 },
    ];
    engine.hold(engine.deviceNumber(disk));
    const running = copyOn(engine, part, { sources, destination: 40 });
    await ticks();
    engine.unfreeze(engine.deviceNumber(disk));
    expect((await running).status).toBe("success");
    const changed = Array.from({ length: 128 }, (_, lba) => lba).filter(
      (lba) => contentOf(lba) !== lba,
    );
    expect(changed).toEqual([to, to + 1]);
    expect([contentOf(to), contentOf(to + 1)]).toEqual(from);
    expect(leaks(engine)).toEqual([]);
  });

  it("is refused where its second address is behind the partition's end", async () => {
    const { disk, part, engine, contentOf } = above(["remaps-again"]);
    engine.hold(engine.deviceNumber(disk));
    const running = copyOn(engine, part, { sources: [{ lba: 2, blocks: 1 }], destination: 90 });
    await ticks();
    engine.unfreeze(engine.deviceNumber(disk));
    expect(await running).toMatchObject({ status: "unmapped", copiedBlocks: 0 });
    expect(contentOf(START + 90)).toBe(START + 90);
    expect(leaks(engine)).toEqual([]);
  });

  it("that went down while nothing was frozen is as it should be", async () => {
    const { part, engine, contentOf } = above(["remaps-again"]);
    const copied = copyOn(engine, part, { sources: [{ lba: 2, blocks: 1 }], destination: 40 });
    expect((await copied).status).toBe("success");
    expect(contentOf(START + 40)).toBe(START + 2);
  });
});

describe("a limit of 8 blocks that is compared with the address of a range", () => {
  const limits = { copyRangeBlocksMax: 8 };
  const copyFrom = async (lba: number, blocks: number, defects: readonly EngineDefect[]) => {
    const controller = testController([{ blocks: 128, limits }]);
    const [disk] = controller.devices;
    const engine = blockEngine({ devices: [disk], strategy: strategies["source-list"](), defects });
    const sources = [{ lba, blocks }];
    const result = await copyOn(engine, disk, { sources, destination: 64 });
    expect(leaks(engine)).toEqual([]);
    return [result.status, controller.log.length];
  };

  it.each([
    { lba: 8, blocks: 1, told: ["success", 1] },
    { lba: 9, blocks: 1, told: ["limitExceeded", 0] },
    // The address alone is looked at; the engine cuts behind the check.
    { lba: 0, blocks: 24, told: ["success", 1] },
  ])("lets $blocks blocks at $lba pass: $told", async ({ lba, blocks, told }) => {
    expect(await copyFrom(lba, blocks, ["limit-by-address"])).toEqual(told);
  });

  it("refuses nothing in an engine without it", async () => {
    expect(await copyFrom(9, 1, [])).toEqual(["success", 1]);
  });
});
