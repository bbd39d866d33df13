import type {
  BioTable,
  ChunkTable,
  Clock,
  CommandEncoder,
  DeviceStatus,
  Pairing,
  PairingStrategy,
  RangeList,
  RequestTable,
  Scheduler,
  TraceSink,
  TransportQueue,
} from "@blockferry/core";
import type { Columns, State, Table } from "@blockferry/core/table";
import type { BlockDevice } from "./device.ts";
import type { DeviceMap } from "./device-map.ts";
import type {
  CommandTable,
  CopyColumns,
  DeviceColumns,
  EngineColumns,
  QueueColumns,
  ResidueColumns,
  WindowColumns,
} from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import type { OrderedPieces } from "./overlap.ts";
import type { QueuePath } from "./queue-path.ts";

/** Kinds of steps that the engine posts. */
export const step = {
  /** A submitter goes on: subject is a copy. */
  start: 0,
  /** A bio enters the device that it names. */
  submit: 1,
  /** A submitter takes its plug out: subject is a copy. */
  unplug: 2,
  /** A queue sends what it can: subject is a queue. */
  run: 3,
  /** A submitter copies a piece through the host: subject is a copy. */
  emulate: 4,
  /** Deadlines of a queue are due. */
  timeout: 5,
  /** A submitter has cancelled: subject is a copy. */
  cancel: 6,
  /** A request that was refused for now goes back to its queue. */
  requeue: 7,
  /** The next command of a copy that takes several is sent: subject is a tag, counted over all queues. */
  continued: 8,
  /** A worker of a stacked device sends a bio on: subject is a bio. */
  depart: 9,
  /** A step that the strategy deferred: subject is its own. */
  strategy: 10,
} as const;

/**
 * Told of the fate of a copy's parts. Called on the completion path: it must be quick and must not throw. `command` is what
 * `issued` returned, -1 for none.
 */
export interface CopySink {
  /** A command was sent. Returns what later calls name it by. */
  issued(queue: number, device: number, lba: number, blocks: number, ranges: number): number;
  /** A command was answered, or given up; `describe` gives the device's own status where it refused, during the call only. */
  answered(command: number, status: number, describe: (() => DeviceStatus) | undefined): void;
  /** No command carries these blocks of the copy; they will be copied through the host. */
  refused(offset: number, blocks: number, status: number, command: number): void;
  /** Blocks `offset..offset+blocks` of the copy met their fate. */
  outcome(offset: number, blocks: number, emulated: boolean, status: number, command: number): void;
  /** The copy ended; its slot is free after the call. */
  ended(status: number): void;
}

/** One queue pair at a transport. */
export interface HardwareQueue {
  readonly commands: CommandTable;
  readonly encoder: CommandEncoder;
  readonly lists: Int32Array;
  readonly describe: readonly (() => DeviceStatus)[];
  /** Data of reads and writes in flight, by slot. */
  readonly data: (Uint8Array | undefined)[];
  readonly clock: Clock | undefined;
  readonly transport: TransportQueue;
  readonly path: QueuePath;
  disarm: (() => void) | undefined;
}

/** Decides what goes wrong inside an engine, for those who examine it; in production there is none. */
export interface EngineFaults {
  /** There is no memory for a bio. */
  allocationFails(): boolean;
  /** A stacked device fails to map a bio. */
  mapFails(device: number): boolean;
  /** The driver has no resources for one more command now. */
  driverBusy(queue: number): boolean;
}

/**
 * Defects of posted code in what is the engine's own part, to be examined:
 *
 * - `emulation-reports-all`: a copy through the host that fails is reported as whole (v20 04/12, its synchronous form)
 * - `emulation-stays`: ranges of a copy through the host all go to its first destination block (`blkdev_copy_range`,
 *   `20250521223107.709131-1-kbusch@meta.com`)
 * - `limit-by-address`: what bounds the blocks of one source range is compared with the range's address, and a bio with a
 *   source above it is rejected (RFC v4 2/3, `20210104104159.74236-3-selvakuma.s1@samsung.com`; v5 compares the length)
 * - `remaps-sources-again`: a copy that a device held back is taken for one that nobody has remapped yet, and the sources in
 *   its list, which were remapped in place, are remapped once more (RFC v5 2/4, `20210219124517.79359-3-selvakuma.s1@samsung.com`)
 * - `remaps-again`: the same of the sources and of the destination (PATCH 3/7,
 *   `20210817101423.12367-4-selvakuma.s1@samsung.com`)
 */
export const engineDefects = [
  "emulation-reports-all",
  "emulation-stays",
  "limit-by-address",
  "remaps-again",
  "remaps-sources-again",
] as const;
export type EngineDefect = (typeof engineDefects)[number];

/** Where the time of an engine goes, in numbers. */
export interface EngineCounters {
  bios: number;
  splits: number;
  requests: number;
  commands: number;
  requeues: number;
  listBytes: number;
}

/** Blocks `offset..offset+blocks` of the copy in row `copy` met their fate. */
export type SettledSink = (copy: number, offset: number, blocks: number, status: number) => void;

/** Start of each range of rows `first..first+count` of a list, in blocks from the first. */
export interface RangePlaces {
  readonly first: number;
  readonly count: number;
  readonly starts: Float64Array;
}

/** Everything an engine has at hand: configuration, which never changes, and the tables, which are the state. */
export interface Engine {
  readonly state: State;
  readonly bios: BioTable;
  readonly chunks: ChunkTable;
  readonly requests: RequestTable;
  readonly copies: Table<CopyColumns>;
  readonly residues: Table<ResidueColumns>;
  readonly windowRows: Table<WindowColumns>;
  readonly deviceRows: Table<DeviceColumns>;
  readonly queueRows: Table<QueueColumns>;
  /** Columns of one row. */
  readonly engineRow: Columns<EngineColumns>;
  readonly windows: Int32Array;
  readonly windowRanges: number;
  /** Blocks that a chunk starts with at most, by device number: fewer under a stack that cuts. */
  readonly chunkBlocks: Int32Array;
  readonly chunksMax: number;
  /** Rows of residue that commands in flight, and parts that are sent again, may need. */
  readonly residueReserve: number;
  /** Rows of residue that a chunk may need for what never gets into a command. */
  readonly chunkResidues: number;

  readonly devices: readonly BlockDevice[];
  readonly maps: readonly (DeviceMap | undefined)[];
  /** Workers of a stacked device that sends bios on by itself, 0 for one that does so at once; by device number. */
  readonly workers: Int32Array;
  /** 1 where a stacked device leaves the source ranges of a copy as they are; by device number. */
  readonly keepsSources: Uint8Array;
  /** Queue of a bottom device, -1 for a stacked one; by device number. */
  readonly queueOf: Int32Array;
  readonly transferBlocks: Int32Array;
  /** 1 where a bottom device has a copy command; by device number. */
  readonly copyCapable: Uint8Array;
  readonly queues: HardwareQueue[];
  readonly mapped: Float64Array;
  /** True when no device of the engine is stacked: ranges need no walk. */
  readonly rangesAtBottom: boolean;

  readonly scheduler: Scheduler;
  readonly pairing: Pairing;
  readonly hot: HotPath;
  /** Blocks that `HotPath.fillWindow` put into its window. */
  readonly filled: Int32Array;
  readonly strategy: PairingStrategy;
  /** Copies may go through the host. */
  readonly emulates: boolean;
  readonly faults: EngineFaults | undefined;
  readonly defects: ReadonlySet<EngineDefect>;
  readonly isTidy: boolean;
  readonly trace: TraceSink | undefined;
  readonly timeoutMs: number;
  readonly retriesMax: number;

  /** By copy slot: what the caller gave. */
  readonly lists: RangeList[];
  readonly sinks: (CopySink | null)[];
  readonly buffers: (Uint8Array | undefined)[];
  /** Memory for copying through the host of a copy that brought none. */
  readonly memory: ((copy: number) => Uint8Array) | undefined;
  /** Told of the fate of blocks of every copy. */
  readonly settled: SettledSink | undefined;
  /** Told of the end of every copy, while its row is still there. */
  readonly copyEnded: ((copy: number, status: number) => void) | undefined;
  readonly orders: (OrderedPieces | undefined)[];
  /** Start of each of its ranges, once it was needed. */
  readonly places: (RangePlaces | undefined)[];
  /** Read and write bios of the engine's user, by slot: their data, and who is told of their end. */
  readonly ioData: (Uint8Array | undefined)[];
  readonly ioEnded: (((status: number) => void) | undefined)[];
  /** Reads and writes of the engine's user: how many run, and what starts those that wait. */
  readonly transfers: { running: number; readonly waiting: (() => void)[] };
  readonly frozen: (() => void)[][];
  readonly counters: EngineCounters;
  closed: boolean;
}
