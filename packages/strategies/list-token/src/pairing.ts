import { joinWords, operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { HalfLists } from "./half-lists.ts";
import type { TokenTable } from "./token-table.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SOURCE = operation.source;
const DESTINATION = operation.destination;
const ROW_WORDS = RANGE_WORDS;

const NOT_PAIRED = -1;

/** The strategy at work in one engine. */
export function listTokenPairing(engine: StrategyEngine, tokens: TokenTable): Pairing {
  return new ListToken(engine, tokens);
}

/**
 * What runs for every bio is a closure, not a method, and the fields are stored once: V8 compiles a closure for the one
 * object that it captures and takes what is stored once, tables included, for constants.
 */
class ListToken implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly tokens: TokenTable;
  declare private readonly lists: HalfLists;

  constructor(engine: StrategyEngine, tokens: TokenTable) {
    this.engine = engine;
    this.tokens = tokens;
    this.lists = new HalfLists(engine);
  }

  get parkedCount(): number {
    let count = 0;
    for (const token of this.tokens.rows()) {
      if (token.requests !== NOT_PAIRED) continue;
      const { next } = this.engine.bios;
      for (let bio = token.head; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges + 1;
  }

  readonly start = (chunk: number): void => {
    const { engine, tokens } = this;
    const chunks = engine.chunks.columns;
    const bios = engine.bios.columns;
    const columns = tokens.columns;
    const token = tokens.allocate();
    const handle = tokens.handle(token);
    chunks.token[chunk] = handle;
    const windows = engine.windows;
    const ranges = chunks.ranges[chunk];
    const from = chunks.window[chunk] * engine.windowRanges * ROW_WORDS;
    const end = from + ranges * ROW_WORDS;
    columns.chunk[token] = chunk;
    columns.bios[token] = ranges + 1;
    columns.blocks[token] = chunks.blocks[chunk] * 2;
    columns.head[token] = -1;
    columns.moved[token] = 0;
    columns.requests[token] = NOT_PAIRED;
    columns.status[token] = SUCCESS;
    let offset = 0;
    for (let at = from; at < end; at += ROW_WORDS) {
      const source = engine.allocateBio(chunk, SOURCE);
      if (source < 0) {
        this.giveUp(chunk, token);
        return;
      }
      const blocks = windows[at + 3];
      bios.device[source] = windows[at];
      bios.lbaLow[source] = windows[at + 1];
      bios.lbaHigh[source] = windows[at + 2];
      bios.blocks[source] = blocks;
      bios.offset[source] = offset;
      bios.token[source] = handle;
      offset = (offset + blocks) | 0;
      engine.submit(source);
    }
    const destination = engine.allocateBio(chunk, DESTINATION);
    if (destination < 0) {
      this.giveUp(chunk, token);
      return;
    }
    bios.lbaLow[destination] = chunks.lbaLow[chunk];
    bios.lbaHigh[destination] = chunks.lbaHigh[chunk];
    bios.blocks[destination] = offset;
    bios.offset[destination] = 0;
    bios.token[destination] = handle;
    engine.submit(destination);
  };

  /** There is no memory for one more half: those that are on their way find their token gone. */
  private giveUp(chunk: number, token: number): void {
    this.tokens.free(token);
    this.engine.failChunk(chunk, status.exhausted);
  }

  readonly arrive = (bio: number): void => {
    const { engine, tokens } = this;
    const bios = engine.bios.columns;
    const columns = tokens.columns;
    const token = tokens.slotOf(bios.token[bio]);
    if (token < 0) {
      engine.failBio(bio, status.aborted);
      return;
    }
    engine.bios.next[bio] = columns.head[token];
    columns.head[token] = bio;
    if (bios.device[bio] !== engine.chunks.columns.device[columns.chunk[token]])
      columns.moved[token] = 1;
    engine.parked(bio);
    columns.bios[token]--;
    const left = columns.blocks[token] - bios.blocks[bio];
    columns.blocks[token] = left;
    if (left === 0) this.pair(token);
  };

  /** All blocks of both sides are there. */
  private readonly pair = (token: number): void => {
    const { engine, tokens } = this;
    const columns = tokens.columns;
    const chunk = columns.chunk[token];
    const chunks = engine.chunks.columns;
    const window = chunks.window[chunk];
    chunks.window[chunk] = -1;
    // No half was split, none was moved: the chunk's own window is what they would make again.
    const requests =
      columns.bios[token] === 0 && columns.moved[token] === 0
        ? engine.pair(
            chunk,
            chunks.device[chunk],
            chunks.lbaLow[chunk],
            chunks.lbaHigh[chunk],
            0,
            window,
            chunks.ranges[chunk],
            token,
          )
        : this.pairPieces(token, chunk, window);
    columns.requests[token] = requests;
    if (requests === 0) this.endAll(token);
  };

  /** Walks the halves of both sides and makes requests, cut where either side was cut. Returns their number. */
  private pairPieces(token: number, chunk: number, firstWindow: number): number {
    const { engine, lists } = this;
    const { next } = engine.bios;
    const bios = engine.bios.columns;
    lists.sort(this.tokens.columns.head[token]);
    let window = firstWindow;
    let requests = 0;
    for (let half = lists.destinationHead; half >= 0; half = next[half]) {
      let left = bios.blocks[half];
      let offset = bios.offset[half];
      let lba = joinWords(bios.lbaLow[half], bios.lbaHigh[half]);
      while (left > 0) {
        if (window < 0) window = engine.allocateWindow();
        const ranges = lists.fill(window, left);
        const { device } = bios;
        requests += engine.pair(
          chunk,
          device[half],
          lba | 0,
          (lba / 2 ** 32) | 0,
          offset,
          window,
          ranges,
          token,
        );
        window = -1;
        left -= lists.filled;
        offset += lists.filled;
        lba += lists.filled;
      }
    }
    this.tokens.columns.head[token] = lists.join();
    return requests;
  }

  readonly requestEnded = (token: number, value: number): void => {
    const columns = this.tokens.columns;
    if (value !== SUCCESS && columns.status[token] === SUCCESS) columns.status[token] = value;
    if (--columns.requests[token] === 0) this.endAll(token);
  };

  /** Ends every half of a token that was paired. */
  private readonly endAll = (token: number): void => {
    const { engine, tokens } = this;
    const { next } = engine.bios;
    const { head, status: statuses } = tokens.columns;
    const value = statuses[token];
    let bio = head[token];
    tokens.free(token);
    while (bio >= 0) {
      const following = next[bio];
      engine.endBio(bio, value);
      bio = following;
    }
  };

  /** Ends every parked half of a token that will not be paired any more. */
  private fail(token: number, value: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    let bio = this.tokens.columns.head[token];
    this.tokens.free(token);
    while (bio >= 0) {
      const following = next[bio];
      engine.failBio(bio, value);
      bio = following;
    }
  }

  private failUnpaired(token: number, value: number): void {
    if (token >= 0 && this.tokens.columns.requests[token] === NOT_PAIRED) this.fail(token, value);
  }

  bioFailed(bio: number, value: number): void {
    this.failUnpaired(this.tokens.slotOf(this.engine.bios.columns.token[bio]), value);
  }

  cancel(chunk: number, value: number): void {
    this.failUnpaired(this.tokens.slotOf(this.engine.chunks.columns.token[chunk]), value);
  }

  removed(device: number): void {
    const { next } = this.engine.bios;
    const { device: at } = this.engine.bios.columns;
    const { head } = this.tokens.columns;
    for (let token = 0; token < this.tokens.capacity; token++) {
      if (!this.tokens.isLive(token)) continue;
      let bio = head[token];
      while (bio >= 0 && at[bio] !== device) bio = next[bio];
      if (bio >= 0) this.failUnpaired(token, status.removed);
    }
  }
}
