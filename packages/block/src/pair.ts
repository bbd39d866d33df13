import { joinWords, operation, status } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { Engine } from "./engine-state.ts";
import { DEVICE_REMOVED } from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import { tracePair } from "./trace.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const ROW_WORDS = RANGE_WORDS;
const COPY = operation.copy;

const WORD = 2 ** 32;

/** True when commands to `device` may name sources on `source`. */
export function reaches(e: Engine, device: number, source: number): boolean {
  if (device === source) return true;
  if ((e.deviceRows.columns.flags[source] & DEVICE_REMOVED) !== 0) return false;
  const queue = e.queueOf[device];
  return (
    queue >= 0 && queue === e.queueOf[source] && e.queues[queue].encoder.reaches(device, source)
  );
}

/** Takes a window; the engine's bounds are such that there always is one. */
/** Takes a window, -1 when there is none. */
export function allocateWindow(e: Engine): number {
  const window = e.windowRows.allocate();
  if (e.isTidy && window >= 0) {
    const words = e.windowRanges * ROW_WORDS;
    e.windows.fill(0, window * words, (window + 1) * words);
  }
  return window;
}

export function takeWindow(e: Engine): number {
  const window = allocateWindow(e);
  if (window < 0) throw new Error("the engine's bounds leave no window for source ranges");
  return window;
}

export function makeRequest(e: Engine): HotPath["makeRequest"] {
  return (chunk, device, low, high, offset, window, ranges, blocks, owner) => {
    const request = e.hot.allocateRequest(device, chunk, owner);
    const requests = e.requests.columns;
    requests.operation[request] = COPY;
    requests.lbaLow[request] = low;
    requests.lbaHigh[request] = high;
    requests.blocks[request] = blocks;
    requests.offset[request] = offset;
    requests.window[request] = window;
    requests.ranges[request] = ranges;
    if (e.trace !== undefined) tracePair(e, request);
    e.hot.insert(request);
  };
}

/** Cuts a window into runs that are all within reach or all not. */
function pairRuns(
  e: Engine,
  chunk: number,
  device: number,
  lba: number,
  offset: number,
  window: number,
  ranges: number,
  owner: number,
): number {
  const windows = e.windows;
  const base = window * e.windowRanges * ROW_WORDS;
  let made = 0;
  let place = 0;
  for (let i = 0; i < ranges; ) {
    const within = reaches(e, device, windows[base + i * ROW_WORDS]);
    const first = i;
    let blocks = 0;
    while (i < ranges && reaches(e, device, windows[base + i * ROW_WORDS]) === within) {
      blocks += windows[base + i * ROW_WORDS + 3];
      i++;
    }
    if (within) {
      const part = takeWindow(e);
      const from = base + first * ROW_WORDS;
      windows.copyWithin(part * e.windowRanges * ROW_WORDS, from, base + i * ROW_WORDS);
      const at = lba + place;
      e.hot.makeRequest(
        chunk,
        device,
        at | 0,
        (at / WORD) | 0,
        offset + place,
        part,
        i - first,
        blocks,
        owner,
      );
      made++;
    } else {
      e.hot.account(chunk, offset + place, blocks, status.unreachable, -1);
    }
    place += blocks;
  }
  e.windowRows.free(window);
  return made;
}

/** See `StrategyEngine.pair`. */
export function pair(e: Engine): HotPath["pair"] {
  return (chunk, device, low, high, offset, window, ranges, owner) => {
    const windows = e.windows;
    let at = window * e.windowRanges * ROW_WORDS;
    let blocks = 0;
    let alike = e.copyCapable[device] !== 0;
    for (let i = 0; i < ranges; i++) {
      if (windows[at] !== device) alike = alike && reaches(e, device, windows[at]);
      blocks = (blocks + windows[at + 3]) | 0;
      at += ROW_WORDS;
    }
    if (alike) {
      e.hot.makeRequest(chunk, device, low, high, offset, window, ranges, blocks, owner);
      return 1;
    }
    if (e.copyCapable[device] === 0) {
      e.windowRows.free(window);
      e.hot.account(chunk, offset, blocks, status.unsupported, -1);
      return 0;
    }
    return pairRuns(e, chunk, device, joinWords(low, high), offset, window, ranges, owner);
  };
}
