/**
 * The engine and its strategies under a scheduler that tries every order.
 *
 * @packageDocumentation
 */
export {
  counterexampleOf,
  examine,
  type Finding,
  type ShownCounterexample,
} from "./examine.ts";
export { type FoundVerdict, hazardVerdict, verdictOf } from "./hazard-verdict.ts";
export { HAZARD_WORLD_BLOCKS, type HazardWorld, hazardWorlds } from "./hazard-worlds.ts";
export { parsePath, pathText, type Replay, type ReplayedStep, replay } from "./replay.ts";
export * from "./scenario.ts";
export {
  differs,
  type Expectation,
  type ScenarioCase,
  type ScenarioFile,
  type ScenarioMail,
  type StrategyMaker,
  worldOf,
} from "./scenario-file.ts";
export { findScenario, scenarios } from "./scenarios.ts";
export { checkScenario, type DocumentPath, scenarioSchema } from "./schema/scenario-schema.ts";
export {
  type Exploration,
  type ExploreOptions,
  explore,
  type Progress,
  type ReductionKind,
} from "./search/explore.ts";
export { checkFinite } from "./search/orders.ts";
export { type RandomOptions, type RandomResult, randomRuns } from "./search/random.ts";
export { sharedStates } from "./search/shared-visited.ts";
export { type Counterexample, shortest } from "./search/shortest.ts";
export { strategyJudge } from "./strategy-judge.ts";
export { Violation, type ViolationKind } from "./world/violation.ts";
export { World } from "./world/world.ts";
