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
};
export type TokenTable = Table<TokenColumns>;

/**
 * Destination bios, or parts of one, that have spent their part of a token. Each ends with its own requests: one that waited for
 * the other parts would wait below a mapping for what is held back above it.
 *
 * | column | meaning |
 * | --- | --- |
 * | bio | the bio |
 * | requests | requests made of it that have not ended |
 * | status | the first status other than success of one |
 */
export const carriedTable: TableDefinition<CarriedColumns> = defineTable(
  "carried",
  { bio: "row:bio", requests: "word", status: "word" },
  { linked: false },
);
export type CarriedColumns = {
  readonly bio: "row:bio";
  readonly requests: "word";
  readonly status: "word";
};
export type CarriedTable = Table<CarriedColumns>;
