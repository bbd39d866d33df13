import {
  type BioTable,
  bioTable,
  type ChunkTable,
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
  /** Commands that a device takes at one time. */
  tags: number;
  /** How often a table of a stacked device was replaced. */
  mappingGeneration: number;
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

interface Tables {
  readonly bios: BioTable;
  readonly chunks: ChunkTable;
  readonly windows: ReturnType<typeof windowStore>;
}

type Notes = Pick<
  NotedEngine,
  "submitted" | "requests" | "ended" | "failedChunks" | "runs" | "deferred" | "held" | "conditions"
> & { reported: number | undefined };

/** The engine that a strategy sees: it notes. */
function noting({ bios, chunks, windows }: Tables, notes: Notes): StrategyEngine {
  const { columns } = bios;
  const { conditions } = notes;
  const end = (bio: number, status: number, failed: boolean): void => {
    notes.ended.push({ bio, failed, status });
    bios.free(bio);
  };
  return {
    bios,
    chunks,
    windows: windows.words,
    windowRanges: WINDOW_RANGES,
    allocateWindow: windows.take,
    freeWindow: windows.give,
    allocateBio(chunk, kind) {
      if (conditions.memory-- <= 0) return -1;
      const bio = bios.allocate();
      columns.operation[bio] = kind;
      columns.device[bio] = chunks.columns.device[chunk];
      columns.chunk[bio] = chunk;
      columns.root[bio] = bio;
      columns.lane[bio] = chunks.columns.lane[chunk];
      return bio;
    },
    submit: (bio) => notes.submitted.push(bio),
    endBio: (bio, status) => end(bio, status, false),
    failBio: (bio, status) => end(bio, status, true),
    pair(chunk, device, low, high, offset, window, ranges, owner) {
      const lba = joinWords(low, high);
      const blocks = blocksOf(windows.words, window, ranges, device, lba, offset);
      windows.give(window);
      notes.requests.push({ chunk, owner, blocks });
      return 1;
    },
    reaches: () => true,
    account: () => {},
    parked: () => {},
    failChunk: (chunk, status) => notes.failedChunks.push({ chunk, status }),
    defer: (subject) => notes.deferred.push(subject),
    plugOf(bio) {
      const lane = columns.lane[bio];
      return conditions.plugged.has(lane) ? lane : -1;
    },
    runQueue: (device) => notes.runs.push(device),
    merges: () => conditions.merges,
    hasElevator: () => conditions.elevator,
    tags: () => conditions.tags,
    mappingGeneration: () => conditions.mappingGeneration,
    holdQueue: (device) => notes.held[device]++,
    releaseQueue: (device) => notes.held[device]--,
    report(_chunk, blocks) {
      notes.reported = blocks;
    },
    reported: () => notes.reported ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Makes and starts a chunk: see `NotedEngine.start`. */
function starter({ chunks, windows }: Tables, pairing: Pairing): NotedEngine["start"] {
  const { columns } = chunks;
  return (sources, destination, lane = 0) => {
    const chunk = chunks.allocate();
    const window = windows.take();
    windows.fill(window, sources);
    columns.copy[chunk] = lane;
    columns.device[chunk] = 0;
    columns.lbaLow[chunk] = destination | 0;
    columns.lbaHigh[chunk] = Math.floor(destination / 2 ** 32);
    columns.offset[chunk] = 0;
    columns.blocks[chunk] = sources.reduce((sum, { blocks }) => sum + blocks, 0);
    columns.window[chunk] = window;
    columns.ranges[chunk] = sources.length;
    columns.lane[chunk] = lane;
    columns.token[chunk] = -1;
    pairing.start(chunk);
    return chunk;
  };
}

/** What a test does with bios on their way. */
function playing(
  { bios }: Tables,
  engine: StrategyEngine,
  pairing: Pairing,
): Pick<NotedEngine, "split" | "remap" | "fail" | "rangeOf"> {
  const { columns } = bios;
  const remap: NotedEngine["remap"] = (bio, device, by) => {
    const lba = joinWords(columns.lbaLow[bio], columns.lbaHigh[bio]) + by;
    columns.device[bio] = device;
    columns.lbaLow[bio] = lba | 0;
    columns.lbaHigh[bio] = Math.floor(lba / 2 ** 32);
  };
  return {
    remap,
    split(bio, blocks) {
      const rest = bios.allocate();
      for (const column of Object.values(columns)) column[rest] = column[bio];
      columns.blocks[rest] -= blocks;
      columns.offset[rest] += blocks;
      columns.blocks[bio] = blocks;
      remap(rest, columns.device[bio], blocks);
      pairing.split?.(bio, rest);
      return rest;
    },
    fail(bio, status) {
      if (columns.operation[bio] >= operation.source) pairing.bioFailed(bio, status);
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
  };
}

/** Makes a strategy go to work in an engine of `chunks` chunks that only notes. */
export function notedEngine(strategy: PairingStrategy, chunks = 2): NotedEngine {
  const { state, ...rows } = layOut(strategy, chunks);
  const tables = { ...rows, windows: windowStore() };
  const notes: Notes = {
    conditions: {
      memory: Number.POSITIVE_INFINITY,
      plugged: new Set(),
      merges: true,
      elevator: false,
      tags: 8,
      mappingGeneration: 0,
    },
    submitted: [],
    requests: [],
    ended: [],
    failedChunks: [],
    runs: [],
    deferred: [],
    held: new Array(DEVICES).fill(0),
    reported: undefined,
  };
  const engine = noting(tables, notes);
  const pairing = strategy.attach(engine, state);
  const parts = {
    engine,
    pairing,
    state,
    start: starter(tables, pairing),
    take: () => notes.submitted.splice(0),
    ...playing(tables, engine, pairing),
  };
  return Object.assign(notes, parts);
}
