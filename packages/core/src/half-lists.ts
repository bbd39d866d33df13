import { operation } from "./bio.ts";
import { RANGE_WORDS } from "./plan/index.ts";
import { joinWords } from "./range.ts";
import type { StrategyEngine } from "./strategy.ts";

/**
 * Halves of a copy, sources and destinations apart: what pairs halves that were split or moved, cut at the places where
 * either side was cut (M:N). Links stand in the bios.
 */
export class HalfLists {
  private readonly engine: StrategyEngine;
  sourceHead = -1;
  destinationHead = -1;
  /** Blocks of each side. */
  sourceBlocks = 0;
  destinationBlocks = 0;
  /** Blocks that `fill` put into the window. */
  private filled = 0;
  private source = -1;
  private used = 0;

  constructor(engine: StrategyEngine) {
    this.engine = engine;
  }

  /** Parts the halves linked from `head` on, each side in the order of the copy, and goes to the first source. */
  sort(head: number): void {
    const { next } = this.engine.bios;
    const { operation: operations, blocks } = this.engine.bios.columns;
    this.sourceHead = -1;
    this.destinationHead = -1;
    this.sourceBlocks = 0;
    this.destinationBlocks = 0;
    for (let bio = head; bio >= 0; ) {
      const following = next[bio];
      if (operations[bio] === operation.source) {
        this.sourceHead = this.insert(this.sourceHead, bio);
        this.sourceBlocks += blocks[bio];
      } else {
        this.destinationHead = this.insert(this.destinationHead, bio);
        this.destinationBlocks += blocks[bio];
      }
      bio = following;
    }
    this.source = this.sourceHead;
    this.used = 0;
  }

  /** Puts a half into its place of a list and returns the list's head. Halves mostly come from the end on. */
  private insert(head: number, bio: number): number {
    const { next } = this.engine.bios;
    const { offset } = this.engine.bios.columns;
    if (head < 0 || offset[bio] < offset[head]) {
      next[bio] = head;
      return bio;
    }
    let before = head;
    while (next[before] >= 0 && offset[next[before]] < offset[bio]) before = next[before];
    next[bio] = next[before];
    next[before] = bio;
    return head;
  }

  /** Fills a window with the next sources, up to `blocks` blocks. Returns its ranges; `filled` says their blocks. */
  private fill(window: number, blocks: number): number {
    const { windows, windowRanges, bios } = this.engine;
    const { device, lbaLow, lbaHigh, blocks: lengths } = bios.columns;
    let at = window * windowRanges * RANGE_WORDS;
    let filled = 0;
    let ranges = 0;
    while (filled < blocks && ranges < windowRanges) {
      const { source, used } = this;
      const piece = Math.min(lengths[source] - used, blocks - filled);
      const low = (lbaLow[source] + used) | 0;
      const carry = low >>> 0 < lbaLow[source] >>> 0 ? 1 : 0;
      windows[at] = device[source];
      windows[at + 1] = low;
      windows[at + 2] = lbaHigh[source] + carry;
      windows[at + 3] = piece;
      at += RANGE_WORDS;
      ranges++;
      filled += piece;
      this.used = used + piece;
      if (this.used === lengths[source]) {
        this.source = bios.next[source];
        this.used = 0;
      }
    }
    this.filled = filled;
    return ranges;
  }

  /**
   * Makes requests of all halves, cut where either side was cut and where a window is full. There are as many blocks of
   * sources as of destinations.
   *
   * @param firstWindow window for the first request, -1 for none
   * @returns requests made, each for the chunk of its destination
   */
  pair(firstWindow: number, owner: number): number {
    const { engine } = this;
    const { next } = engine.bios;
    const { blocks, offset: offsets, lbaLow, lbaHigh, device, chunk } = engine.bios.columns;
    let window = firstWindow;
    let requests = 0;
    for (let half = this.destinationHead; half >= 0; half = next[half]) {
      let left = blocks[half];
      let offset = offsets[half];
      let lba = joinWords(lbaLow[half], lbaHigh[half]);
      while (left > 0) {
        if (window < 0) window = engine.allocateWindow();
        const ranges = this.fill(window, left);
        const high = (lba / 2 ** 32) | 0;
        requests += engine.pair(
          chunk[half],
          device[half],
          lba | 0,
          high,
          offset,
          window,
          ranges,
          owner,
        );
        window = -1;
        left -= this.filled;
        offset += this.filled;
        lba += this.filled;
      }
    }
    return requests;
  }

  /** Links both lists into one again and returns its head. */
  join(): number {
    const { next } = this.engine.bios;
    let last = this.sourceHead;
    if (last < 0) return this.destinationHead;
    while (next[last] >= 0) last = next[last];
    next[last] = this.destinationHead;
    return this.sourceHead;
  }
}
