/**
 * Vocabulary and contracts of copy offload.
 *
 * @packageDocumentation
 */
export * from "./bio.ts";
export * from "./command-set.ts";
export * from "./device-model.ts";
export * from "./errors.ts";
export * from "./fault-set.ts";
export * from "./half-lists.ts";
export * from "./hazard.ts";
export * from "./limits.ts";
export * from "./range.ts";
export * from "./scheduler.ts";
export * from "./status.ts";
export * from "./store.ts";
export * from "./strategy.ts";
export * from "./strategy-kind.ts";
export * from "./submit-halves.ts";
export * from "./trace.ts";
export * from "./transport.ts";
