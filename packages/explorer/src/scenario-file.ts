import type { PairingStrategy } from "@blockferry/core";
import type { Scenario } from "./scenario.ts";
import type { Exploration } from "./search/explore.ts";
import type { ViolationKind } from "./world/violation.ts";

/** What a case of a scenario is known to end in. */
export interface Expectation {
  readonly verdict: "clean" | "violation";
  /** Of a violation: its kind. */
  readonly kind?: ViolationKind | undefined;
  /** Of a violation: moves of the shortest counterexample at most. */
  readonly movesMax?: number | undefined;
  /** Of a clean case: whether some copies are refused. Not given: either. */
  readonly refuses?: boolean | undefined;
  /** Of a clean case: whether some copies carry data that is newer than their submission. Not given: either. */
  readonly newer?: boolean | undefined;
}

/** One strategy in one world: as it was posted, or as repaired. */
export interface ScenarioCase {
  readonly name: string;
  /** `NAME` or `NAME:option=value,…`. */
  readonly strategy: string;
  /** What of the scenario's world is different here. */
  readonly world?: Partial<Scenario> | undefined;
  readonly expect: Expectation;
}

/** A mail that argues by example. */
export interface ScenarioMail {
  readonly id: string;
  readonly by: string;
  readonly date: string;
}

/** A scenario file: a story that somebody told, the world it plays in, and what becomes of it. */
export interface ScenarioFile {
  readonly name: string;
  readonly title: string;
  readonly mails: readonly ScenarioMail[];
  readonly story: string;
  /** Takes seconds: not part of quick runs. */
  readonly slow?: boolean | undefined;
  readonly world: Scenario;
  readonly cases: readonly ScenarioCase[];
}

/** The world of one case of a scenario file. */
export function worldOf(file: ScenarioFile, one: ScenarioCase): Scenario {
  return { ...file.world, ...one.world };
}

/** Makes strategies by their text, `NAME:option=value`. */
export type StrategyMaker = (text: string) => PairingStrategy | Promise<PairingStrategy>;

/** In what a search differs from what was expected; `undefined` where it does not. `moves` are those of the shortest counterexample. */
export function differs(
  expected: Expectation,
  found: Exploration,
  moves: number | undefined,
): string | undefined {
  if (found.verdict !== expected.verdict) {
    return `expected ${expected.verdict}, found ${found.verdict}`;
  }
  if (expected.kind !== undefined && found.violation?.kind !== expected.kind) {
    return `expected a violation of kind ${expected.kind}, found ${found.violation?.kind}`;
  }
  if (expected.movesMax !== undefined && moves !== undefined && moves > expected.movesMax) {
    return `expected at most ${expected.movesMax} moves, found ${moves}`;
  }
  if (expected.refuses !== undefined && expected.refuses !== found.endsRefused > 0) {
    return expected.refuses ? "expected refusals, found none" : "expected no refusals, found some";
  }
  if (expected.newer !== undefined && expected.newer !== found.endsNewer > 0) {
    return expected.newer
      ? "expected newer data, found none"
      : "expected no newer data, found some";
  }
  return undefined;
}
