import {
  bioTable,
  chunkTable,
  joinWords,
  operation,
  type Pairing,
  type PairingStrategy,
  type StrategyEngine,
} from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { State } from "@blockferry/core/table";

/** One block of a request: where it comes from, where it goes, as `device:lba`. */
export interface PairedBlock {
  readonly from: string;
  readonly to: string;
  /** Place in the chunk. */
  readonly place: number;
}

export interface NotedRequest {
  readonly chunk: number;
  readonly owner: number;
  readonly blocks: readonly PairedBlock[];
}

/** How a bio ended: by `endBio` or by `failBio`, with which status. */
export interface NotedEnd {
  readonly bio: number;
  readonly failed: boolean;
  readonly status: number;
}

/** What a test sets, at any time. */
export interface NotedConditions {
  /** Bios that there still is memory for. */
  memory: number;
  /** Submitters whose plug is in. */
  readonly plugged: Set<number>;
  merges: boolean;
  elevator: boolean;
}

/**
 * An engine that only notes what a strategy asks of it: a test plays the submitters, the stack and the device.
 */
export interface NotedEngine {
  readonly engine: StrategyEngine;
  readonly pairing: Pairing;
  readonly state: State;
  readonly conditions: NotedConditions;
  /** Bios that were submitted and have not been taken by the test. */
  readonly submitted: number[];
  readonly requests: NotedRequest[];
  readonly ended: NotedEnd[];
  /** Chunks that were failed as a whole, with which status. */
  readonly failedChunks: { chunk: number; status: number }[];
  /** Devices whose queue was asked to run, subjects that were deferred: since the test last took them. */
  readonly runs: number[];
  readonly deferred: number[];
  /** References to queues of devices 0 to 3 that are held. */
  readonly held: number[];
  /** What was reported of the copy; `undefined` before. */
  reported: number | undefined;
  /** Makes a chunk of these ranges of device 0, `lane`'s, and starts it. */
  start(
    sources: readonly { readonly lba: number; readonly blocks: number }[],
    destination: number,
    lane?: number,
  ): number;
  /** Splits a bio behind its first blocks, tells the strategy, and returns the rest. */
  split(bio: number, blocks: number): number;
  /** Moves a bio to another device, as a remap does. */
  remap(bio: number, device: number, by: number): void;
  /** A half of a bio fails on its way, as the engine ends it. */
  fail(bio: number, status: number): void;
  /** Where a bio is. */
  rangeOf(bio: number): { device: number; lba: number; blocks: number; offset: number };
  /** The bios that were submitted, and takes them. */
  take(): number[];
}

const WINDOWS = 64;
const WINDOW_RANGES = 8;
const BIOS = 200;
const DEVICES = 4;

/** Lays out the tables of a strategy. */
function layOut(strategy: PairingStrategy, chunks: number) {
  const bioRows = bioTable(strategy.tokens);
  const chunkRows = chunkTable(strategy.tokens);
  const state = new State().add(chunkRows, chunks).add(bioRows, BIOS);
  strategy.declare(state, {
    bios: BIOS,
    chunks,
    requests: BIOS,
    windowRanges: WINDOW_RANGES,
    lanes: chunks,
    devices: DEVICES,
  });
  state.seal();
  return { state, bios: state.table(bioRows), chunks: state.table(chunkRows) };
}

/** Windows of source ranges. */
function windowStore() {
  const words = new Int32Array(WINDOWS * WINDOW_RANGES * RANGE_WORDS);
  const free = Array.from({ length: WINDOWS }, (_, i) => i);
  return {
    words,
    take: (): number => free.pop() ?? -1,
    give: (window: number): void => void free.push(window),
    fill(window: number, sources: readonly { lba: number; blocks: number }[]): void {
      sources.forEach((range, i) => {
        const at = (window * WINDOW_RANGES + i) * RANGE_WORDS;
        words.set([0, range.lba | 0, Math.floor(range.lba / 2 ** 32), range.blocks], at);
      });
    },
  };
}

/** The blocks of a request, one by one. */
function blocksOf(
  words: Int32Array,
  window: number,
  ranges: number,
  device: number,
  lba: number,
  offset: number,
): PairedBlock[] {
  const blocks: PairedBlock[] = [];
  for (let i = 0; i < ranges; i++) {
    const at = (window * WINDOW_RANGES + i) * RANGE_WORDS;
    const [source, low, high, length] = words.subarray(at, at + RANGE_WORDS);
    for (let block = 0; block < length; block++) {
      const place = blocks.length;
      const from = `${source}:${joinWords(low, high) + block}`;
      blocks.push({ from, to: `${device}:${lba + place}`, place: offset + place });
    }
  }
  return blocks;
}

/** Makes a strategy go to work in an engine of `chunks` chunks that only notes. */
export function notedEngine(strategy: PairingStrategy, chunks = 2): NotedEngine {
  const { state, bios, chunks: rows } = layOut(strategy, chunks);
  const windows = windowStore();
  const { columns } = bios;
  const conditions: NotedConditions = {
    memory: Number.POSITIVE_INFINITY,
    plugged: new Set(),
    merges: true,
    elevator: false,
  };
  const end = (bio: number, status: number, failed: boolean): void => {
    noted.ended.push({ bio, failed, status });
    bios.free(bio);
  };
  const engine: StrategyEngine = {
    bios,
    chunks: rows,
    windows: windows.words,
    windowRanges: WINDOW_RANGES,
    allocateWindow: windows.take,
    freeWindow: windows.give,
    allocateBio(chunk, kind) {
      if (conditions.memory-- <= 0) return -1;
      const bio = bios.allocate();
      columns.operation[bio] = kind;
      columns.device[bio] = rows.columns.device[chunk];
      columns.chunk[bio] = chunk;
      columns.root[bio] = bio;
      columns.lane[bio] = rows.columns.lane[chunk];
      return bio;
    },
    submit: (bio) => noted.submitted.push(bio),
    endBio: (bio, status) => end(bio, status, false),
    failBio: (bio, status) => end(bio, status, true),
    pair(chunk, device, low, high, offset, window, ranges, owner) {
      const lba = joinWords(low, high);
      const blocks = blocksOf(windows.words, window, ranges, device, lba, offset);
      windows.give(window);
      noted.requests.push({ chunk, owner, blocks });
      return 1;
    },
    reaches: () => true,
    account: () => {},
    parked: () => {},
    failChunk: (chunk, status) => noted.failedChunks.push({ chunk, status }),
    defer: (subject) => noted.deferred.push(subject),
    plugOf(bio) {
      const lane = columns.lane[bio];
      return conditions.plugged.has(lane) ? lane : -1;
    },
    runQueue: (device) => noted.runs.push(device),
    merges: () => conditions.merges,
    hasElevator: () => conditions.elevator,
    mappingGeneration: () => 0,
    holdQueue: (device) => noted.held[device]++,
    releaseQueue: (device) => noted.held[device]--,
    report(_chunk, blocks) {
      noted.reported = blocks;
    },
    reported: () => noted.reported ?? Number.MAX_SAFE_INTEGER,
  };
  const noted: NotedEngine = {
    engine,
    pairing: strategy.attach(engine, state),
    state,
    conditions,
    submitted: [],
    requests: [],
    ended: [],
    failedChunks: [],
    runs: [],
    deferred: [],
    held: [0, 0, 0, 0],
    reported: undefined,
    start(sources, destination, lane = 0) {
      const chunk = rows.allocate();
      const window = windows.take();
      windows.fill(window, sources);
      const row = rows.columns;
      row.copy[chunk] = lane;
      row.device[chunk] = 0;
      row.lbaLow[chunk] = destination | 0;
      row.lbaHigh[chunk] = Math.floor(destination / 2 ** 32);
      row.offset[chunk] = 0;
      row.blocks[chunk] = sources.reduce((sum, { blocks }) => sum + blocks, 0);
      row.window[chunk] = window;
      row.ranges[chunk] = sources.length;
      row.lane[chunk] = lane;
      row.token[chunk] = -1;
      this.pairing.start(chunk);
      return chunk;
    },
    split(bio, blocks) {
      const rest = bios.allocate();
      for (const column of Object.values(columns)) column[rest] = column[bio];
      columns.blocks[rest] -= blocks;
      columns.offset[rest] += blocks;
      columns.blocks[bio] = blocks;
      this.remap(rest, columns.device[bio], blocks);
      this.pairing.split?.(bio, rest);
      return rest;
    },
    remap(bio, device, by) {
      const lba = joinWords(columns.lbaLow[bio], columns.lbaHigh[bio]) + by;
      columns.device[bio] = device;
      columns.lbaLow[bio] = lba | 0;
      columns.lbaHigh[bio] = Math.floor(lba / 2 ** 32);
    },
    fail(bio, status) {
      if (columns.operation[bio] >= operation.source) this.pairing.bioFailed(bio, status);
      engine.failBio(bio, status);
    },
    rangeOf(bio) {
      const { device, lbaLow, lbaHigh, blocks, offset } = columns;
      return {
        device: device[bio],
        lba: joinWords(lbaLow[bio], lbaHigh[bio]),
        blocks: blocks[bio],
        offset: offset[bio],
      };
    },
    take() {
      return this.submitted.splice(0);
    },
  };
  return noted;
}
