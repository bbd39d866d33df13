/**
 * The contract of `DeviceModel` as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { modelSuite } from "./model-suite.ts";
export type {
  EmptyRangeRule,
  ModelAbilities,
  ModelAnswer,
  ModelDriver,
  ModelLimits,
  ModelShape,
  ModelSuiteOptions,
  OverlapRule,
  RawCommand,
  RefusalRule,
  UnitRange,
} from "./model-suite-options.ts";
