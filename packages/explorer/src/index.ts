/**
 * The engine and its strategies under a scheduler that tries every order.
 *
 * @packageDocumentation
 */
export * from "./scenario.ts";
export { type Exploration, type ExploreOptions, explore, type Progress } from "./search/explore.ts";
export { Violation, type ViolationKind } from "./world/violation.ts";
export { World } from "./world/world.ts";
