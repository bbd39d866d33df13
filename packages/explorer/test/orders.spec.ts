import { describe, expect, it } from "vitest";
import { checkFinite, type ScenarioTask } from "../src/index.ts";
import { statesAtLeast } from "../src/search/orders.ts";

// Goal: a world that no search of every order would come to the end of is refused, with its place. Counted by hand.
const devices = [{ name: "disk", blocks: 256 }];
const copy = (at: number, blocks = 1) => ({
  sources: [[at, blocks] as const],
  destination: 128 + at,
});
const tasksOf = (count: number): ScenarioTask[] =>
  Array.from({ length: count }, (_, i) => ({ copies: [copy(i)] }));

describe("states at least", () => {
  it("multiply where copies are at one time, and add up where one follows the other", () => {
    expect(statesAtLeast({ devices, tasks: tasksOf(3) })).toBe(27);
    expect(statesAtLeast({ devices, tasks: [{ copies: [copy(0), copy(1), copy(2)] }] })).toBe(7);
    const atOnce = [{ copies: [copy(0), copy(1), copy(2)], atOnce: true }];
    expect(statesAtLeast({ devices, tasks: atOnce })).toBe(27);
    expect(statesAtLeast({ devices, tasks: [{ copies: [copy(0, 4)] }], chunkBlocks: 2 })).toBe(9);
  });

  it("bound what is begun", () => {
    expect(() => checkFinite({ devices, tasks: tasksOf(18) }, ["world"])).not.toThrow();
    expect(() => checkFinite({ devices, tasks: tasksOf(19) }, ["cases", 1, "world"])).toThrow(
      expect.objectContaining({
        code: "FERRY_SCENARIO_BOUNDS",
        details: { path: ["cases", 1, "world", "tasks"], states: 3 ** 19 },
      }),
    );
  });
});
