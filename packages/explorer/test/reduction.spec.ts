import { hazardNames } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { explore, hazardWorlds, type Scenario } from "../src/index.ts";
import { makeStrategy, strategyNames } from "./support/strategies.ts";

/*
 * Goal: what the reduction leaves out makes no difference. Method: every world is explored with it and without; the verdict and
 * the number of different ends, whole, refused and with newer data, must be the same, and not more states be met. States that are told
 * by the effects of moves are compared with those that the moves lead to.
 */
const oneBlock = (task: number) => ({
  copies: [{ sources: [[2 * task, 1] as const], destination: 16 + 2 * task }],
});
const threeTasks: Scenario = {
  devices: [{ name: "disk", blocks: 32 }],
  tasks: [0, 1, 2].map(oneBlock),
};
const worlds: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(hazardNames.map((hazard) => [hazard, hazardWorlds[hazard].world])),
  "three tasks, two faults of commands": {
    ...threeTasks,
    happens: { deviceError: 2, timeout: 2, duplicateCompletion: 2 },
    faultsMax: 2,
  },
  "three tasks, a fault and a reset": { ...threeTasks, happens: { deviceError: 1, reset: 1 } },
  "three tasks, one tag": { ...threeTasks, devices: [{ name: "disk", blocks: 32, queueDepth: 1 }] },
  "three tasks, newer data": { ...threeTasks, happens: { write: 2 } },
};

describe.each(strategyNames)("%s", (name) => {
  it.each(Object.keys(worlds))("%s", (world) => {
    const [reduced, ways, whole] = (["states", "ways", "none"] as const).map((reduction) =>
      explore(worlds[world], makeStrategy(name), { reduction, statesMax: 300_000, verifies: true }),
    );
    const told = ({ verdict, ends, endsWhole, endsRefused, endsNewer }: typeof whole) =>
      verdict === "violation" ? { verdict } : { verdict, ends, endsWhole, endsRefused, endsNewer };
    expect(told(reduced)).toEqual(told(whole));
    expect(told(ways)).toEqual(told(whole));
    if (whole.verdict !== "clean") return;
    expect(reduced.states).toBeLessThanOrEqual(whole.states);
    expect(ways.states).toBe(whole.states);
    expect(ways.transitions).toBeLessThanOrEqual(whole.transitions);
  });
});
