/**
 * The contract of `Store` as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { storeSuite } from "./store-suite.ts";
export type { ReopenOptions, StoreManifest, StoreSuiteOptions } from "./store-suite-options.ts";
