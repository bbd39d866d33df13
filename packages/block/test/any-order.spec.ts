import fc from "fast-check";
import { describe, it } from "vitest";
import { calm, runInAnyOrder, type Trouble } from "./support/any-order.ts";
import { scenario } from "./support/scenario.ts";

/*
 * Goal: whatever the order of the engine's steps and of the device's answers, with faults, lost commands, cancellations,
 * frozen and removed devices, every copy ends, what it says is true, and nothing is left behind. Method: steps are run
 * one at a time in an order drawn from a seed, several copies at once. RUNS sets how many scenarios are tried.
 */
const kinds: [string, Trouble][] = [
  ["when all is calm", calm],
  ["with faults", { ...calm, faults: true }],
  ["with lost commands", { ...calm, losses: true }],
  ["with cancellation", { ...calm, cancels: true }],
  ["with frozen devices", { ...calm, freezes: true }],
  ["with a removed device", { ...calm, removal: true }],
  ["with all of them", { faults: true, losses: true, cancels: true, freezes: true, removal: true }],
];

describe("steps and answers in any order", { timeout: 120_000 }, () => {
  it.each(kinds)("%s", async (_name, trouble) => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer(), (plain, seed) =>
        runInAnyOrder(plain, seed, trouble),
      ),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
  });
});
