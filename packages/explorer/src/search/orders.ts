import { FerryError } from "@blockferry/core";
import type { Scenario } from "../scenario.ts";

/** States above which no search of every order is begun. */
const STATES_MAX = 1e9;

/**
 * States that a scenario has at least, whatever the strategy and the reduction: each copy of a submitter, each chunk of it, has
 * not been sent, is in flight, or has ended.
 */
export function statesAtLeast({ tasks, chunkBlocks }: Scenario): number {
  let states = 1;
  for (const { copies, atOnce = false } of tasks) {
    const each = copies.map(({ sources }) => {
      const blocks = sources.reduce((sum, [, length]) => sum + length, 0);
      return 3 ** Math.ceil(blocks / (chunkBlocks ?? blocks));
    });
    // One after the other they add up, all at once they multiply.
    states *= atOnce
      ? each.reduce((all, one) => all * one, 1)
      : each.reduce((all, one) => all + one - 1, 1);
  }
  return states;
}

/**
 * Refuses a world whose orders cannot all be tried.
 *
 * @param path where the world is, for the message
 * @throws FerryError `FERRY_SCENARIO_BOUNDS`
 */
export function checkFinite(scenario: Scenario, path: readonly (string | number)[]): void {
  const states = statesAtLeast(scenario);
  if (states <= STATES_MAX) return;
  const where = [...path, "tasks"];
  throw new FerryError(
    "FERRY_SCENARIO_BOUNDS",
    `${where.join(".")}: at least ${states.toExponential(0)} states; exploring every order would not end`,
    {
      details: { path: where, states },
      hint: "take fewer copies at one time, or --random SEED for some of the orders",
    },
  );
}
