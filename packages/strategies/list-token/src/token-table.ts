import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/**
 * Tokens of chunks whose halves have not all met. A bio carries its token's handle: one that comes after its token is
 * gone finds nothing, whoever has the row by then.
 *
 * `sourceBlocks`/`destinationBlocks` count what has arrived: parts are counted in blocks, not in bios, so that it does
 * not matter how often either side was split. `requests` counts those that the token was paired into, -1 before.
 */
export const tokenTable: TableDefinition<TokenColumns> = defineTable("list-token", {
  chunk: "word",
  sourceBlocks: "word",
  destinationBlocks: "word",
  sourceHead: "word",
  sourceTail: "word",
  destinationHead: "word",
  destinationTail: "word",
  requests: "word",
  status: "word",
});
export type TokenColumns = {
  readonly chunk: "word";
  readonly sourceBlocks: "word";
  readonly destinationBlocks: "word";
  readonly sourceHead: "word";
  readonly sourceTail: "word";
  readonly destinationHead: "word";
  readonly destinationTail: "word";
  readonly requests: "word";
  readonly status: "word";
};
export type TokenTable = Table<TokenColumns>;
