import { joinWords, operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { toTop } from "@blockferry/core/pairing";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { MergeTable } from "./merge-table.ts";

const SUCCESS = status.success;

/** A bio for each range, merged into requests in the submitter's plug. */
export class PerRange implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly merges: MergeTable;
  /** Is to be called before a chunk's bios are made. */
  declare private readonly prepare: (chunk: number) => void;

  constructor(engine: StrategyEngine, merges: MergeTable, prepare: (chunk: number) => void) {
    this.engine = engine;
    this.merges = merges;
    this.prepare = prepare;
  }

  /** Bios in plugs. */
  get parkedCount(): number {
    const { next } = this.engine.bios;
    let count = 0;
    for (const merge of this.merges.rows()) {
      if (merge.lane < 0) continue;
      for (let bio = merge.bios; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges;
  }

  start(chunk: number): void {
    const { engine } = this;
    const { windows, windowRanges } = engine;
    const bios = engine.bios.columns;
    const { blocks, window } = engine.chunks.columns;
    this.prepare(chunk);
    const all = blocks[chunk];
    let at = window[chunk] * windowRanges * RANGE_WORDS;
    let done = 0;
    while (done < all) {
      const bio = engine.allocateBio(chunk, operation.copy);
      if (bio < 0) break;
      const own = engine.allocateWindow();
      windows.copyWithin(own * windowRanges * RANGE_WORDS, at, at + RANGE_WORDS);
      bios.window[bio] = own;
      bios.ranges[bio] = 1;
      bios.offset[bio] = done;
      bios.blocks[bio] = windows[at + 3];
      bios.token[bio] = -1;
      toTop(engine, bio);
      done += windows[at + 3];
      at += RANGE_WORDS;
      engine.submit(bio);
    }
    if (done === 0) engine.failChunk(chunk, status.exhausted);
    else if (done < all) engine.account(chunk, done, all - done, status.exhausted);
  }

  arrive(bio: number): void {
    const { engine } = this;
    const bios = engine.bios.columns;
    const lane = engine.plugOf(bio);
    if (lane < 0 || !engine.merges(bios.device[bio])) {
      this.send(this.mergeOf(bio));
      return;
    }
    const chunk = bios.chunk[bio];
    const waiting = this.waitingOf(chunk, lane);
    if (waiting >= 0 && this.follows(bio, waiting)) {
      this.append(bio, waiting);
      return;
    }
    if (waiting >= 0) this.send(waiting);
    this.wait(bio, chunk, lane);
  }

  /** What waits of a chunk in the plug of a submitter, -1 for nothing. */
  private waitingOf(chunk: number, lane: number): number {
    const merge = this.merges.slotOf(this.engine.chunks.columns.token[chunk]);
    return merge >= 0 && this.merges.columns.lane[merge] === lane ? merge : -1;
  }

  /** Takes a row for what begins with a bio. */
  private mergeOf(bio: number): number {
    const bios = this.engine.bios.columns;
    const { columns } = this.merges;
    const merge = this.merges.allocate();
    if (merge < 0) throw new Error("more merged requests than bios");
    columns.chunk[merge] = bios.chunk[bio];
    columns.device[merge] = bios.device[bio];
    columns.lbaLow[merge] = bios.lbaLow[bio];
    columns.lbaHigh[merge] = bios.lbaHigh[bio];
    columns.blocks[merge] = bios.blocks[bio];
    columns.offset[merge] = bios.offset[bio];
    columns.window[merge] = bios.window[bio];
    columns.ranges[merge] = bios.ranges[bio];
    columns.bios[merge] = bio;
    columns.lane[merge] = -1;
    columns.requests[merge] = 0;
    columns.status[merge] = SUCCESS;
    bios.window[bio] = -1;
    this.engine.bios.next[bio] = -1;
    return merge;
  }

  /** A bio waits in a plug for those that follow it. A request in a plug holds its queue. */
  private wait(bio: number, chunk: number, lane: number): void {
    const { engine } = this;
    const merge = this.mergeOf(bio);
    const { columns } = this.merges;
    columns.lane[merge] = lane;
    engine.chunks.columns.token[chunk] = this.merges.handle(merge);
    engine.holdQueue(columns.device[merge]);
    engine.parked(bio);
  }

  /** True when the destination of a bio begins where that of a waiting request ends, and its sources have room there. */
  private follows(bio: number, merge: number): boolean {
    const { engine } = this;
    const { device, lbaLow, lbaHigh, offset, ranges } = engine.bios.columns;
    const { columns } = this.merges;
    const end = joinWords(columns.lbaLow[merge], columns.lbaHigh[merge]) + columns.blocks[merge];
    return (
      device[bio] === columns.device[merge] &&
      joinWords(lbaLow[bio], lbaHigh[bio]) === end &&
      offset[bio] === columns.offset[merge] + columns.blocks[merge] &&
      columns.ranges[merge] + ranges[bio] <= engine.windowRanges
    );
  }

  private append(bio: number, merge: number): void {
    const { engine } = this;
    const { windows, windowRanges } = engine;
    const { blocks, window, ranges } = engine.bios.columns;
    const { columns } = this.merges;
    const from = window[bio] * windowRanges * RANGE_WORDS;
    const to = (columns.window[merge] * windowRanges + columns.ranges[merge]) * RANGE_WORDS;
    windows.copyWithin(to, from, from + ranges[bio] * RANGE_WORDS);
    engine.freeWindow(window[bio]);
    window[bio] = -1;
    columns.ranges[merge] += ranges[bio];
    columns.blocks[merge] += blocks[bio];
    engine.bios.next[bio] = columns.bios[merge];
    columns.bios[merge] = bio;
    engine.parked(bio);
  }

  private send(merge: number): void {
    const { engine } = this;
    const { columns } = this.merges;
    const { device, lane } = columns;
    const waited = lane[merge] >= 0;
    const window = columns.window[merge];
    lane[merge] = -1;
    columns.window[merge] = -1;
    columns.requests[merge] = engine.pair(
      columns.chunk[merge],
      device[merge],
      columns.lbaLow[merge],
      columns.lbaHigh[merge],
      columns.offset[merge],
      window,
      columns.ranges[merge],
      merge,
    );
    if (waited) engine.releaseQueue(device[merge]);
    if (columns.requests[merge] === 0) this.end(merge);
  }

  private end(merge: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const { bios, status: statuses } = this.merges.columns;
    const value = statuses[merge];
    let bio = bios[merge];
    this.merges.free(merge);
    while (bio >= 0) {
      const following = next[bio];
      engine.endBio(bio, value);
      bio = following;
    }
  }

  requestEnded(merge: number, value: number): void {
    const { requests, status: statuses } = this.merges.columns;
    if (value !== SUCCESS && statuses[merge] === SUCCESS) statuses[merge] = value;
    if (--requests[merge] === 0) this.end(merge);
  }

  unplugged(lane: number): void {
    const { chunks } = this.engine;
    for (let chunk = 0; chunk < chunks.capacity; chunk++) {
      if (!chunks.isLive(chunk) || chunks.columns.lane[chunk] !== lane) continue;
      const merge = this.waitingOf(chunk, lane);
      if (merge >= 0) this.send(merge);
    }
  }

  /** What waits for a device that is gone. */
  removed(device: number): void {
    const { chunks } = this.engine;
    for (let chunk = 0; chunk < chunks.capacity; chunk++) {
      if (!chunks.isLive(chunk)) continue;
      const merge = this.waitingOf(chunk, chunks.columns.lane[chunk]);
      if (merge >= 0 && this.merges.columns.device[merge] === device) {
        this.fail(merge, status.removed);
      }
    }
  }

  private fail(merge: number, value: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const { device, bios, window } = this.merges.columns;
    let bio = bios[merge];
    engine.releaseQueue(device[merge]);
    engine.freeWindow(window[merge]);
    this.merges.free(merge);
    while (bio >= 0) {
      const following = next[bio];
      engine.failBio(bio, value);
      bio = following;
    }
  }

  bioFailed(): void {}

  /** A submitter that cancels takes its plug out first. */
  cancel(): void {}
}
