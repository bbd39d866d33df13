import {
  bioTable,
  chunkTable,
  joinWords,
  type Pairing,
  type PairingStrategy,
  type StrategyEngine,
} from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { State } from "@blockferry/core/table";

/** One block of a request: where it comes from, where it goes. */
export interface PairedBlock {
  readonly from: string;
  readonly to: string;
  /** Place in the chunk. */
  readonly place: number;
}

export interface FakeRequest {
  readonly owner: number;
  readonly blocks: PairedBlock[];
}

/** An engine that only notes what a strategy asks of it: a test plays the stack and the device. */
export interface FakeEngine {
  readonly engine: StrategyEngine;
  readonly pairing: Pairing;
  readonly state: State;
  /** Bios that were submitted and have not been taken by the test. */
  readonly submitted: number[];
  readonly requests: FakeRequest[];
  /** How each bio ended: by `endBio` or by `failBio`, with which status. */
  readonly ended: { bio: number; failed: boolean; status: number }[];
  /** Makes a chunk of these ranges of device 0 and starts it. */
  start(sources: readonly { lba: number; blocks: number }[], destination: number): number;
  /** Splits a bio behind its first blocks and returns the rest. */
  split(bio: number, blocks: number): number;
  /** Moves a bio to another device, as a remap does. */
  remap(bio: number, device: number, by: number): void;
  /** Where a bio is. */
  rangeOf(bio: number): { device: number; lba: number; blocks: number; offset: number };
}

const WINDOWS = 64;
const WINDOW_RANGES = 8;

export function fakeEngine(strategy: PairingStrategy, chunks = 2): FakeEngine {
  const bioRows = bioTable();
  const chunkRows = chunkTable();
  const state = new State().add(bioRows, 200).add(chunkRows, chunks);
  const capacity = { bios: 200, requests: 200, lanes: chunks, devices: 4 };
  strategy.declare(state, { ...capacity, chunks, windowRanges: WINDOW_RANGES });
  state.seal();
  const bios = state.table(bioRows);
  const rows = state.table(chunkRows);
  const windows = new Int32Array(WINDOWS * WINDOW_RANGES * RANGE_WORDS);
  const freeWindows = Array.from({ length: WINDOWS }, (_, i) => i);
  const submitted: number[] = [];
  const requests: FakeRequest[] = [];
  const ended: FakeEngine["ended"] = [];
  const takeWindow = (): number => freeWindows.pop() ?? -1;
  const end = (bio: number, status: number, failed: boolean): void => {
    ended.push({ bio, failed, status });
    bios.free(bio);
  };
  const engine: StrategyEngine = {
    bios,
    chunks: rows,
    windows,
    windowRanges: WINDOW_RANGES,
    allocateWindow: takeWindow,
    freeWindow: (window) => freeWindows.push(window),
    allocateBio(chunk, operation) {
      const bio = bios.allocate();
      bios.columns.operation[bio] = operation;
      bios.columns.device[bio] = rows.columns.device[chunk];
      bios.columns.chunk[bio] = chunk;
      return bio;
    },
    submit: (bio) => submitted.push(bio),
    endBio: (bio, status) => end(bio, status, false),
    failBio: (bio, status) => end(bio, status, true),
    pair(_chunk, device, low, high, offset, window, ranges, owner) {
      const blocks: PairedBlock[] = [];
      let to = joinWords(low, high);
      for (let i = 0; i < ranges; i++) {
        const at = (window * WINDOW_RANGES + i) * RANGE_WORDS;
        const [source, sourceLow, sourceHigh, length] = windows.subarray(at, at + RANGE_WORDS);
        for (let block = 0; block < length; block++) {
          blocks.push({
            from: `${source}:${joinWords(sourceLow, sourceHigh) + block}`,
            to: `${device}:${to++}`,
            place: offset + blocks.length,
          });
        }
      }
      freeWindows.push(window);
      requests.push({ owner, blocks });
      return 1;
    },
    reaches: () => true,
    account: () => {},
    parked: () => {},
    failChunk: () => {},
    defer: () => {},
    plugOf: () => -1,
    runQueue: () => {},
    merges: () => true,
    hasElevator: () => false,
    mappingGeneration: () => 0,
    holdQueue: () => {},
    releaseQueue: () => {},
    report: () => {},
    reported: () => 0,
  };
  return {
    engine,
    pairing: strategy.attach(engine, state),
    state,
    submitted,
    requests,
    ended,
    start(sources, destination) {
      const chunk = rows.allocate();
      const window = takeWindow();
      let blocks = 0;
      sources.forEach((range, i) => {
        const at = (window * WINDOW_RANGES + i) * RANGE_WORDS;
        windows.set([0, range.lba | 0, Math.floor(range.lba / 2 ** 32), range.blocks], at);
        blocks += range.blocks;
      });
      const { columns } = rows;
      columns.device[chunk] = 0;
      columns.lbaLow[chunk] = destination | 0;
      columns.lbaHigh[chunk] = Math.floor(destination / 2 ** 32);
      columns.blocks[chunk] = blocks;
      columns.window[chunk] = window;
      columns.ranges[chunk] = sources.length;
      this.pairing.start(chunk);
      return chunk;
    },
    split(bio, blocks) {
      const rest = bios.allocate();
      for (const column of Object.values(bios.columns)) column[rest] = column[bio];
      const lba = joinWords(bios.columns.lbaLow[bio], bios.columns.lbaHigh[bio]) + blocks;
      bios.columns.lbaLow[rest] = lba | 0;
      bios.columns.lbaHigh[rest] = Math.floor(lba / 2 ** 32);
      bios.columns.blocks[rest] -= blocks;
      bios.columns.offset[rest] += blocks;
      bios.columns.blocks[bio] = blocks;
      return rest;
    },
    remap(bio, device, by) {
      const lba = joinWords(bios.columns.lbaLow[bio], bios.columns.lbaHigh[bio]) + by;
      bios.columns.device[bio] = device;
      bios.columns.lbaLow[bio] = lba | 0;
      bios.columns.lbaHigh[bio] = Math.floor(lba / 2 ** 32);
    },
    rangeOf(bio) {
      const { device, lbaLow, lbaHigh, blocks, offset } = bios.columns;
      return {
        device: device[bio],
        lba: joinWords(lbaLow[bio], lbaHigh[bio]),
        blocks: blocks[bio],
        offset: offset[bio],
      };
    },
  };
}
