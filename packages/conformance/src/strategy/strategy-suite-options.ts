import type { HazardName, HazardVerdict, PairingStrategy } from "@blockferry/core";
import type { TestRunner } from "../test-runner.ts";

/** What the devices of a hazard's world lie below. */
export const judgedStacks = ["bare", "linear", "striped"] as const;
export type JudgedStack = (typeof judgedStacks)[number];

/** What was found of a strategy, and by what. */
export interface Judgement {
  /** Not there: the search ended before it could say. */
  readonly verdict: HazardVerdict | undefined;
  /** The sequence of steps that breaks it, or what else there is to say; for the message of a test. */
  readonly why: string;
}

/** Who runs a strategy: `strategyJudge` of `@blockferry/explorer`, which runs it in the engine, or another one. */
export interface StrategyJudge {
  /** Explores every order of a small world. */
  everyOrder(make: () => PairingStrategy, hazard: HazardName, stack: JudgedStack): Judgement;
  /** Runs a larger world in orders drawn from a seed. */
  someOrders(
    make: () => PairingStrategy,
    hazard: HazardName,
    stack: JudgedStack,
    seed: number,
  ): Judgement;
}

export interface StrategySuiteOptions extends TestRunner {
  /** Makes the strategy anew. */
  make(): PairingStrategy;
  readonly judge: StrategyJudge;
  /** Seeds of the random runs. Default 1, 2. */
  readonly seeds?: readonly number[];
}
