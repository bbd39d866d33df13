/**
 * The contract of `PairingStrategy` as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { strategySuite } from "./strategy-suite.ts";
export {
  type JudgedStack,
  type Judgement,
  judgedStacks,
  type StrategyJudge,
  type StrategySuiteOptions,
} from "./strategy-suite-options.ts";
