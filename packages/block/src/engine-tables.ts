import { RANGE_WORDS } from "@blockferry/core/plan";
import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/** Flags of a copy. */
export const COPY_EMULATE = 1;
export const COPY_CANCELLED = 2;
/** Done through the host from the start, in an order that overlapping ranges allow. */
export const COPY_ORDERED = 4;
/** Waits in the list of copies for room to start a chunk. */
export const COPY_WAITING = 8;
/** An emulation step is posted or in progress. */
export const COPY_EMULATING = 16;

/**
 * A copy: what one submitter asked for, from device `source` to address `lba` of `device`. `issued` counts blocks that were given to chunks, `copied`, `emulated` and
 * `failed` those whose fate is known; `range`/`rangeOffset` is the place in the caller's list. `told` is what a strategy reports instead
 * of what was accounted, -1 for nothing; `pieceOffset`/`pieceBlocks` the piece that goes through the host now.
 */
export const copyTable: TableDefinition<CopyColumns> = defineTable(
  "copy",
  {
    source: "word",
    device: "word",
    lba: "lba",
    blocks: "number",
    issued: "number",
    copied: "number",
    emulated: "number",
    failed: "number",
    first: "word",
    count: "word",
    range: "word",
    rangeOffset: "word",
    chunks: "word",
    residues: "word",
    residueHead: "row:residue",
    residueTail: "row:residue",
    status: "word",
    flags: "word",
    plugged: "word",
    plugHead: "row:request",
    plugTail: "row:request",
    told: "number",
    pieceOffset: "number",
    pieceBlocks: "word",
  },
  { fixed: true },
);
export type CopyColumns = {
  readonly source: "word";
  readonly device: "word";
  readonly lba: "lba";
  readonly blocks: "number";
  readonly issued: "number";
  readonly copied: "number";
  readonly emulated: "number";
  readonly failed: "number";
  readonly first: "word";
  readonly count: "word";
  readonly range: "word";
  readonly rangeOffset: "word";
  readonly chunks: "word";
  readonly residues: "word";
  readonly residueHead: "row:residue";
  readonly residueTail: "row:residue";
  readonly status: "word";
  readonly flags: "word";
  readonly plugged: "word";
  readonly plugHead: "row:request";
  readonly plugTail: "row:request";
  readonly told: "number";
  readonly pieceOffset: "number";
  readonly pieceBlocks: "word";
};

/** Blocks of a copy that no command carried and that wait to be copied through the host. */
export const residueTable: TableDefinition<ResidueColumns> = defineTable("residue", {
  copy: "row:copy",
  offset: "number",
  blocks: "word",
  done: "word",
  status: "word",
});
export type ResidueColumns = {
  readonly copy: "row:copy";
  readonly offset: "number";
  readonly blocks: "word";
  readonly done: "word";
  readonly status: "word";
};

/** Flags of a device. */
export const DEVICE_FROZEN = 1;
export const DEVICE_REMOVED = 2;
/** Somebody waits for the requests of this device to end. */
export const DEVICE_DRAINING = 4;
/** An administrator has lowered the blocks of one copy bio. */
export const DEVICE_LIMITED = 8;
/** Sources of a copy are rejected by their address: see `engineDefects`. */
export const DEVICE_BY_ADDRESS = 16;

/**
 * What changes of a device: flags, requests not ended, bios that wait until it is thawed, blocks of a copy bio where it is
 * limited. Of a stacked device also: which of its tables is in force, workers that have a bio in hand, bios that wait for
 * a worker.
 */
export const deviceTable: TableDefinition<DeviceColumns> = defineTable(
  "device",
  {
    flags: "word",
    inFlight: "word",
    waitHead: "row:bio",
    waitTail: "row:bio",
    copyBlocks: "word",
    table: "word",
    busy: "word",
    backlogHead: "row:bio",
    backlogTail: "row:bio",
  },
  { fixed: true, linked: false, linear: true },
);
export type DeviceColumns = {
  readonly flags: "word";
  readonly inFlight: "word";
  readonly waitHead: "row:bio";
  readonly waitTail: "row:bio";
  readonly copyBlocks: "word";
  readonly table: "word";
  readonly busy: "word";
  readonly backlogHead: "row:bio";
  readonly backlogTail: "row:bio";
};

/** A software queue: requests in order, whether a run of it is posted, parts that are being sent again. */
export const queueTable: TableDefinition<QueueColumns> = defineTable(
  "queue",
  {
    head: "row:request",
    tail: "row:request",
    posted: "word",
    repeats: "word",
  },
  { fixed: true, linked: false, linear: true },
);
export type QueueColumns = {
  readonly head: "row:request";
  readonly tail: "row:request";
  readonly posted: "word";
  readonly repeats: "word";
};

/**
 * What there is once: the list of copies that wait for room for a chunk, -1 for none; copies that are cancelled and have not
 * ended; the submitter in whose context a step runs, -1 for none; how often tables of stacked devices were replaced.
 */
export const engineTable: TableDefinition<EngineColumns> = defineTable(
  "engine",
  {
    waitHead: "row:copy",
    waitTail: "row:copy",
    cancelled: "word",
    context: "word",
    reloads: "word",
  },
  { linked: false, linear: true },
);
export type EngineColumns = {
  readonly waitHead: "row:copy";
  readonly waitTail: "row:copy";
  readonly cancelled: "word";
  readonly context: "word";
  readonly reloads: "word";
};

/**
 * Commands in flight of one queue; the slot is the tag. `offset` is blocks from the start of the chunk, `firstRange` and
 * `firstOffset` the place of the window where the command was planned from, `label` what the copy's sink calls the command, `serial` the generation that the transport is told,
 * `waits` the row's own generation while the device wants to be left alone before the next step of a copy.
 * Queue memory is part of the row.
 */
export type CommandColumns = {
  readonly request: "row:request";
  readonly offset: "word";
  readonly blocks: "word";
  readonly ranges: "word";
  readonly firstRange: "word";
  readonly firstOffset: "word";
  readonly deadline: "number";
  readonly aborted: "word";
  readonly label: "word";
  readonly serial: "word";
  readonly waits: "word";
  readonly command: number;
  readonly list: number;
  readonly completion: number;
};
export type CommandTable = Table<CommandColumns>;

/** The command table of queue `queue`, with this many words of queue memory in each row. */
export function commandTable(
  queue: number,
  words: { readonly command: number; readonly list: number; readonly completion: number },
): TableDefinition<CommandColumns> {
  return defineTable(
    `command${queue}`,
    {
      request: "row:request",
      offset: "word",
      blocks: "word",
      ranges: "word",
      firstRange: "word",
      firstOffset: "word",
      deadline: "number",
      aborted: "word",
      label: "word",
      serial: "word",
      waits: "word",
      command: words.command,
      list: words.list,
      completion: words.completion,
    },
    // Queue memory follows from the request and its place.
    { linked: false, idle: ["deadline", "label", "serial", "command", "list", "completion"] },
  );
}

/** Windows: source ranges of chunks, bios and requests; each is owned by exactly one of them. */
export function windowTable(ranges: number): TableDefinition<WindowColumns> {
  return defineTable("window", { ranges: ranges * RANGE_WORDS }, { linked: false });
}
export type WindowColumns = { readonly ranges: number };
