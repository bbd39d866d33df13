/**
 * What a host may do about a status whose Do Not Retry bit is clear:
 * `later` the same command may succeed on the same controller, `elsewhere` on another controller
 * or path, `never` the command itself is at fault.
 */
export type RetryHint = "never" | "later" | "elsewhere";

/** One row of a status table: SC, name, what it means, retry hint. */
export type StatusRow = readonly [sc: number, name: string, meaning: string, retry: RetryHint];
