import { joinWords, operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { destinationPerRange, placeSource, toTop } from "@blockferry/core/pairing";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { InOutTable } from "./in-out-table.ts";
import type { CopyInOutSettings } from "./options.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SOURCE = operation.source;
const DESTINATION = operation.destination;

/** How often a part goes back to COPY_IN because mappings changed. */
const TRIES_MAX = 4;
/** What the end of another bio submits is in no submitter's plug. */
const NO_SUBMITTER = -1;

/** The strategy at work in one engine. */
export function copyInOutPairing(
  engine: StrategyEngine,
  pairs: InOutTable,
  options: CopyInOutSettings,
): Pairing {
  return new CopyInOut(engine, pairs, options);
}

class CopyInOut implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly pairs: InOutTable;
  declare private readonly mayBeSplit: boolean;
  declare private readonly isChecked: boolean;
  /** Nothing waits at the bottom. */
  readonly parkedCount = 0;

  constructor(engine: StrategyEngine, pairs: InOutTable, options: CopyInOutSettings) {
    this.engine = engine;
    this.pairs = pairs;
    this.mayBeSplit = options.split === "each";
    this.isChecked = options.generation === "checked";
  }

  biosOf(ranges: number): number {
    return 2 * ranges;
  }

  start(chunk: number): void {
    const { bios } = this.engine;
    let out = destinationPerRange(this.engine, chunk);
    while (out >= 0) {
      const following = bios.next[out];
      bios.next[out] = -1;
      this.begin(out, 0, bios.columns.lane[out]);
      out = following;
    }
  }

  /** Takes a row for a part of a chunk. */
  private pairOf(chunk: number, out: number, tries: number, generation: number): number {
    const { engine, pairs } = this;
    const bios = engine.bios.columns;
    const { columns } = pairs;
    const pair = pairs.allocate();
    if (pair < 0) throw new Error("more pairs than COPY_OUT bios");
    columns.chunk[pair] = chunk;
    columns.offset[pair] = bios.offset[out];
    columns.blocks[pair] = bios.blocks[out];
    columns.out[pair] = out;
    columns.unconfirmed[pair] = bios.blocks[out];
    columns.device[pair] = -1;
    columns.lbaLow[pair] = 0;
    columns.lbaHigh[pair] = 0;
    columns.mappings[pair] = generation;
    columns.tries[pair] = tries;
    columns.unspent[pair] = 0;
    bios.token[out] = pairs.handle(pair);
    return pair;
  }

  /**
   * Sends COPY_IN for a COPY_OUT bio, or for a part of one, which keeps its chunk open meanwhile, at the top: below a mapping
   * it would be waited for by who suspends that, and COPY_IN held back.
   */
  private begin(out: number, tries: number, lane: number): void {
    const { engine } = this;
    const bios = engine.bios.columns;
    const chunk = bios.chunk[out];
    const bio = engine.allocateBio(chunk, SOURCE);
    if (bio < 0) {
      engine.failBio(out, status.exhausted);
      return;
    }
    toTop(engine, out);
    this.pairOf(chunk, out, tries, this.isChecked ? engine.mappingGeneration() : 0);
    bios.offset[bio] = bios.offset[out];
    bios.blocks[bio] = bios.blocks[out];
    bios.token[bio] = bios.token[out];
    bios.lane[bio] = lane;
    placeSource(engine, bio);
    engine.submit(bio);
  }

  arrive(bio: number): void {
    const { operation: kind, token } = this.engine.bios.columns;
    const pair = this.pairs.slotOf(token[bio]);
    if (pair < 0) this.engine.failBio(bio, status.aborted);
    else if (kind[bio] === SOURCE) this.confirm(bio, pair);
    else this.send(bio, pair);
  }

  /** COPY_IN, or a part of it, has reached the bottom. Its end submits COPY_OUT. */
  private confirm(bio: number, pair: number): void {
    const { engine, pairs } = this;
    const bios = engine.bios.columns;
    const { columns } = pairs;
    const blocks = bios.blocks[bio];
    if (!this.mayBeSplit && blocks !== columns.blocks[pair]) {
      this.fail(pair, status.unsupported);
      engine.failBio(bio, status.unsupported);
      return;
    }
    const { device, lbaLow, lbaHigh, offset } = bios;
    const part = this.partOf(pair, offset[bio], blocks);
    if (part >= 0) {
      columns.device[part] = device[bio];
      columns.lbaLow[part] = lbaLow[bio];
      columns.lbaHigh[part] = lbaHigh[bio];
      const out = columns.out[part];
      columns.out[part] = -1;
      columns.unspent[part] = blocks;
      bios.lane[out] = NO_SUBMITTER;
      toTop(engine, out);
      engine.submit(out);
    }
    engine.endBio(bio, SUCCESS);
  }

  /**
   * The pair for a part of COPY_IN: the same one for the part that is the last to come, a new one with a COPY_OUT of its own
   * for each before. -1 when there is no memory for that, and the part is accounted.
   */
  private partOf(pair: number, offset: number, blocks: number): number {
    const { engine } = this;
    const bios = engine.bios.columns;
    const { columns } = this.pairs;
    columns.unconfirmed[pair] -= blocks;
    if (columns.unconfirmed[pair] === 0) {
      const last = columns.out[pair];
      bios.offset[last] = offset;
      bios.blocks[last] = blocks;
      columns.offset[pair] = offset;
      columns.blocks[pair] = blocks;
      return pair;
    }
    const chunk = columns.chunk[pair];
    const out = engine.allocateBio(chunk, DESTINATION);
    if (out < 0) {
      engine.account(chunk, offset, blocks, status.exhausted);
      return -1;
    }
    bios.offset[out] = offset;
    bios.blocks[out] = blocks;
    return this.pairOf(chunk, out, columns.tries[pair], columns.mappings[pair]);
  }

  /** A pair whose COPY_IN is not confirmed: parts of that which still come find it gone. */
  private fail(pair: number, value: number): void {
    const out = this.pairs.columns.out[pair];
    this.pairs.free(pair);
    this.engine.failBio(out, value);
  }

  /** COPY_OUT, or a part of it, has reached the bottom. */
  private send(bio: number, pair: number): void {
    const { engine, pairs } = this;
    const { columns } = pairs;
    const blocks = engine.bios.columns.blocks[bio];
    const tries = columns.tries[pair] + 1;
    const isStale = this.isChecked && columns.mappings[pair] !== engine.mappingGeneration();
    const isWhole = this.mayBeSplit || blocks === columns.blocks[pair];
    if (!isStale && isWhole) this.request(bio, pair);
    this.spent(pair, blocks);
    if (isStale && tries <= TRIES_MAX) this.begin(bio, tries, NO_SUBMITTER);
    else if (isStale) engine.failBio(bio, status.aborted);
    else if (!isWhole) engine.failBio(bio, status.unsupported);
  }

  private request(bio: number, pair: number): void {
    const { engine } = this;
    const { windows } = engine;
    const bios = engine.bios.columns;
    const { columns } = this.pairs;
    const inside = bios.offset[bio] - columns.offset[pair];
    const lba = joinWords(columns.lbaLow[pair], columns.lbaHigh[pair]) + inside;
    const window = engine.allocateWindow();
    const at = window * engine.windowRanges * RANGE_WORDS;
    windows[at] = columns.device[pair];
    windows[at + 1] = lba | 0;
    windows[at + 2] = (lba / 2 ** 32) | 0;
    windows[at + 3] = bios.blocks[bio];
    const { chunk, device, lbaLow, lbaHigh, offset } = bios;
    const requests = engine.pair(
      chunk[bio],
      device[bio],
      lbaLow[bio],
      lbaHigh[bio],
      offset[bio],
      window,
      1,
      bio,
    );
    if (requests === 0) engine.endBio(bio, SUCCESS);
  }

  /** Blocks of COPY_OUT have met their fate. */
  private spent(pair: number, blocks: number): void {
    const { unspent } = this.pairs.columns;
    unspent[pair] -= blocks;
    if (unspent[pair] === 0) this.pairs.free(pair);
  }

  requestEnded(bio: number, value: number): void {
    this.engine.endBio(bio, value);
  }

  bioFailed(bio: number, value: number): void {
    const { engine, pairs } = this;
    const { operation: kind, chunk, offset, blocks, token } = engine.bios.columns;
    const pair = pairs.slotOf(token[bio]);
    if (pair < 0) return;
    if (kind[bio] !== SOURCE) {
      this.spent(pair, blocks[bio]);
    } else if (!this.mayBeSplit) {
      this.fail(pair, value);
    } else if (pairs.columns.unconfirmed[pair] > blocks[bio]) {
      pairs.columns.unconfirmed[pair] -= blocks[bio];
      engine.account(chunk[bio], offset[bio], blocks[bio], value);
    } else {
      this.partOf(pair, offset[bio], blocks[bio]);
      this.fail(pair, value);
    }
  }

  /** Bios on their way are rejected there, and nothing else waits. */
  cancel(): void {}

  removed(): void {}
}
