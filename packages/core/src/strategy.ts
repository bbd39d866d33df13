import type { BioTable, ChunkTable, RequestTable } from "./bio.ts";
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
  readonly requests: RequestTable;
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
  /** Ends one bio that has arrived (or a split-off part of one). A destination that never got into a request is accounted. */
  endBio(bio: number, status: number): void;
  /** Takes a request to `device`, or -1. The caller fills place, blocks, offset, window and ranges. */
  allocateRequest(chunk: number, device: number, owner: number): number;
  /** Sends a request to its queue. The engine owns window and request from here on. */
  insert(request: number): void;
  /** True when commands to `device` may name sources on `source`. */
  reaches(device: number, source: number): boolean;
  /** Accounts blocks of a chunk's destination that no command will carry. */
  account(chunk: number, offset: number, blocks: number, status: number): void;
  /** Records that a bio was parked, or that halves were paired (trace). */
  parked(bio: number): void;
  paired(request: number): void;
}

/** A strategy at work in one engine. */
export interface Pairing {
  /** Bios that a chunk of this many ranges needs at most, split-off parts not counted. */
  biosOf(ranges: number): number;
  /** Makes and submits the bios of a chunk. */
  start(chunk: number): void;
  /** A bio of operation `source`, `destination` or `copy` has reached the bottom queue of its device. */
  arrive(bio: number): void;
  /** A request of this strategy has ended; `owner` is what it was allocated with. Window and request are freed by the engine. */
  requestEnded(request: number, owner: number, status: number): void;
  /** A bio of the chunk ended before it arrived (rejected, removed, unmapped): its other halves must not wait for it. */
  bioFailed(bio: number, status: number): void;
  /** The chunk was cancelled: ends every parked half. */
  cancel(chunk: number, status: number): void;
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
