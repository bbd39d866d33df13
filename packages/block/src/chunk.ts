import { joinWords, status, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { endCopyIfDone } from "./account.ts";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATE, COPY_ORDERED } from "./engine-tables.ts";
import { hasRoomForResidue, stopWaiting, waitForRoom, wakeWaiting } from "./waiting.ts";

/** Fills a chunk and its window from the caller's list and moves the copy's place behind them. */
function fillChunk(e: Engine, copy: number, chunk: number, window: number): void {
  const copies = e.copies.columns;
  const chunks = e.chunks.columns;
  const list = e.lists[copy];
  const { low, high, blocks } = list;
  const device = copies.device[copy];
  const source = copies.source[copy];
  const windows = e.windows;
  const rangesMax = e.windowRanges;
  const end = (copies.first[copy] + copies.count[copy]) | 0;
  let room = Math.min(e.chunkBlocks[device], e.chunkBlocks[source]);
  let range = copies.range[copy];
  let offset = copies.rangeOffset[copy];
  let at = window * e.windowRanges * RANGE_WORDS;
  let ranges = 0;
  let total = 0;
  while (ranges < rangesMax && range < end && room > 0) {
    let fromLow = low[range];
    let fromHigh = high[range];
    let left = blocks[range];
    if (offset !== 0) {
      const moved = (fromLow + offset) | 0;
      if (moved >>> 0 < fromLow >>> 0) fromHigh = (fromHigh + 1) | 0;
      fromLow = moved;
      left = (left - offset) | 0;
    }
    const piece = left < room ? left : room;
    windows[at] = source;
    windows[at + 1] = fromLow;
    windows[at + 2] = fromHigh;
    windows[at + 3] = piece;
    at = (at + RANGE_WORDS) | 0;
    ranges = (ranges + 1) | 0;
    total = (total + piece) | 0;
    room = (room - piece) | 0;
    if (piece === left) {
      range = (range + 1) | 0;
      offset = 0;
    } else {
      offset = (offset + piece) | 0;
    }
  }
  copies.range[copy] = range;
  copies.rangeOffset[copy] = offset;
  chunks.copy[chunk] = copy;
  chunks.lane[chunk] = copy;
  chunks.device[chunk] = device;
  chunks.window[chunk] = window;
  chunks.ranges[chunk] = ranges;
  chunks.blocks[chunk] = total;
  const issued = copies.issued[copy];
  chunks.offset[chunk] = issued;
  if (issued === 0) {
    chunks.lbaLow[chunk] = copies.lbaLow[copy];
    chunks.lbaHigh[chunk] = copies.lbaHigh[copy];
  } else {
    const lba = joinWords(copies.lbaLow[copy], copies.lbaHigh[copy]) + issued;
    chunks.lbaLow[chunk] = lba | 0;
    chunks.lbaHigh[chunk] = (lba / 2 ** 32) | 0;
  }
  copies.issued[copy] = issued + total;
  chunks.bios[chunk] = 0;
  chunks.accounted[chunk] = 0;
  chunks.status[chunk] = status.success;
  chunks.token[chunk] = -1;
}

/** A submitter goes on: starts chunks while there are blocks left and room for them. */
export function startCopy(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  if ((copies.flags[copy] & (COPY_CANCELLED | COPY_ORDERED)) !== 0) {
    // It may have been woken for room that it does not need any more.
    wakeWaiting(e);
    return;
  }
  // A step that was meant for an earlier copy in this row may come while this one waits.
  stopWaiting(e, copy);
  const isEmulated = (copies.flags[copy] & COPY_EMULATE) !== 0;
  let started = false;
  while (copies.issued[copy] < copies.blocks[copy]) {
    if (e.chunks.used >= e.chunksMax || (isEmulated && !hasRoomForResidue(e, 1))) {
      waitForRoom(e, copy);
      break;
    }
    const chunk = e.chunks.allocate();
    const window = e.windowRows.allocate();
    fillChunk(e, copy, chunk, window);
    copies.chunks[copy]++;
    if (!started) {
      started = true;
      copies.plugged[copy] = 1;
      if (e.trace !== undefined) e.trace(traceKind.plug, copy, copies.device[copy], 0, 0, 0);
    }
    e.pairing.start(chunk);
  }
  if (started) e.scheduler.post(step.unplug, copy, copy);
  else endCopyIfDone(e, copy);
}
