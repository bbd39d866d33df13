/**
 * Wire structures and codecs as a suite.
 *
 * @packageDocumentation
 */
export type { TestRunner } from "../test-runner.ts";
export { codecSuite } from "./codec-suite.ts";
export {
  type CodecSuiteOptions,
  type CodecVector,
  type Coder,
  type Decoder,
  structuresOf,
} from "./codec-suite-options.ts";
