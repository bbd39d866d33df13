import { bioTable, chunkTable, type Pairing, type StrategyEngine } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { State } from "@blockferry/core/table";
import { cpuRate, type Rate } from "../measure/cpu-rate.ts";
import { type ArrivalOrder, arrivals, PAIRS } from "../workload/arrivals.ts";
import { RandomWords } from "../workload/random-words.ts";
import { type StrategyName, strategies } from "./strategies.ts";

/** Pairing alone: halves that a strategy made arrive in some order, with nothing of an engine around it. */
export interface PairingCase {
  readonly kind: "pairing";
  readonly strategy: StrategyName;
  readonly order: ArrivalOrder;
  /** CPU seconds. */
  readonly seconds: number;
}

export interface PairingFigures extends Rate {
  readonly checksum: string;
}

const RING = 1024;
const BIOS = 256;
const BLOCKS = 8;
const CHECKED = 1000;
/** Windows of pairs between two looks at the clock. */
const STEP = 256;

function never(): never {
  throw new Error("pairing alone does not come here");
}

/** Commands and ranges in a ring, written as the C program writes them. */
class Ring {
  readonly commands: Int32Array = new Int32Array(RING * 16);
  readonly ranges: Int32Array = new Int32Array(RING * 8);
  private head = 0;

  encode(low: number, high: number, windows: Int32Array, at: number): void {
    const { commands, ranges, head } = this;
    this.head = (head + 1) & (RING - 1);
    commands[head * 16 + 10] = low;
    commands[head * 16 + 11] = high;
    commands[head * 16 + 12] = 0;
    ranges[head * 8 + 2] = windows[at + 1];
    ranges[head * 8 + 3] = windows[at + 2];
    ranges[head * 8 + 4] = windows[at + 3] - 1;
  }

  checksum(): string {
    let sum = 0x811c9dc5 | 0;
    for (const word of this.commands) sum = Math.imul(sum ^ word, 16777619);
    for (const word of this.ranges) sum = Math.imul(sum ^ word, 16777619);
    return (sum >>> 0).toString(16).padStart(8, "0");
  }
}

/** What pairing alone never asks an engine for. */
const unasked = {
  failChunk: never,
  defer: never,
  runQueue: never,
  plugOf: () => -1,
  merges: () => true,
  hasElevator: () => false,
  tags: () => 64,
  mappingGeneration: () => 0,
  holdQueue: never,
  releaseQueue: never,
  report: never,
  reported: never,
};

/** One strategy at work, and what runs a window of pairs through it. */
function windowRunner(options: PairingCase): { run(): void; ring: Ring } {
  const strategy = strategies[options.strategy]();
  const bioRowsOf = bioTable(strategy.tokens);
  const chunkRowsOf = chunkTable(strategy.tokens);
  const state = new State().add(bioRowsOf, BIOS).add(chunkRowsOf, PAIRS);
  const capacity = { bios: BIOS, chunks: PAIRS, requests: PAIRS, lanes: PAIRS, devices: 1 };
  strategy.declare(state, { ...capacity, windowRanges: 1 });
  state.seal();
  const bioRows = state.table(bioRowsOf);
  const chunkRows = state.table(chunkRowsOf);
  const bios = bioRows.columns;
  const chunks = chunkRows.columns;
  const windows = new Int32Array(PAIRS * RANGE_WORDS);
  const ring = new Ring();
  const submitted = new Int32Array(2 * PAIRS);
  const owners = new Int32Array(PAIRS);
  let submittedCount = 0;
  let ownerCount = 0;
  let nextBio = 0;
  const engine: StrategyEngine = {
    bios: bioRows,
    chunks: chunkRows,
    windows,
    windowRanges: 1,
    allocateWindow: never,
    freeWindow: never,
    allocateBio(chunk, operation) {
      const bio = nextBio;
      nextBio = (nextBio + 1) & (BIOS - 1);
      bios.operation[bio] = operation;
      bios.chunk[bio] = chunk;
      return bio;
    },
    submit(bio) {
      submitted[submittedCount++] = bio;
    },
    endBio() {},
    failBio: never,
    pair(_chunk, _device, low, high, _offset, window, _ranges, owner) {
      ring.encode(low, high, windows, window * RANGE_WORDS);
      owners[ownerCount++] = owner;
      return 1;
    },
    reaches: () => true,
    account: never,
    parked() {},
    ...unasked,
  };
  const pairing: Pairing = strategy.attach(engine, state);
  const halves = pairing.biosOf(1);
  const random = new RandomWords(777);
  const events = arrivals(options.order);

  function start(chunk: number, word: number): void {
    const at = chunk * RANGE_WORDS;
    windows[at + 1] = word + chunk * 4096;
    windows[at + 2] = word & 0xffff;
    windows[at + 3] = BLOCKS;
    chunks.lbaLow[chunk] = word ^ (chunk * 4096);
    chunks.lbaHigh[chunk] = word >>> 16;
    chunks.blocks[chunk] = BLOCKS;
    chunks.window[chunk] = chunk;
    chunks.ranges[chunk] = 1;
    pairing.start(chunk);
  }

  function run(): void {
    const word = random.next();
    submittedCount = 0;
    ownerCount = 0;
    for (let chunk = 0; chunk < PAIRS; chunk++) start(chunk, word);
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      // A strategy of two halves submits the source first; one of one bio has it arrive as the destination does.
      if (event >= 0) pairing.arrive(submitted[event * halves + halves - 1]);
      else if (halves === 2) pairing.arrive(submitted[~event * 2]);
    }
    if (ownerCount !== PAIRS) throw new Error("a pair was not found");
    for (let i = 0; i < PAIRS; i++) pairing.requestEnded(owners[i], 0);
  }

  return { run, ring };
}

/** Runs one case. */
export function runPairingCase(options: PairingCase): PairingFigures {
  const { run, ring } = windowRunner(options);
  for (let i = 0; i < CHECKED; i++) run();
  const checksum = ring.checksum();
  const step = (): void => {
    for (let i = 0; i < STEP; i++) run();
  };
  const seconds = { warmUp: options.seconds, measured: options.seconds };
  return { checksum, ...cpuRate(step, STEP * PAIRS, seconds) };
}
