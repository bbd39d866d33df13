import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/**
 * Tokens: what the source bios of a part of a chunk fill and its destination bio spends.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk, offset, blocks | the part of the chunk |
 * | destination | the destination bio until it is submitted, -1 from then on |
 * | missing | blocks of the source that have not arrived |
 * | pieces | where the source blocks are: the last piece of the list |
 * | mappings | the generation of the mappings, as far as the token is to know |
 * | tries | how often the part went back to the first phase because mappings had changed |
 * | unspent | blocks of the destination that have neither arrived nor failed |
 * | spent | parts of the destination bio that were carried, linked |
 * | requests | requests made of those that have not ended |
 * | status | the first status other than success of a request |
 */
export const tokenTable: TableDefinition<TokenColumns> = defineTable(
  "copy-token",
  {
    chunk: "row:chunk",
    offset: "word",
    blocks: "word",
    destination: "row:bio",
    missing: "word",
    pieces: "row:source-piece",
    mappings: "word",
    tries: "word",
    unspent: "word",
    spent: "row:bio",
    requests: "word",
    status: "word",
  },
  { linked: false },
);
export type TokenColumns = {
  readonly chunk: "row:chunk";
  readonly offset: "word";
  readonly blocks: "word";
  readonly destination: "row:bio";
  readonly missing: "word";
  readonly pieces: "row:source-piece";
  readonly mappings: "word";
  readonly tries: "word";
  readonly unspent: "word";
  readonly spent: "row:bio";
  readonly requests: "word";
  readonly status: "word";
};
export type TokenTable = Table<TokenColumns>;
