import { joinWords, status, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED, COPY_EMULATE, COPY_ORDERED, COPY_WAITING } from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import { allocateWindow } from "./pair.ts";
import { hasRoomForResidue, stopWaiting, waitForRoom, wakeWaiting } from "./waiting.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const ROW_WORDS = RANGE_WORDS;
const UNPLUG = step.unplug;

/** Fills a window with the next ranges of the caller's list, up to `room` blocks. */
export function fillWindow(e: Engine): HotPath["fillWindow"] {
  return (copy, window, room) => {
    const copies = e.copies.columns;
    const { low, high, blocks } = e.lists[copy];
    const source = copies.source[copy];
    const windows = e.windows;
    const first = window * e.windowRanges * ROW_WORDS;
    const last = first + e.windowRanges * ROW_WORDS;
    const end = copies.first[copy] + copies.count[copy];
    let left = room;
    let range = copies.range[copy];
    let offset = copies.rangeOffset[copy];
    let at = first;
    while (at < last && range < end && left > 0) {
      let fromLow = low[range];
      let fromHigh = high[range];
      let piece = (blocks[range] - offset) | 0;
      if (offset !== 0) {
        const moved = (fromLow + offset) | 0;
        if (moved >>> 0 < fromLow >>> 0) fromHigh = (fromHigh + 1) | 0;
        fromLow = moved;
      }
      if (piece <= left) {
        range = (range + 1) | 0;
        offset = 0;
      } else {
        piece = left;
        offset = (offset + piece) | 0;
      }
      windows[at] = source;
      windows[at + 1] = fromLow;
      windows[at + 2] = fromHigh;
      windows[at + 3] = piece;
      at = (at + ROW_WORDS) | 0;
      left = (left - piece) | 0;
    }
    copies.range[copy] = range;
    copies.rangeOffset[copy] = offset;
    e.filled[0] = room - left;
    return (at - first) / ROW_WORDS;
  };
}

/** Makes a chunk of the next blocks of a copy. */
export function startChunk(e: Engine): HotPath["startChunk"] {
  return (copy) => {
    const copies = e.copies.columns;
    const chunks = e.chunks.columns;
    const chunk = e.chunks.allocate();
    const window = allocateWindow(e);
    const device = copies.device[copy];
    const room = Math.min(e.chunkBlocks[device], e.chunkBlocks[copies.source[copy]]);
    chunks.ranges[chunk] = e.hot.fillWindow(copy, window, room);
    const blocks = e.filled[0];
    chunks.copy[chunk] = copy;
    chunks.lane[chunk] = copy;
    chunks.device[chunk] = device;
    chunks.window[chunk] = window;
    chunks.blocks[chunk] = blocks;
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
    copies.issued[copy] = issued + blocks;
    chunks.bios[chunk] = 0;
    chunks.accounted[chunk] = 0;
    chunks.status[chunk] = SUCCESS;
    chunks.token[chunk] = -1;
    copies.chunks[copy]++;
    return chunk;
  };
}

/** A submitter goes on: starts chunks while there are blocks left and room for them. */
export function startCopy(e: Engine): HotPath["startCopy"] {
  return (copy) => {
    const copies = e.copies.columns;
    if ((copies.flags[copy] & (COPY_CANCELLED | COPY_ORDERED)) !== 0) {
      // It may have been woken for room that it does not need any more.
      wakeWaiting(e);
      return;
    }
    // A step that was meant for an earlier copy in this row may come while this one waits.
    if ((copies.flags[copy] & COPY_WAITING) !== 0) stopWaiting(e, copy);
    const isEmulated = (copies.flags[copy] & COPY_EMULATE) !== 0;
    let started = false;
    while (copies.issued[copy] < copies.blocks[copy]) {
      if (e.chunks.used >= e.chunksMax || (isEmulated && !hasRoomForResidue(e, 1))) {
        waitForRoom(e, copy);
        break;
      }
      const chunk = e.hot.startChunk(copy);
      if (!started) {
        started = true;
        copies.plugged[copy] = 1;
        if (e.trace !== undefined) e.trace(traceKind.plug, copy, copies.device[copy], 0, 0, 0);
      }
      e.pairing.start(chunk);
    }
    if (started) e.scheduler.post(UNPLUG, copy, copy);
    else e.hot.endCopyIfDone(copy);
  };
}
