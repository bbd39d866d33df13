import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/**
 * Requests that bios of one range each are merged into. A chunk has one that waits in a plug, which its token names.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk | the chunk whose bios they are |
 * | device, lba, blocks, offset | the destination |
 * | window, ranges | sources; -1 once it is sent |
 * | bios | its bios, linked |
 * | lane | the submitter in whose plug it waits, -1 once it is sent |
 * | requests | requests made of it that have not ended |
 * | status | the first status other than success of one |
 */
export const mergeTable: TableDefinition<MergeColumns> = defineTable(
  "merged-copy",
  {
    chunk: "row:chunk",
    device: "word",
    lba: "lba",
    blocks: "word",
    offset: "word",
    window: "row:window",
    ranges: "word",
    bios: "row:bio",
    lane: "word",
    requests: "word",
    status: "word",
  },
  { linked: false },
);
export type MergeColumns = {
  readonly chunk: "row:chunk";
  readonly device: "word";
  readonly lba: "lba";
  readonly blocks: "word";
  readonly offset: "word";
  readonly window: "row:window";
  readonly ranges: "word";
  readonly bios: "row:bio";
  readonly lane: "word";
  readonly requests: "word";
  readonly status: "word";
};
export type MergeTable = Table<MergeColumns>;
