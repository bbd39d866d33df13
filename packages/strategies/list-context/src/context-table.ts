import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/** `requests` of a context whose halves have not all met. */
export const NOT_PAIRED = -1;
/** `moved` of a context whose halves go back to where its copy was submitted. */
export const RECALLED = 2;

/**
 * Contexts: what the bios of a chunk share. A bio names its context by the row itself, as a kernel's bio does by a pointer.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk | the chunk that the context is of |
 * | left | blocks of both sides whose bios are on their way: each of them holds the context |
 * | missing | what is counted of the halves (blocks, halves or pieces of them) and has not arrived |
 * | head | halves that are parked or paired, linked, in any order |
 * | moved | 1 when a half was split, or has arrived on another device than it was submitted to; or `RECALLED` |
 * | requests | requests that the context was paired into and that have not ended, -1 before |
 * | status | the first status other than success; before the pairing: the context is given up |
 */
export const contextTable: TableDefinition<ContextColumns> = defineTable(
  "list-context",
  {
    chunk: "row:chunk",
    left: "word",
    missing: "word",
    head: "row:bio",
    moved: "word",
    requests: "word",
    status: "word",
  },
  { linked: false },
);
export type ContextColumns = {
  readonly chunk: "row:chunk";
  readonly left: "word";
  readonly missing: "word";
  readonly head: "row:bio";
  readonly moved: "word";
  readonly requests: "word";
  readonly status: "word";
};
export type ContextTable = Table<ContextColumns>;
