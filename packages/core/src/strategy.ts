import type { BioTable, ChunkTable } from "./bio.ts";
import type { HazardVerdicts } from "./hazard.ts";
import type { ColumnKind, State } from "./table/index.ts";

/** What a way of pairing is good for. Conformance tests each verdict, the bad ones as well. */
export interface StrategyManifest {
  /** What becomes of copies under each hazard. */
  readonly under: HazardVerdicts;
  /**
   * Halves of a chunk never meet, nor wait for, what belongs to another chunk: on its way to the bottom it does not
   * matter what other submitters do meanwhile. An explorer may then leave out orders that differ in that alone. `whole`:
   * as long as none of them is split.
   */
  readonly isolated: boolean | "whole";
}

/** What the engine offers to a strategy. Slots are row numbers of the tables named. */
export interface StrategyEngine {
  readonly bios: BioTable;
  readonly chunks: ChunkTable;
  /** Words of all windows; window `w` starts at word `w * windowRanges * RANGE_WORDS`. */
  readonly windows: Int32Array;
  /** Ranges that one window holds. */
  readonly windowRanges: number;
  /** Takes a window; there is one for each bio or request that is to have one. */
  allocateWindow(): number;
  freeWindow(window: number): void;
  /**
   * Takes a bio for a chunk; operation, place and offset are the caller's to fill (the device is the chunk's). The bio
   * counts as one of the chunk's. -1 when there is no memory for it.
   */
  allocateBio(chunk: number, operation: number): number;
  /** Sends a bio down from the device it names. */
  submit(bio: number): void;
  /** Ends a bio (or a split-off part of one) whose blocks are in requests that have ended, or that has no destination. */
  endBio(bio: number, status: number): void;
  /** Ends a bio that never got into a request; the blocks of a destination are accounted with `status`. */
  failBio(bio: number, status: number): void;
  /** Accounts all blocks of a chunk that has no destination bio, and ends it if it has no other bios. */
  failChunk(chunk: number, status: number): void;
  /**
   * Makes requests to `device` out of a window and sends them to its queue: one, or several where a range lies on a
   * device that commands to `device` cannot name (those blocks are accounted as `unreachable`). Takes the window over.
   *
   * `low`/`high` is the destination, `offset` its place in the chunk. Returns how many requests were made: `owner` is told
   * of the end of each by `requestEnded`. 0 means that nothing was within reach and all is accounted.
   */
  pair(
    chunk: number,
    device: number,
    low: number,
    high: number,
    offset: number,
    window: number,
    ranges: number,
    owner: number,
  ): number;
  /** True when commands to `device` may name sources on `source`. */
  reaches(device: number, source: number): boolean;
  /** Accounts blocks of a chunk's destination that no command will carry. */
  account(chunk: number, offset: number, blocks: number, status: number): void;
  /** Tells the trace that a bio was parked. */
  parked(bio: number): void;
  /** Calls `Pairing.resume(subject)` in a step of its own: in a submitter's own order with a lane, at any time with -1. */
  defer(subject: number, lane: number): void;
  /** The submitter whose plug is in and takes what `bio` makes; -1 when it goes to the queue at once. */
  plugOf(bio: number): number;
  /** Has the queue of a bottom device run soon: `Pairing.dispatching` is asked then. */
  runQueue(device: number): void;
  /** False for a bottom device whose queue does not merge. */
  merges(device: number): boolean;
  /** True for a bottom device with an elevator. */
  hasElevator(device: number): boolean;
  /** Commands that the queue of a bottom device has in flight at most. */
  tags(device: number): number;
  /** How often the table of any stacked device was replaced. */
  mappingGeneration(): number;
  /** A half that is parked for a bottom device holds its queue: a freeze waits for it. */
  holdQueue(device: number): void;
  releaseQueue(device: number): void;
  /**
   * What the submitter of a chunk's copy is told: how many of the copy's leading blocks were copied. Without it, what was
   * accounted. For ways of reporting that are to be examined; it does not change a result.
   */
  report(chunk: number, blocks: number): void;
  /** What `report` said last of the chunk's copy; all its blocks before that. */
  reported(chunk: number): number;
}

/** A strategy at work in one engine. */
export interface Pairing {
  /** Bios that a chunk of this many ranges needs at most, split-off parts not counted. */
  biosOf(ranges: number): number;
  /** Makes and submits the bios of a chunk. */
  start(chunk: number): void;
  /** A bio of operation `source`, `destination` or `copy` has reached the bottom queue of its device. */
  arrive(bio: number): void;
  /** A request has ended; `owner` is what it was made with. Window and request are freed by the engine. */
  requestEnded(owner: number, status: number): void;
  /** A bio ends before it arrived (rejected, removed, unmapped): its other halves must not wait. The engine ends the bio itself. */
  bioFailed(bio: number, status: number): void;
  /** The chunk was cancelled: ends every parked half, and halves that still come when they come. */
  cancel(chunk: number, status: number): void;
  /** A device was removed: no half that is parked for it will ever be paired. */
  removed(device: number): void;
  /** `rest` was split off behind `bio` on its way down; both go on. */
  split?(bio: number, rest: number): void;
  /** The plug of a submitter was flushed or taken out, after its requests went to their queues. */
  unplugged?(lane: number): void;
  /** The queue of a bottom device runs: what waits there unpaired is sent now, as it is. */
  dispatching?(device: number): void;
  /**
   * New bios are held back from a device, and who does it waits for those that are at it or below: a bottom queue is
   * frozen, or a stacked device suspended. A half that keeps others waiting while its partner is held is to end now.
   */
  holding?(device: number): void;
  /** A step that was deferred. */
  resume?(subject: number): void;
  /** Halves parked at this moment (limits, tests). */
  readonly parkedCount: number;
}

/** Bounds that an engine gives its tables. */
export interface StrategyCapacity {
  readonly bios: number;
  readonly chunks: number;
  readonly requests: number;
  readonly windowRanges: number;
  /** Lanes: submitters at one time. */
  readonly lanes: number;
  readonly devices: number;
}

/** Rows that a chunk takes at most, those for parts that are split off not counted. */
export interface StrategyRows {
  readonly bios: number;
  readonly windows: number;
  readonly requests: number;
}

/** A way of pairing source and destination: one package each. */
export interface PairingStrategy {
  readonly name: string;
  readonly supports: StrategyManifest;
  /** What a chunk of this many ranges takes. Default: `ranges + 2` bios, 2 windows, 1 request. */
  readonly rowsOf?: (ranges: number) => StrategyRows;
  /** What the columns `token` of bios and chunks hold, and `owner` of requests. Default: words that mean themselves. */
  readonly tokens?: ColumnKind;
  readonly owners?: ColumnKind;
  /** Source ranges of a chunk at most. Default: those of the widest device's command. */
  readonly rangesMax?: number;
  /** Declares the strategy's own tables in the engine's state, before it is sealed. */
  declare(state: State, capacity: StrategyCapacity): void;
  /** Goes to work in an engine whose state is sealed. */
  attach(engine: StrategyEngine, state: State): Pairing;
}
