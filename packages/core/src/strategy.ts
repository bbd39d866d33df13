import type { BioTable, ChunkTable } from "./bio.ts";
import type { State } from "./table/index.ts";

/** What a way of pairing survives. Conformance tests both the true and the false of each flag. */
export interface StrategyManifest {
  /** A half may be split on its way down, the other half elsewhere (M:N). */
  readonly survivesSplit: boolean;
  /** Halves may reach the bottom in any order. */
  readonly survivesReordering: boolean;
  /** Several source ranges in one command. */
  readonly multipleSources: boolean;
  /** Source and destination on different devices of one copy domain. */
  readonly crossDevice: boolean;
  /** Works only while the submitter's plug is in. */
  readonly needsPlug: boolean;
}

/** What the engine offers to a strategy. Slots are row numbers of the tables named. */
export interface StrategyEngine {
  readonly bios: BioTable;
  readonly chunks: ChunkTable;
  /** Words of all windows; window `w` starts at word `w * windowRanges * RANGE_WORDS`. */
  readonly windows: Int32Array;
  /** Ranges that one window holds. */
  readonly windowRanges: number;
  /** Takes a window, or -1. */
  allocateWindow(): number;
  freeWindow(window: number): void;
  /**
   * Takes a bio for a chunk; operation, place and offset are the caller's to fill (the device is the chunk's). The bio
   * counts as one of the chunk's. Never fails for the bios that `biosOf` announced.
   */
  allocateBio(chunk: number, operation: number): number;
  /** Sends a bio down from the device it names. */
  submit(bio: number): void;
  /** Ends a bio (or a split-off part of one) whose blocks are in requests that have ended, or that has no destination. */
  endBio(bio: number, status: number): void;
  /** Ends a bio that never got into a request; the blocks of a destination are accounted with `status`. */
  failBio(bio: number, status: number): void;
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
  /** Halves parked at this moment (limits, tests). */
  readonly parkedCount: number;
}

/** Bounds that an engine gives its tables. */
export interface StrategyCapacity {
  readonly bios: number;
  readonly chunks: number;
  readonly windowRanges: number;
}

/** A way of pairing source and destination: one package each. */
export interface PairingStrategy {
  readonly name: string;
  readonly supports: StrategyManifest;
  /** Declares the strategy's own tables in the engine's state, before it is sealed. */
  declare(state: State, capacity: StrategyCapacity): void;
  /** Goes to work in an engine whose state is sealed. */
  attach(engine: StrategyEngine, state: State): Pairing;
}
