/**
 * From ranges and limits to commands: the one place where copies are cut.
 *
 * @packageDocumentation
 */
export * from "./plan.ts";
export * from "./plan-command.ts";
