/**
 * An engine that only notes what a strategy asks of it, and stacks played by hand: for tests of one strategy alone.
 *
 * @packageDocumentation
 */
export {
  type NotedConditions,
  type NotedEnd,
  type NotedEngine,
  type NotedRequest,
  notedEngine,
  type PairedBlock,
} from "./noted-engine.ts";
export { type Pick, pairsOf, scatter } from "./scattered-halves.ts";
