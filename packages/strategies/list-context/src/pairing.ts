import {
  HalfLists,
  type Pairing,
  type StrategyEngine,
  status,
  submitHalves,
} from "@blockferry/core";
import { takeHome } from "@blockferry/core/pairing";
import { type ContextTable, NOT_PAIRED, RECALLED } from "./context-table.ts";
import type { ListContextSettings } from "./options.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const UNPAIRED = NOT_PAIRED;
const GOES_HOME = RECALLED;

/** The strategy at work in one engine. */
export function listContextPairing(
  engine: StrategyEngine,
  contexts: ContextTable,
  settings: ListContextSettings,
): Pairing {
  return new ListContext(engine, contexts, settings);
}

/** What runs for every bio is a closure, not a method, and the fields are stored once: V8 takes them for constants. */
class ListContext implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly contexts: ContextTable;
  declare private readonly lists: HalfLists;
  declare private readonly cancels: boolean;
  declare private readonly holds: boolean;
  declare private readonly recalls: boolean;
  /** A context lives until the last bio that names it has ended. */
  declare private readonly counted: boolean;
  declare private readonly countsBlocks: boolean;
  declare private readonly countsPieces: boolean;
  declare private readonly submit: (chunk: number, token: number) => number;

  constructor(engine: StrategyEngine, contexts: ContextTable, settings: ListContextSettings) {
    this.engine = engine;
    this.contexts = contexts;
    this.lists = new HalfLists(engine);
    this.cancels = settings.cancels;
    this.holds = settings.holds;
    this.recalls = settings.recalls;
    this.counted = settings.counted;
    this.countsBlocks = settings.count === "blocks";
    this.countsPieces = settings.count === "pieces";
    this.submit = submitHalves(engine);
  }

  get parkedCount(): number {
    const { next } = this.engine.bios;
    let count = 0;
    for (const context of this.contexts.rows()) {
      if (context.requests !== NOT_PAIRED) continue;
      for (let bio = context.head; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges + 1;
  }

  readonly start = (chunk: number): void => {
    const { engine, contexts } = this;
    const columns = contexts.columns;
    const chunks = engine.chunks.columns;
    const context = contexts.allocate();
    chunks.token[chunk] = context;
    if (context < 0) {
      engine.failChunk(chunk, status.exhausted);
      return;
    }
    const both = chunks.blocks[chunk] * 2;
    columns.chunk[context] = chunk;
    columns.left[context] = both;
    columns.missing[context] = this.countsBlocks ? both : chunks.ranges[chunk] + 1;
    columns.head[context] = -1;
    columns.moved[context] = 0;
    columns.requests[context] = UNPAIRED;
    columns.status[context] = SUCCESS;
    const submitted = this.submit(chunk, context);
    if (submitted === both) return;
    columns.left[context] = submitted;
    this.giveUp(context, chunk, status.exhausted);
    engine.failChunk(chunk, status.exhausted);
  };

  split(bio: number): void {
    if (this.isLost(bio)) return;
    const { moved, missing } = this.contexts.columns;
    const context = this.engine.bios.columns.token[bio];
    if (moved[context] === 0) moved[context] = 1;
    if (this.countsPieces) missing[context]++;
  }

  readonly arrive = (bio: number): void => {
    if (this.isLost(bio)) return;
    const { engine } = this;
    const context = engine.bios.columns.token[bio];
    if (this.isOpen(context)) {
      this.park(context, bio);
      return;
    }
    // Given up, or paired with what there was: only a count that a split upsets pairs before all are there.
    this.contexts.columns.left[context] -= engine.bios.columns.blocks[bio];
    this.drop(context);
    engine.failBio(bio, status.aborted);
  };

  private readonly park = (context: number, bio: number): void => {
    const { engine } = this;
    const columns = this.contexts.columns;
    const bios = engine.bios.columns;
    columns.left[context] -= bios.blocks[bio];
    engine.bios.next[bio] = columns.head[context];
    columns.head[context] = bio;
    const chunk = columns.chunk[context];
    if (columns.moved[context] === GOES_HOME) takeHome(engine, bio);
    else if (bios.device[bio] !== engine.chunks.columns.device[chunk] || bios.chunk[bio] !== chunk)
      columns.moved[context] = 1;
    if (this.holds) engine.holdQueue(bios.device[bio]);
    engine.parked(bio);
    const missing = columns.missing[context] - (this.countsBlocks ? bios.blocks[bio] : 1);
    columns.missing[context] = missing;
    if (missing === 0) this.pair(context);
  };

  /** True while halves may still meet in a context. */
  private readonly isOpen = (context: number): boolean => {
    const { requests, status: statuses } = this.contexts.columns;
    return requests[context] === UNPAIRED && statuses[context] === SUCCESS;
  };

  /** True for a bio that names a context that is no more, where nobody counts who names it: it is never ended. */
  private readonly isLost = (bio: number): boolean =>
    !this.counted && !this.contexts.isLive(this.engine.bios.columns.token[bio]);

  /** Frees a context that no bio on its way, no half and no request holds. */
  private readonly drop = (context: number): void => {
    const { left, head, requests } = this.contexts.columns;
    if (left[context] === 0 && head[context] < 0 && requests[context] <= 0)
      this.contexts.free(context);
  };

  /** All that was counted is there. */
  private readonly pair = (context: number): void => {
    const { engine } = this;
    const columns = this.contexts.columns;
    const chunks = engine.chunks.columns;
    const chunk = columns.chunk[context];
    const window = chunks.window[chunk];
    if (columns.moved[context] !== 0) {
      if (columns.moved[context] === GOES_HOME) this.submitAgain(context);
      else this.pairPieces(context, window);
      return;
    }
    // No half was split, none was moved: the chunk's own window is what they would make again.
    chunks.window[chunk] = -1;
    const requests = engine.pair(
      chunk,
      chunks.device[chunk],
      chunks.lbaLow[chunk],
      chunks.lbaHigh[chunk],
      0,
      window,
      chunks.ranges[chunk],
      context,
    );
    columns.requests[context] = requests;
    if (requests === 0) this.endAll(context);
  };

  /** Makes requests of the halves of both sides, cut where either side was cut. */
  private pairPieces(context: number, window: number): void {
    const { lists } = this;
    const columns = this.contexts.columns;
    lists.sort(columns.head[context]);
    const isFit = this.fits();
    if (isFit) {
      this.engine.chunks.columns.window[columns.chunk[context]] = -1;
      columns.requests[context] = lists.pair(window, context);
    }
    columns.head[context] = lists.join();
    if (!isFit) this.giveUp(context, -1, status.aborted);
    else if (columns.requests[context] === 0) this.endAll(context);
  }

  /** True when both sides are alike and, where pieces are counted, no source piece lies across two destinations. */
  private fits(): boolean {
    const { lists } = this;
    if (lists.sourceBlocks !== lists.destinationBlocks) return false;
    if (!this.countsPieces) return true;
    const { next } = this.engine.bios;
    const { blocks } = this.engine.bios.columns;
    let source = lists.sourceHead;
    for (let half = lists.destinationHead; half >= 0; half = next[half]) {
      let room = blocks[half];
      while (room > 0) {
        room -= blocks[source];
        source = next[source];
      }
      if (room < 0) return false;
    }
    return true;
  }

  readonly requestEnded = (context: number, value: number): void => {
    const { requests, status: statuses } = this.contexts.columns;
    if (value !== SUCCESS && statuses[context] === SUCCESS) statuses[context] = value;
    if (--requests[context] === 0) this.endAll(context);
  };

  /** Ends every half of a context that was paired. */
  private readonly endAll = (context: number): void => {
    const { engine } = this;
    const { next } = engine.bios;
    const { head, status: statuses } = this.contexts.columns;
    const value = statuses[context];
    let bio = head[context];
    head[context] = -1;
    this.drop(context);
    while (bio >= 0) {
      const following = next[bio];
      if (this.holds) engine.releaseQueue(engine.bios.columns.device[bio]);
      engine.endBio(bio, value);
      bio = following;
    }
  };

  /**
   * Ends every half that is parked in a context; those that still come are ended as they come.
   *
   * @param chunk whose bio failed or whose copy was cancelled, -1 for that of the halves
   */
  private giveUp(context: number, chunk: number, value: number): void {
    const { engine, counted } = this;
    const { next } = engine.bios;
    const { head, status: statuses } = this.contexts.columns;
    const { token } = engine.chunks.columns;
    statuses[context] = value;
    let bio = head[context];
    head[context] = -1;
    if (counted) this.drop(context);
    else this.contexts.free(context);
    if (!counted && chunk >= 0) token[chunk] = -1;
    while (bio >= 0) {
      const following = next[bio];
      if (!counted) token[engine.bios.columns.chunk[bio]] = -1;
      if (this.holds) engine.releaseQueue(engine.bios.columns.device[bio]);
      engine.failBio(bio, value);
      bio = following;
    }
  }

  bioFailed(bio: number, value: number): void {
    if (this.isLost(bio)) return;
    const bios = this.engine.bios.columns;
    const context = bios.token[bio];
    this.contexts.columns.left[context] -= bios.blocks[bio];
    if (this.cancels && this.isOpen(context)) this.giveUp(context, bios.chunk[bio], value);
    else this.drop(context);
  }

  cancel(chunk: number, value: number): void {
    const context = this.engine.chunks.columns.token[chunk];
    if (context >= 0 && this.isOpen(context)) this.giveUp(context, chunk, value);
  }

  removed(device: number): void {
    const { next } = this.engine.bios;
    const { device: at } = this.engine.bios.columns;
    const { head, chunk } = this.contexts.columns;
    for (let context = 0; context < this.contexts.capacity; context++) {
      if (!this.contexts.isLive(context) || !this.isOpen(context)) continue;
      let bio = head[context];
      while (bio >= 0 && at[bio] !== device) bio = next[bio];
      if (bio >= 0) this.giveUp(context, chunk[context], status.removed);
    }
  }
  /**
   * Who suspends a mapping waits for what is below it. What waits for a partner that is held above goes back up, and so does
   * what is still on its way below; with the last of them all go down once more.
   */
  holding(): void {
    if (!this.recalls) return;
    const { engine, contexts } = this;
    const { next } = engine.bios;
    const { head, moved } = contexts.columns;
    for (let context = 0; context < contexts.capacity; context++) {
      if (!contexts.isLive(context) || !this.isOpen(context)) continue;
      moved[context] = RECALLED;
      for (let bio = head[context]; bio >= 0; bio = next[bio]) takeHome(engine, bio);
    }
  }

  /** All halves of a context are back where its copy was submitted. */
  private submitAgain(context: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const { blocks } = engine.bios.columns;
    const { head, left, missing, moved } = this.contexts.columns;
    moved[context] = 1;
    let bio = head[context];
    head[context] = -1;
    while (bio >= 0) {
      const following = next[bio];
      left[context] += blocks[bio];
      missing[context] += this.countsBlocks ? blocks[bio] : 1;
      engine.submit(bio);
      bio = following;
    }
  }
}
