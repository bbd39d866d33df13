import {
  HalfLists,
  type Pairing,
  type StrategyEngine,
  status,
  submitHalves,
} from "@blockferry/core";
import { takeHome } from "@blockferry/core/pairing";
import { COPY, type ContextTable, DONE, RECALL, TRANSLATE } from "./context-table.ts";
import type { TranslateFirstSettings } from "./options.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;

/** How often all bios go back to the top because mappings changed. */
const TRIES_MAX = 4;

/** The strategy at work in one engine. */
export function translateFirstPairing(
  engine: StrategyEngine,
  contexts: ContextTable,
  options: TranslateFirstSettings,
): Pairing {
  return new TranslateFirst(engine, contexts, options);
}

class TranslateFirst implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly contexts: ContextTable;
  declare private readonly lists: HalfLists;
  declare private readonly countsPieces: boolean;
  declare private readonly waitsPerSource: boolean;
  declare private readonly rejectionEnds: boolean;
  declare private readonly keepsStatus: boolean;
  declare private readonly recalls: boolean;
  declare private readonly isChecked: boolean;
  declare private readonly submit: (chunk: number, token: number) => number;

  constructor(engine: StrategyEngine, contexts: ContextTable, options: TranslateFirstSettings) {
    this.engine = engine;
    this.contexts = contexts;
    this.lists = new HalfLists(engine);
    this.countsPieces = options.count === "pieces";
    this.waitsPerSource = options.contexts === "per-source";
    this.rejectionEnds = options.rejected === "ends";
    this.keepsStatus = options.status === "kept";
    this.recalls = options.held === "recalled";
    this.isChecked = options.generation === "checked";
    this.submit = submitHalves(engine);
  }

  get parkedCount(): number {
    const { next } = this.engine.bios;
    let count = 0;
    for (const context of this.contexts.rows()) {
      if (context.phase !== TRANSLATE && context.phase !== RECALL) continue;
      for (let bio = context.bios; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges + 1;
  }

  private generation(): number {
    return this.isChecked ? this.engine.mappingGeneration() : 0;
  }

  start(chunk: number): void {
    const { engine, contexts } = this;
    const { ranges, blocks, lane } = engine.chunks.columns;
    const { columns } = contexts;
    const context = contexts.allocate();
    columns.chunk[context] = chunk;
    columns.phase[context] = TRANSLATE;
    // Where a rejection completes nothing the submitter's hold does, if it is the last to go.
    columns.count[context] = ranges[chunk] + (this.rejectionEnds ? 1 : 2);
    columns.bios[context] = -1;
    columns.mappings[context] = this.generation();
    columns.tries[context] = 0;
    columns.requests[context] = 0;
    columns.contexts[context] = this.waitsPerSource ? ranges[chunk] : 1;
    columns.status[context] = SUCCESS;
    const handle = contexts.handle(context);
    if (this.submit(chunk, handle) < 2 * blocks[chunk]) {
      // Those that are on their way find their context gone.
      contexts.free(context);
      engine.failChunk(chunk, status.exhausted);
    } else if (!this.rejectionEnds) engine.defer(handle, lane[chunk]);
  }

  /** The submitter has submitted all bios, and gives up its hold. */
  resume(handle: number): void {
    const context = this.contexts.slotOf(handle);
    if (context >= 0) this.countDown(context);
  }

  private countDown(context: number): void {
    if (--this.contexts.columns.count[context] === 0) this.translated(context);
  }

  split(bio: number): void {
    if (!this.countsPieces) return;
    const context = this.contexts.slotOf(this.engine.bios.columns.token[bio]);
    if (context >= 0) this.contexts.columns.count[context]++;
  }

  arrive(bio: number): void {
    const { engine } = this;
    const { columns } = this.contexts;
    const context = this.contexts.slotOf(engine.bios.columns.token[bio]);
    if (context < 0) {
      engine.failBio(bio, status.aborted);
      return;
    }
    if (columns.phase[context] === RECALL) takeHome(this.engine, bio);
    // As posted, and too late: it is not in the list whose bios end with the first.
    else if (columns.phase[context] !== TRANSLATE) return;
    engine.bios.next[bio] = columns.bios[context];
    columns.bios[context] = bio;
    engine.parked(bio);
    this.countDown(context);
  }

  /** The count is 0: the phase changes. */
  private translated(context: number): void {
    const { columns } = this.contexts;
    if (columns.bios[context] < 0 && !this.rejectionEnds) {
      throw new Error(
        "translate-first, as posted: all bios were rejected, there is none to submit",
      );
    }
    if (columns.status[context] !== SUCCESS) this.end(context, columns.status[context], true);
    else if (columns.phase[context] === RECALL) this.translateAgain(context);
    else if (columns.mappings[context] === this.generation()) this.copy(context);
    else if (++columns.tries[context] > TRIES_MAX) this.end(context, status.aborted, true);
    else this.translateAgain(context);
  }

  /** All bios go down once more. */
  private translateAgain(context: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const { columns } = this.contexts;
    columns.phase[context] = TRANSLATE;
    columns.mappings[context] = this.generation();
    let bio = columns.bios[context];
    columns.bios[context] = -1;
    while (bio >= 0) {
      const following = next[bio];
      columns.count[context]++;
      takeHome(engine, bio);
      engine.submit(bio);
      bio = following;
    }
  }

  /** Bios are held back, and somebody waits for those below: what has come, and what still comes, waits at the top. */
  holding(): void {
    if (!this.recalls) return;
    const { next } = this.engine.bios;
    const { phase, bios } = this.contexts.columns;
    for (let context = 0; context < this.contexts.capacity; context++) {
      if (!this.contexts.isLive(context) || phase[context] !== TRANSLATE) continue;
      phase[context] = RECALL;
      for (let bio = bios[context]; bio >= 0; bio = next[bio]) takeHome(this.engine, bio);
    }
  }

  private copy(context: number): void {
    const { engine, lists } = this;
    const { columns } = this.contexts;
    const blocks = engine.chunks.columns.blocks[columns.chunk[context]];
    lists.sort(columns.bios[context]);
    if (lists.sourceBlocks !== blocks || lists.destinationBlocks !== blocks) {
      // As posted: bios are still on their way. The driver refuses what it has.
      columns.phase[context] = DONE;
      columns.bios[context] = -1;
      this.endAll(lists.join(), status.invalid, true);
      return;
    }
    columns.phase[context] = COPY;
    const requests = lists.pair(-1, context);
    columns.bios[context] = lists.join();
    columns.requests[context] = requests;
    if (requests === 0) this.end(context, SUCCESS, false);
  }

  requestEnded(context: number, value: number): void {
    const { columns } = this.contexts;
    if (value !== SUCCESS && columns.status[context] === SUCCESS) columns.status[context] = value;
    if (--columns.requests[context] !== 0) return;
    if (this.keepsStatus || columns.status[context] === SUCCESS) {
      this.end(context, columns.status[context], false);
      return;
    }
    const { engine } = this;
    const chunk = columns.chunk[context];
    engine.report(chunk, engine.reported(chunk));
    this.end(context, SUCCESS, false);
  }

  /** The context has done its part. The copy ends if it was the last that it waits for. */
  private end(context: number, value: number, failed: boolean): void {
    if (--this.contexts.columns.contexts[context] !== 0) return;
    const bios = this.contexts.columns.bios[context];
    this.contexts.free(context);
    this.endAll(bios, value, failed);
  }

  private endAll(first: number, value: number, failed: boolean): void {
    const { engine } = this;
    const { next } = engine.bios;
    for (let bio = first; bio >= 0; ) {
      const following = next[bio];
      if (failed) engine.failBio(bio, value);
      else engine.endBio(bio, value);
      bio = following;
    }
  }

  bioFailed(bio: number, value: number): void {
    const { columns } = this.contexts;
    const context = this.contexts.slotOf(this.engine.bios.columns.token[bio]);
    if (context < 0) return;
    if (columns.status[context] === SUCCESS) columns.status[context] = value;
    columns.count[context]--;
    if (this.rejectionEnds && columns.count[context] === 0) this.translated(context);
  }

  /** Bios on their way are rejected there; with the last of them those that have arrived end. */
  cancel(): void {}

  removed(device: number): void {
    const { next } = this.engine.bios;
    const { device: at } = this.engine.bios.columns;
    const { phase, bios, status: statuses } = this.contexts.columns;
    for (let context = 0; context < this.contexts.capacity; context++) {
      if (!this.contexts.isLive(context) || phase[context] !== TRANSLATE) continue;
      let bio = bios[context];
      while (bio >= 0 && at[bio] !== device) bio = next[bio];
      if (bio >= 0 && statuses[context] === SUCCESS) statuses[context] = status.removed;
    }
  }
}
