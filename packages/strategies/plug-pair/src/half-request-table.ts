import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/** What a half-request is at. */
export const state = {
  /** In a plug or a software queue; other halves may attach to it. */
  waiting: 0,
  /** Sent, as the requests that it was paired into. */
  sent: 1,
  /** Its bios end in a step of their own: as of requests, or as of halves that never got into one. */
  ending: 2,
  failing: 3,
} as const;

/**
 * Half-requests: what the first of two halves becomes at the bottom. Rows are linked in the plug or the software queue that
 * they wait in, the newest first.
 *
 * | column | meaning |
 * | --- | --- |
 * | first, second, third | the bios of the request in the order in which they came, -1 for none |
 * | device | the device that it waits for |
 * | lane | the submitter in whose plug it is, -1 in the software queue |
 * | state | see `state` |
 * | requests | of a sent one: requests that have not ended |
 * | status | the first status other than success |
 * | told | while it is ending: the blocks that its submitter is to be told of |
 */
export const halfRequestTable: TableDefinition<HalfRequestColumns> = defineTable("plug-pair", {
  first: "row:bio",
  second: "row:bio",
  third: "row:bio",
  device: "word",
  lane: "word",
  state: "word",
  requests: "word",
  status: "word",
  told: "number",
});
export type HalfRequestColumns = {
  readonly first: "row:bio";
  readonly second: "row:bio";
  readonly third: "row:bio";
  readonly device: "word";
  readonly lane: "word";
  readonly state: "word";
  readonly requests: "word";
  readonly status: "word";
  readonly told: "number";
};
export type HalfRequestTable = Table<HalfRequestColumns>;

/** The plugs by submitter. */
export const plugTable: TableDefinition<HeadColumns> = defineTable(
  "plug-pair-plug",
  { head: "row:plug-pair" },
  { fixed: true, linked: false },
);

/** The software queues by device. */
export const queueTable: TableDefinition<HeadColumns> = defineTable(
  "plug-pair-queue",
  { head: "row:plug-pair" },
  { fixed: true, linked: false },
);
export type HeadColumns = { readonly head: "row:plug-pair" };
export type HeadTable = Table<HeadColumns>;
