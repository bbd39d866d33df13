import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/** `requests` of a token whose halves have not all met. */
export const NOT_PAIRED = -1;
/** `moved` of a token whose halves go back to where its copy was submitted. */
export const RECALLED = 2;

/**
 * Tokens of chunks whose halves have not all met. A bio carries its token's handle: one that comes after its token is
 * gone finds nothing, whoever has the row by then.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk | the chunk that the token is of |
 * | blocks | blocks of both sides that have not arrived. Blocks, not bios: it does not matter how often a side was split |
 * | bios | bios that have not arrived, as far as none is split |
 * | head | halves that have arrived, linked, in any order |
 * | moved | 1 when a half has arrived on another device than it was submitted to, or `RECALLED` |
 * | requests | requests that the token was paired into and that have not ended, -1 before |
 * | status | the first status other than success of a request |
 */
export const tokenTable: TableDefinition<TokenColumns> = defineTable(
  "list-token",
  {
    chunk: "row:chunk",
    blocks: "word",
    bios: "word",
    head: "row:bio",
    moved: "word",
    requests: "word",
    status: "word",
  },
  { linked: false },
);
export type TokenColumns = {
  readonly chunk: "row:chunk";
  readonly blocks: "word";
  readonly bios: "word";
  readonly head: "row:bio";
  readonly moved: "word";
  readonly requests: "word";
  readonly status: "word";
};
export type TokenTable = Table<TokenColumns>;
