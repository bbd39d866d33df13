// Goal: each hazard's world is what it says, and one bio with a list of sources loses in it only what the hazard takes away.
import { hazardNames } from "@blockferry/core";
import { sourceList } from "@blockferry/strategy-source-list";
import { describe, expect, it } from "vitest";
import {
  checkScenario,
  explore,
  HAZARD_WORLD_BLOCKS,
  hazardVerdict,
  hazardWorlds,
  World,
} from "../src/index.ts";

describe.each(hazardNames)("the world of %s", (hazard) => {
  const { world, refusedBeyondFaults } = hazardWorlds[hazard];

  it("is a scenario's world, of the size that it says", () => {
    const cases = [{ name: "one", strategy: "source-list", expect: { verdict: "clean" } }];
    const file = { name: "world", title: "World", mails: [], story: "", world, cases };
    expect(checkScenario(JSON.parse(JSON.stringify(file))).world).toEqual(world);
    expect(new World(world, sourceList()).top.capacityBlocks).toBe(HAZARD_WORLD_BLOCKS);
  });

  it("takes away what it says, measured", () => {
    expect(explore(world, sourceList())).toMatchObject({ verdict: "clean", refusedBeyondFaults });
    expect(hazardVerdict(() => sourceList(), hazard).verdict).toBe("survives");
  });
});

it("tells a strategy that refuses from one that breaks", () => {
  const { world } = hazardWorlds.deviceError;
  // A failed command is a fault that happened: nothing is refused beyond it; without room for it, it would be.
  expect(hazardVerdict(() => sourceList(), { world, refusedBeyondFaults: -1 }).verdict).toBe(
    "refuses",
  );
  expect(
    hazardVerdict(() => sourceList(), "deviceError", { statesMax: 10 }).verdict,
  ).toBeUndefined();
  // A partition that moves the destination alone (as with a layer that was taught nothing of lists).
  const partition = { layer: "partition", start: 4, blocks: 32, walksSources: false } as const;
  const unwalked = { ...hazardWorlds.partition.world, stack: [partition] };
  const found = hazardVerdict(() => sourceList(), { world: unwalked, refusedBeyondFaults: 0 });
  expect(found.verdict).toBe("breaks");
  expect(found.finding.counterexample?.replay.violation).toBeDefined();
});
