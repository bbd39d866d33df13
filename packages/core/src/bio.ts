import { type ColumnKind, defineTable, type Table, type TableDefinition } from "./table/index.ts";

/**
 * Operations of a bio and of a request. `source` and `destination` are the two halves of a copy that travels as two
 * bios (REQ_OP_COPY_SRC, REQ_OP_COPY_DST); `copy` is a copy in one bio.
 */
export const operation = {
  read: 0,
  write: 1,
  flush: 2,
  source: 3,
  destination: 4,
  copy: 5,
} as const;
export type OperationName = keyof typeof operation;

/** The name of an operation number. */
export function operationName(value: number): OperationName {
  return (Object.keys(operation) as OperationName[])[value];
}

/**
 * A bio: one operation on its way down a stack of devices.
 *
 * | column | meaning |
 * | --- | --- |
 * | operation | see `operation` |
 * | device | the device it is at now, -1 for a root whose own part has ended while others have not |
 * | lba, blocks | where, on that device; for `source` the source, for `destination` and `copy` the destination |
 * | offset | blocks from the start of its chunk |
 * | chunk | the chunk it is part of, -1 for none |
 * | root | the bio that was started and that this is a split-off part of; itself when it was started |
 * | pieces | of a root: parts of it that have not ended, itself included |
 * | status | of a root: the first status other than success that a part of it ended with |
 * | window, ranges | of a `copy`: its source ranges |
 * | lane | the submitter in whose context it goes down, -1 once a stacked device sends it on by itself |
 * | token | at the strategy's use; of a transfer the copy that it is a part of, -1 for none |
 *
 * @param token what the strategy's tokens are
 */
export function bioTable(token: ColumnKind = "word"): TableDefinition<BioColumns> {
  return defineTable("bio", {
    operation: "word",
    device: "word",
    lba: "lba",
    blocks: "word",
    offset: "word",
    chunk: "row:chunk",
    root: "row:bio",
    pieces: "word",
    status: "word",
    window: "row:window",
    ranges: "word",
    lane: "word",
    token: token as "word",
  });
}
export type BioColumns = {
  readonly operation: "word";
  readonly device: "word";
  readonly lba: "lba";
  readonly blocks: "word";
  readonly offset: "word";
  readonly chunk: "row:chunk";
  readonly root: "row:bio";
  readonly pieces: "word";
  readonly status: "word";
  readonly window: "row:window";
  readonly ranges: "word";
  readonly lane: "word";
  readonly token: "word";
};
export type BioTable = Table<BioColumns>;

/**
 * A request: what a bottom queue sends to its device, in one command or several.
 *
 * | column | meaning |
 * | --- | --- |
 * | operation | `copy`, `read`, `write` or `flush` |
 * | device, lba, blocks | the destination |
 * | offset | blocks from the start of its chunk |
 * | chunk | the chunk, -1 for none |
 * | owner | at the use of who made it: told back when the request ends |
 * | window, ranges | source ranges of a copy |
 * | cursor | how far commands have been planned: range, blocks of that range, blocks of the last command |
 * | planned, ended | blocks in commands that were sent, blocks whose fate is known |
 * | commands | commands in flight |
 * | status | the first status other than success |
 * | retries | how often this part was sent again already |
 * | parent | the request that this one repeats a part of, -1 for none |
 *
 * @param owner what the strategy's owners are
 */
export function requestTable(owner: ColumnKind = "word"): TableDefinition<RequestColumns> {
  return defineTable("request", {
    operation: "word",
    device: "word",
    lba: "lba",
    blocks: "word",
    offset: "word",
    chunk: "row:chunk",
    owner: owner as "word",
    window: "row:window",
    ranges: "word",
    cursor: 3,
    planned: "word",
    ended: "word",
    commands: "word",
    status: "word",
    retries: "word",
    parent: "row:request",
  });
}
export type RequestColumns = {
  readonly operation: "word";
  readonly device: "word";
  readonly lba: "lba";
  readonly blocks: "word";
  readonly offset: "word";
  readonly chunk: "row:chunk";
  readonly owner: "word";
  readonly window: "row:window";
  readonly ranges: "word";
  readonly cursor: 3;
  readonly planned: "word";
  readonly ended: "word";
  readonly commands: "word";
  readonly status: "word";
  readonly retries: "word";
  readonly parent: "row:request";
};
export type RequestTable = Table<RequestColumns>;

/**
 * A chunk: the part of a copy that a strategy pairs at one time.
 *
 * `offset` is in blocks from the start of the copy. `window`/`ranges` hold its source ranges on the device that the
 * copy was submitted to, until the strategy takes the window over. `bios` counts its bios that have not ended,
 * `accounted` the blocks of its destination whose fate is known, `lane` the submitter it belongs to.
 *
 * @param token what the strategy's tokens are
 */
export function chunkTable(token: ColumnKind = "word"): TableDefinition<ChunkColumns> {
  return defineTable(
    "chunk",
    {
      copy: "row:copy",
      device: "word",
      lba: "lba",
      offset: "number",
      blocks: "word",
      window: "row:window",
      ranges: "word",
      bios: "word",
      accounted: "word",
      status: "word",
      lane: "word",
      token: token as "word",
    },
    { linked: false },
  );
}
export type ChunkColumns = {
  readonly copy: "row:copy";
  readonly device: "word";
  readonly lba: "lba";
  readonly offset: "number";
  readonly blocks: "word";
  readonly window: "row:window";
  readonly ranges: "word";
  readonly bios: "word";
  readonly accounted: "word";
  readonly status: "word";
  readonly lane: "word";
  readonly token: "word";
};
export type ChunkTable = Table<ChunkColumns>;
