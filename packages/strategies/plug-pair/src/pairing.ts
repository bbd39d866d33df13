import { operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { type HalfRequestTable, state } from "./half-request-table.ts";
import type { HalfRequests } from "./half-requests.ts";
import { matcher } from "./match.ts";
import type { PlugPairSettings } from "./options.ts";
import { type Reporter, reporter } from "./report.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const DESTINATION = operation.destination;
const ROW_WORDS = RANGE_WORDS;
const { waiting: WAITING, sent: SENT, failing: FAILING, ending: ENDING } = state;

/** `token` of a bio that was split, or that is a part of one. */
const CUT = 1;

/** The strategy at work in one engine. */
export function plugPairPairing(
  engine: StrategyEngine,
  halves: HalfRequests,
  settings: PlugPairSettings,
): Pairing {
  return new PlugPair(engine, halves, settings);
}

/** What runs for every bio is a closure, not a method, and the fields are stored once: V8 takes them for constants. */
class PlugPair implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly halves: HalfRequests;
  declare private readonly rows: HalfRequestTable;
  declare private readonly settings: PlugPairSettings;
  declare private readonly find: (bio: number) => number;
  declare private readonly report: Reporter;
  declare private readonly sendsAtOnce: boolean;

  constructor(engine: StrategyEngine, halves: HalfRequests, settings: PlugPairSettings) {
    this.engine = engine;
    this.halves = halves;
    this.rows = halves.rows;
    this.settings = settings;
    this.find = matcher(engine, halves, settings);
    this.report = reporter(engine, settings);
    this.sendsAtOnce = settings.third === "refused";
  }

  get parkedCount(): number {
    let count = 0;
    for (const row of this.rows.rows()) {
      if (row.state !== WAITING) continue;
      count += 1 + (row.second < 0 ? 0 : 1) + (row.third < 0 ? 0 : 1);
    }
    return count;
  }

  biosOf(): number {
    return 2;
  }

  readonly start = (chunk: number): void => {
    const { engine, settings } = this;
    const chunks = engine.chunks.columns;
    const isDestination = settings.first === "destination";
    const firstKind = isDestination ? DESTINATION : operation.source;
    const secondKind = isDestination ? operation.source : DESTINATION;
    const first = engine.allocateBio(chunk, firstKind);
    const second = first < 0 ? -1 : engine.allocateBio(chunk, secondKind);
    if (second < 0) {
      this.giveUp(chunk, first);
      return;
    }
    const { windows, windowRanges } = engine;
    const at = chunks.window[chunk] * windowRanges * ROW_WORDS;
    const blocks = chunks.blocks[chunk];
    const { lbaLow, lbaHigh, device } = chunks;
    const source = isDestination ? second : first;
    this.fill(source, windows[at], windows[at + 1], windows[at + 2], blocks);
    const destination = isDestination ? first : second;
    this.fill(destination, device[chunk], lbaLow[chunk], lbaHigh[chunk], blocks);
    engine.submit(first);
    engine.submit(second);
  };

  private readonly fill = (
    bio: number,
    device: number,
    low: number,
    high: number,
    blocks: number,
  ): void => {
    const bios = this.engine.bios.columns;
    bios.device[bio] = device;
    bios.lbaLow[bio] = low;
    bios.lbaHigh[bio] = high;
    bios.blocks[bio] = blocks;
    bios.offset[bio] = 0;
    bios.token[bio] = 0;
  };

  /** There is no memory for both halves of a chunk. */
  private giveUp(chunk: number, made: number): void {
    if (this.settings.enomem === "hang") return;
    this.report.now(chunk);
    this.engine.failChunk(chunk, status.exhausted);
    if (made >= 0) this.engine.endBio(made, status.exhausted);
  }

  split(bio: number, rest: number): void {
    if (this.settings.oversize === "paired") return;
    const { token } = this.engine.bios.columns;
    token[bio] = CUT;
    token[rest] = CUT;
  }

  readonly arrive = (bio: number): void => {
    const bios = this.engine.bios.columns;
    if (bios.token[bio] === CUT) {
      if (this.settings.oversize === "lost") return;
      this.report.now(bios.chunk[bio]);
      this.engine.failBio(bio, status.limitExceeded);
      return;
    }
    const row = this.find(bio);
    if (row < 0) this.park(bio);
    else this.attach(row, bio);
  };

  /** The first of two halves becomes a request of its own and waits. */
  private readonly park = (bio: number): void => {
    const { engine, rows } = this;
    const { columns } = rows;
    const row = rows.allocate();
    const lane = engine.plugOf(bio);
    const device = engine.bios.columns.device[bio];
    columns.first[row] = bio;
    columns.second[row] = -1;
    columns.third[row] = -1;
    columns.device[row] = device;
    columns.lane[row] = lane;
    columns.state[row] = WAITING;
    columns.requests[row] = 0;
    columns.status[row] = SUCCESS;
    columns.told[row] = 0;
    this.halves.push(row);
    engine.parked(bio);
    if (lane < 0) engine.runQueue(device);
  };

  /** Joins a half to the half-request that it found. */
  private readonly attach = (row: number, bio: number): void => {
    const { second, third } = this.rows.columns;
    if (second[row] < 0) second[row] = bio;
    else third[row] = bio;
    if (!this.sendsAtOnce) return;
    this.halves.unlink(row);
    this.send(row);
  };

  /** Sends the two halves of a row, which waits nowhere any more, as one request. */
  private readonly send = (row: number): void => {
    const { engine } = this;
    const { columns } = this.rows;
    const bios = engine.bios.columns;
    const { window: windowOf } = engine.chunks.columns;
    const isDestination = bios.operation[columns.first[row]] === DESTINATION;
    const destination = isDestination ? columns.first[row] : columns.second[row];
    const source = isDestination ? columns.second[row] : columns.first[row];
    const chunk = bios.chunk[destination];
    let window = windowOf[chunk];
    if (window < 0) window = engine.allocateWindow();
    windowOf[chunk] = -1;
    const { windows, windowRanges } = engine;
    const at = window * windowRanges * ROW_WORDS;
    windows[at] = bios.device[source];
    windows[at + 1] = bios.lbaLow[source];
    windows[at + 2] = bios.lbaHigh[source];
    windows[at + 3] = bios.blocks[source];
    columns.state[row] = SENT;
    const requests = engine.pair(
      chunk,
      bios.device[destination],
      bios.lbaLow[destination],
      bios.lbaHigh[destination],
      bios.offset[destination],
      window,
      1,
      row,
    );
    columns.requests[row] = requests;
    if (requests === 0) this.end(row, true);
  };

  readonly requestEnded = (row: number, value: number): void => {
    const { requests, status: statuses } = this.rows.columns;
    if (value !== SUCCESS && statuses[row] === SUCCESS) statuses[row] = value;
    if (--requests[row] === 0) this.end(row, true);
  };

  /** A row has met its fate: its submitter is told of a failure, then its bios end. */
  private readonly end = (row: number, isPaired: boolean): void => {
    const { columns } = this.rows;
    if (columns.status[row] !== SUCCESS) {
      const { report, engine } = this;
      const chunk = engine.bios.columns.chunk[columns.first[row]];
      if (report.isLate) {
        columns.told[row] = report.load(chunk);
        columns.state[row] = isPaired ? ENDING : FAILING;
        engine.defer(row, -1);
        return;
      }
      report.now(chunk);
    }
    this.endBios(row, isPaired);
  };

  /** Ends the bios of a row: as of requests that have ended, or as of halves that never got into one. */
  private readonly endBios = (row: number, isPaired: boolean): void => {
    const { rows } = this;
    const { first, second, third, status: statuses } = rows.columns;
    const value = statuses[row];
    const one = first[row];
    const two = second[row];
    const three = third[row];
    rows.free(row);
    this.endBio(one, value, isPaired);
    if (two >= 0) this.endBio(two, value, isPaired);
    if (three >= 0) this.endBio(three, value, isPaired);
  };

  private readonly endBio = (bio: number, value: number, isPaired: boolean): void => {
    if (isPaired) this.engine.endBio(bio, value);
    else this.engine.failBio(bio, value);
  };

  private fail(row: number, value: number): void {
    this.rows.columns.status[row] = value;
    this.end(row, false);
  }

  bioFailed(bio: number): void {
    this.report.now(this.engine.bios.columns.chunk[bio]);
  }

  cancel(chunk: number, value: number): void {
    const { columns } = this.rows;
    const { chunk: chunkOf } = this.engine.bios.columns;
    const isOf = (bio: number): boolean => bio >= 0 && chunkOf[bio] === chunk;
    const { first, second, third } = columns;
    this.failWaiting((row) => isOf(first[row]) || isOf(second[row]) || isOf(third[row]), value);
  }

  removed(device: number): void {
    this.failWaiting((row) => this.rows.columns.device[row] === device, status.removed);
  }

  /** Fails the rows that wait and that `matches`. */
  private failWaiting(matches: (row: number) => boolean, value: number): void {
    const { rows } = this;
    for (let row = 0; row < rows.capacity; row++) {
      if (!rows.isLive(row) || rows.columns.state[row] !== WAITING || !matches(row)) continue;
      this.halves.unlink(row);
      this.fail(row, value);
    }
  }

  unplugged(lane: number): void {
    const { rows, halves } = this;
    for (let row = halves.takePlug(lane); row >= 0; ) {
      const newer = rows.next[row];
      rows.columns.lane[row] = -1;
      halves.push(row);
      this.engine.runQueue(rows.columns.device[row]);
      row = newer;
    }
  }

  dispatching(device: number): void {
    const { rows } = this;
    const { second, third } = rows.columns;
    for (let row = this.halves.takeQueue(device); row >= 0; ) {
      const newer = rows.next[row];
      rows.next[row] = -1;
      // The driver takes requests of two bios and no others.
      if (second[row] >= 0 && third[row] < 0) this.send(row);
      else this.fail(row, status.aborted);
      row = newer;
    }
  }

  resume(row: number): void {
    const { first, told, state: states } = this.rows.columns;
    this.report.store(this.engine.bios.columns.chunk[first[row]], told[row]);
    this.endBios(row, states[row] === ENDING);
  }
}
