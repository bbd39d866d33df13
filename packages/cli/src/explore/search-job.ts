import type {
  Exploration,
  RandomResult,
  ReductionKind,
  Scenario,
  ShownCounterexample,
} from "@blockferry/explorer";

/** A search that a thread carries out. All of it can be sent to one. */
export interface SearchJob {
  readonly scenario: Scenario;
  /** `NAME:option=value,…` */
  readonly strategy: string;
  readonly statesMax: number;
  /** Bytes for the search of the shortest counterexample. */
  readonly memoryMax?: number;
  /** Go on after a violation. */
  readonly all: boolean;
  readonly reduction: ReductionKind;
  /** States that threads share which divide the search, and the number of the thread. */
  readonly shared?: SharedArrayBuffer;
  readonly thread?: number;
}

/** Random runs that a thread carries out. */
export interface RandomJob extends Pick<SearchJob, "scenario" | "strategy"> {
  readonly seed: number;
  readonly runs: number;
}

/** What came of random runs. */
export interface SampleResult {
  readonly sample: RandomResult;
  readonly cpuMs: number;
}

/** What came of a search. */
export interface SearchResult {
  readonly exploration: Exploration;
  /** CPU time of all of it in ms. */
  readonly cpuMs: number;
  readonly counterexample: ShownCounterexample | undefined;
}

/** An error on its way between threads, which keep nothing of its class. */
export interface SentError {
  readonly message: string;
  readonly stack: string | undefined;
  readonly ferry:
    | { readonly code: string; readonly hint: string | undefined; readonly details: object }
    | undefined;
}

/** What a thread says of its job: first what the search found, then the shortest way to it. */
export type SearchMessage =
  | { readonly type: "explored"; readonly result: SearchResult }
  | { readonly type: "ended"; readonly result: SearchResult }
  | { readonly type: "sampled"; readonly result: SampleResult }
  | { readonly type: "failed"; readonly error: SentError };

/** Memory that a thread shares with who started it: whether to stop, and how far it is. */
export interface SearchControl {
  readonly stop: Int32Array;
  /** States, transitions, depth; of random runs runs and moves. */
  readonly progress: Float64Array;
}

const PROGRESS_BYTES = 24;

export function controlMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(PROGRESS_BYTES + 8);
}

export function controlIn(memory: SharedArrayBuffer): SearchControl {
  return {
    progress: new Float64Array(memory, 0, 3),
    stop: new Int32Array(memory, PROGRESS_BYTES, 1),
  };
}
