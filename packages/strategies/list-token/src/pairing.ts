import { joinWords, operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { TokenTable } from "./token-table.ts";

const NOT_PAIRED = -1;

/** The strategy at work in one engine. */
export function listTokenPairing(engine: StrategyEngine, tokens: TokenTable): Pairing {
  return new ListToken(engine, tokens);
}

class ListToken implements Pairing {
  private readonly engine: StrategyEngine;
  private readonly tokens: TokenTable;

  constructor(engine: StrategyEngine, tokens: TokenTable) {
    this.engine = engine;
    this.tokens = tokens;
  }

  get parkedCount(): number {
    let count = 0;
    for (const token of this.tokens.rows()) {
      if (token.requests !== NOT_PAIRED) continue;
      const { next } = this.engine.bios;
      for (let bio = token.sourceHead; bio >= 0; bio = next[bio]) count++;
      for (let bio = token.destinationHead; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges + 1;
  }

  start(chunk: number): void {
    const { engine, tokens } = this;
    const chunks = engine.chunks.columns;
    const bios = engine.bios.columns;
    const columns = tokens.columns;
    const token = tokens.allocate();
    columns.chunk[token] = chunk;
    columns.sourceBlocks[token] = 0;
    columns.destinationBlocks[token] = 0;
    columns.sourceHead[token] = -1;
    columns.destinationHead[token] = -1;
    columns.requests[token] = NOT_PAIRED;
    columns.status[token] = status.success;
    const handle = tokens.handle(token);
    chunks.token[chunk] = handle;
    const windows = engine.windows;
    const ranges = chunks.ranges[chunk];
    let at = chunks.window[chunk] * engine.windowRanges * RANGE_WORDS;
    let offset = 0;
    for (let i = 0; i < ranges; i++) {
      const source = engine.allocateBio(chunk, operation.source);
      const blocks = windows[at + 3];
      bios.device[source] = windows[at];
      bios.lbaLow[source] = windows[at + 1];
      bios.lbaHigh[source] = windows[at + 2];
      bios.blocks[source] = blocks;
      bios.offset[source] = offset;
      bios.token[source] = handle;
      offset = (offset + blocks) | 0;
      at += RANGE_WORDS;
      engine.submit(source);
    }
    const destination = engine.allocateBio(chunk, operation.destination);
    bios.lbaLow[destination] = chunks.lbaLow[chunk];
    bios.lbaHigh[destination] = chunks.lbaHigh[chunk];
    bios.blocks[destination] = offset;
    bios.offset[destination] = 0;
    bios.token[destination] = handle;
    engine.submit(destination);
  }

  arrive(bio: number): void {
    const { engine, tokens } = this;
    const bios = engine.bios.columns;
    const columns = tokens.columns;
    const token = tokens.slotOf(bios.token[bio]);
    if (token < 0) {
      engine.failBio(bio, status.aborted);
      return;
    }
    const isSource = bios.operation[bio] === operation.source;
    const head = isSource ? columns.sourceHead : columns.destinationHead;
    const tail = isSource ? columns.sourceTail : columns.destinationTail;
    this.park(bio, token, head, tail);
    const arrived = isSource ? columns.sourceBlocks : columns.destinationBlocks;
    arrived[token] += bios.blocks[bio];
    engine.parked(bio);
    const blocks = engine.chunks.columns.blocks[columns.chunk[token]];
    if (columns.sourceBlocks[token] === blocks && columns.destinationBlocks[token] === blocks)
      this.pair(token);
  }

  /** Puts a half into its list, which is in the order of the copy. */
  private park(bio: number, token: number, head: Int32Array, tail: Int32Array): void {
    const { next } = this.engine.bios;
    const { offset } = this.engine.bios.columns;
    if (head[token] < 0) {
      next[bio] = -1;
      head[token] = bio;
      tail[token] = bio;
    } else if (offset[tail[token]] < offset[bio]) {
      next[bio] = -1;
      next[tail[token]] = bio;
      tail[token] = bio;
    } else if (offset[bio] < offset[head[token]]) {
      next[bio] = head[token];
      head[token] = bio;
    } else {
      let before = head[token];
      while (offset[next[before]] < offset[bio]) before = next[before];
      next[bio] = next[before];
      next[before] = bio;
    }
  }

  /** All blocks of both sides are there: walks both lists and makes requests, cut where either side was cut. */
  private pair(token: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const bios = engine.bios.columns;
    const chunks = engine.chunks.columns;
    const columns = this.tokens.columns;
    const chunk = columns.chunk[token];
    let window = chunks.window[chunk];
    chunks.window[chunk] = -1;
    let requests = 0;
    let source = columns.sourceHead[token];
    let used = 0;
    for (let half = columns.destinationHead[token]; half >= 0; half = next[half]) {
      let left = bios.blocks[half];
      let offset = bios.offset[half];
      let low = bios.lbaLow[half];
      let high = bios.lbaHigh[half];
      while (left > 0) {
        if (window < 0) window = engine.allocateWindow();
        const ranges = this.fill(window, source, used, left);
        requests += engine.pair(chunk, bios.device[half], low, high, offset, window, ranges, token);
        window = -1;
        const blocks = this.filledBlocks;
        source = this.filledSource;
        used = this.filledUsed;
        left = (left - blocks) | 0;
        if (left > 0) {
          offset = (offset + blocks) | 0;
          const lba = joinWords(low, high) + blocks;
          low = lba | 0;
          high = (lba / 2 ** 32) | 0;
        }
      }
    }
    columns.requests[token] = requests;
    if (requests === 0) this.endAll(token);
  }

  private filledBlocks = 0;
  private filledSource = -1;
  private filledUsed = 0;

  /** Fills a window with source halves from block `used` of `source` on, up to `blocks` blocks. Returns its ranges. */
  private fill(window: number, first: number, firstUsed: number, blocks: number): number {
    const { engine } = this;
    const { next } = engine.bios;
    const { device, lbaLow, lbaHigh } = engine.bios.columns;
    const lengths = engine.bios.columns.blocks;
    const { windows, windowRanges } = engine;
    let at = window * windowRanges * RANGE_WORDS;
    let source = first;
    let used = firstUsed;
    let filled = 0;
    let ranges = 0;
    while (filled < blocks && ranges < windowRanges) {
      let low = lbaLow[source];
      let high = lbaHigh[source];
      if (used !== 0) {
        const moved = (low + used) | 0;
        if (moved >>> 0 < low >>> 0) high = (high + 1) | 0;
        low = moved;
      }
      let piece = (lengths[source] - used) | 0;
      if (piece > blocks - filled) piece = (blocks - filled) | 0;
      windows[at] = device[source];
      windows[at + 1] = low;
      windows[at + 2] = high;
      windows[at + 3] = piece;
      at = (at + RANGE_WORDS) | 0;
      ranges = (ranges + 1) | 0;
      filled = (filled + piece) | 0;
      used = (used + piece) | 0;
      if (used === lengths[source]) {
        source = next[source];
        used = 0;
      }
    }
    this.filledBlocks = filled;
    this.filledSource = source;
    this.filledUsed = used;
    return ranges;
  }

  requestEnded(token: number, value: number): void {
    const columns = this.tokens.columns;
    if (value !== status.success && columns.status[token] === status.success)
      columns.status[token] = value;
    if (--columns.requests[token] === 0) this.endAll(token);
  }

  /** Ends every half of a token that was paired. */
  private endAll(token: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const columns = this.tokens.columns;
    const value = columns.status[token];
    let source = columns.sourceHead[token];
    let destination = columns.destinationHead[token];
    this.tokens.free(token);
    while (source >= 0) {
      const following = next[source];
      engine.endBio(source, value);
      source = following;
    }
    while (destination >= 0) {
      const following = next[destination];
      engine.endBio(destination, value);
      destination = following;
    }
  }

  /** Ends every parked half of a token that will not be paired any more. */
  private fail(token: number, value: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const columns = this.tokens.columns;
    let source = columns.sourceHead[token];
    let destination = columns.destinationHead[token];
    this.tokens.free(token);
    while (source >= 0) {
      const following = next[source];
      engine.failBio(source, value);
      source = following;
    }
    while (destination >= 0) {
      const following = next[destination];
      engine.failBio(destination, value);
      destination = following;
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
    const { sourceHead, destinationHead } = this.tokens.columns;
    for (let token = 0; token < this.tokens.capacity; token++) {
      if (!this.tokens.isLive(token)) continue;
      for (const head of [sourceHead[token], destinationHead[token]]) {
        let bio = head;
        while (bio >= 0 && at[bio] !== device) bio = next[bio];
        if (bio >= 0) {
          this.failUnpaired(token, status.removed);
          break;
        }
      }
    }
  }
}
