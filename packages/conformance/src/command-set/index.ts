/**
 * The contract of `CommandSet` and `CommandEncoder` as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { commandSetSuite } from "./command-set-suite.ts";
export type {
  CommandSetAbilities,
  CommandSetSuiteOptions,
  KnownStatus,
  OpenedCommandSet,
  ReadCommand,
  SentCommand,
} from "./command-set-suite-options.ts";
