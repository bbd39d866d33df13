/**
 * The contract of `Transport` as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { type CommandDialect, plainDialect } from "./command-dialect.ts";
export { transportSuite } from "./transport-suite.ts";
export type {
  ConnectedTransport,
  TransportAbilities,
  TransportSuiteOptions,
} from "./transport-suite-options.ts";
