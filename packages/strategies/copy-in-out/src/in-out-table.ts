import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/**
 * Pairs of COPY_IN and COPY_OUT, each for one range of a chunk or a part of one.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk, offset, blocks | the part of the chunk |
 * | out | the COPY_OUT bio until it is submitted, -1 from then on |
 * | unconfirmed | blocks of COPY_IN that have neither reached the bottom nor failed |
 * | device, lba | where COPY_IN has reached the bottom |
 * | mappings | the generation of the mappings when COPY_IN was submitted |
 * | tries | how often the part went back to COPY_IN because mappings had changed |
 * | unspent | blocks of COPY_OUT that have neither arrived nor failed |
 */
export const inOutTable: TableDefinition<InOutColumns> = defineTable(
  "in-out",
  {
    chunk: "row:chunk",
    offset: "word",
    blocks: "word",
    out: "row:bio",
    unconfirmed: "word",
    device: "word",
    lba: "lba",
    mappings: "word",
    tries: "word",
    unspent: "word",
  },
  { linked: false },
);
export type InOutColumns = {
  readonly chunk: "row:chunk";
  readonly offset: "word";
  readonly blocks: "word";
  readonly out: "row:bio";
  readonly unconfirmed: "word";
  readonly device: "word";
  readonly lba: "lba";
  readonly mappings: "word";
  readonly tries: "word";
  readonly unspent: "word";
};
export type InOutTable = Table<InOutColumns>;
