import { joinWords, operation, status, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { failBio } from "./account.ts";
import { type DeviceMap, MAP_BLOCKS, MAP_LBA } from "./device-map.ts";
import { type Engine, step } from "./engine-state.ts";
import {
  COPY_CANCELLED,
  DEVICE_BY_ADDRESS,
  DEVICE_FROZEN,
  DEVICE_LIMITED,
  DEVICE_REMOVED,
} from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import { takeWindow } from "./pair.ts";
import { isAboveByAddress } from "./posted-checks.ts";
import { insertTransfer } from "./queue.ts";
import { traceBio } from "./trace.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SOURCE = operation.source;
const COPY = operation.copy;

const WORD = 2 ** 32;

/** Rejects a bio on its way down. */
function reject(e: Engine, bio: number, value: number): void {
  const kind = e.bios.columns.operation[bio];
  if (kind >= SOURCE) e.pairing.bioFailed(bio, value);
  failBio(e, bio, value);
}

/** A bio waits until its device is thawed. */
function waitForThaw(e: Engine, bio: number, device: number): void {
  const { waitHead, waitTail } = e.deviceRows.columns;
  e.bios.next[bio] = -1;
  if (waitHead[device] < 0) waitHead[device] = bio;
  else e.bios.next[waitTail[device]] = bio;
  waitTail[device] = bio;
}

/**
 * Splits a bio behind its first `blocks` blocks. The rest is a part of the same root and enters the same device next.
 * Without a row for it the rest fails; `splitRanges` gives a copy's rest its ranges.
 */
function split(e: Engine, bio: number, blocks: number): void {
  const bios = e.bios.columns;
  const rest = e.bios.allocate();
  const root = bios.root[bio];
  if (rest < 0) {
    throw new Error("the engine's bounds leave no row for a part that is split off");
  }
  const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]) + blocks;
  bios.operation[rest] = bios.operation[bio];
  bios.device[rest] = bios.device[bio];
  bios.lbaLow[rest] = lba | 0;
  bios.lbaHigh[rest] = (lba / WORD) | 0;
  bios.blocks[rest] = bios.blocks[bio] - blocks;
  bios.offset[rest] = bios.offset[bio] + blocks;
  bios.chunk[rest] = bios.chunk[bio];
  bios.root[rest] = root;
  bios.token[rest] = bios.token[bio];
  bios.lane[rest] = bios.lane[bio];
  bios.window[rest] = -1;
  bios.ranges[rest] = 0;
  bios.pieces[root]++;
  bios.blocks[bio] = blocks;
  if (bios.window[bio] >= 0) splitRanges(e, bio, rest, blocks);
  e.counters.splits++;
  if (e.trace !== undefined)
    e.trace(traceKind.bioSplit, rest, bios.device[bio], lba, bios.blocks[rest], bio);
  if (bios.chunk[bio] >= 0) e.pairing.split?.(bio, rest);
  e.scheduler.post(step.submit, rest, bios.lane[rest]);
}

/** Gives the ranges behind the first `blocks` blocks of a copy to its split-off part. */
function splitRanges(e: Engine, bio: number, rest: number, blocks: number): void {
  const bios = e.bios.columns;
  const windows = e.windows;
  const window = takeWindow(e);
  const from = bios.window[bio] * e.windowRanges * RANGE_WORDS;
  let to = window * e.windowRanges * RANGE_WORDS;
  let passed = 0;
  let kept = 0;
  const count = bios.ranges[bio];
  for (let i = 0; i < count; i++) {
    const at = from + i * RANGE_WORDS;
    const length = windows[at + 3];
    if (passed + length <= blocks) {
      kept = i + 1;
    } else {
      const inside = Math.max(0, blocks - passed);
      const lba = joinWords(windows[at + 1], windows[at + 2]) + inside;
      windows[to] = windows[at];
      windows[to + 1] = lba | 0;
      windows[to + 2] = (lba / WORD) | 0;
      windows[to + 3] = length - inside;
      to += RANGE_WORDS;
      bios.ranges[rest]++;
      if (inside > 0) {
        windows[at + 3] = inside;
        kept = i + 1;
      }
    }
    passed += length;
  }
  bios.window[rest] = window;
  bios.ranges[bio] = kept;
}

/**
 * Walks the source ranges of a copy that lie on `device` (on any stacked device when -1) one level down. Where the
 * pieces do not fit into the window any more, the bio is split.
 */
function remapRanges(e: Engine, bio: number, device: number): boolean {
  const bios = e.bios.columns;
  const windows = e.windows;
  const base = bios.window[bio] * e.windowRanges * RANGE_WORDS;
  let passed = 0;
  for (let i = 0; i < bios.ranges[bio]; i++) {
    const at = base + i * RANGE_WORDS;
    const on = windows[at];
    const map = e.maps[on];
    if (map === undefined || (device >= 0 && on !== device)) {
      passed += windows[at + 3];
      continue;
    }
    const from = joinWords(windows[at + 1], windows[at + 2]);
    const lower = map.map(e.keepsSources[on] === 0 ? from : 0, e.mapped);
    if (lower < 0) {
      reject(e, bio, status.unmapped);
      return false;
    }
    const blocks = windows[at + 3];
    if (e.keepsSources[on] !== 0) {
      e.mapped[MAP_LBA] = from;
      e.mapped[MAP_BLOCKS] = blocks;
    }
    const piece = Math.min(blocks, e.mapped[MAP_BLOCKS]);
    const lba = e.mapped[MAP_LBA];
    if (piece < blocks) {
      // The range is cut: what is behind it moves up by one, or out of this bio when the window is full.
      if (bios.ranges[bio] === e.windowRanges) split(e, bio, passed + piece);
      else {
        const cut = joinWords(windows[at + 1], windows[at + 2]) + piece;
        const last = base + bios.ranges[bio] * RANGE_WORDS;
        windows.copyWithin(at + 2 * RANGE_WORDS, at + RANGE_WORDS, last);
        windows[at + 4] = on;
        windows[at + 5] = cut | 0;
        windows[at + 6] = (cut / WORD) | 0;
        windows[at + 7] = blocks - piece;
        bios.ranges[bio]++;
      }
    }
    windows[at] = lower;
    windows[at + 1] = lba | 0;
    windows[at + 2] = (lba / WORD) | 0;
    windows[at + 3] = piece;
    if (device < 0) i--;
    else passed += piece;
  }
  return true;
}

/** A bio has reached the queue of a bottom device. */
function arrive(e: Engine, bio: number): void {
  const bios = e.bios.columns;
  const kind = bios.operation[bio];
  if (kind < SOURCE) {
    insertTransfer(e, bio);
    return;
  }
  if (kind === COPY && !e.rangesAtBottom) {
    if (!remapRanges(e, bio, -1)) return;
  }
  e.pairing.arrive(bio);
}

/** Takes a bio one level down. False: it was rejected. */
function descend(e: Engine, bio: number, device: number, map: DeviceMap): boolean {
  const bios = e.bios.columns;
  const lower = map.map(joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]), e.mapped);
  if (lower < 0 || e.faults?.mapFails(device)) {
    reject(e, bio, status.unmapped);
    return false;
  }
  const lba = e.mapped[MAP_LBA];
  if (e.mapped[MAP_BLOCKS] < bios.blocks[bio]) split(e, bio, e.mapped[MAP_BLOCKS]);
  if (bios.window[bio] >= 0 && !remapRanges(e, bio, device)) return false;
  bios.device[bio] = lower;
  bios.lbaLow[bio] = lba | 0;
  bios.lbaHigh[bio] = (lba / WORD) | 0;
  if (e.trace !== undefined) traceBio(e, traceKind.bioRemap, bio, device);
  return true;
}

/** A stacked device keeps a bio until one of its workers sends it on. */
function defer(e: Engine, bio: number, device: number): void {
  const bios = e.bios.columns;
  const { busy, backlogHead, backlogTail } = e.deviceRows.columns;
  bios.lane[bio] = -1;
  if (e.trace !== undefined) traceBio(e, traceKind.bioDefer, bio, bios.operation[bio]);
  if (busy[device] < e.workers[device]) {
    busy[device]++;
    e.scheduler.post(step.depart, bio, -1);
    return;
  }
  e.bios.next[bio] = -1;
  if (backlogHead[device] < 0) backlogHead[device] = bio;
  else e.bios.next[backlogTail[device]] = bio;
  backlogTail[device] = bio;
}

/** The worker that had a bio in hand takes the next one. */
function takeNext(e: Engine, device: number): void {
  const { busy, backlogHead, backlogTail } = e.deviceRows.columns;
  const next = backlogHead[device];
  if (next < 0) {
    busy[device]--;
    return;
  }
  backlogHead[device] = e.bios.next[next];
  if (backlogHead[device] < 0) backlogTail[device] = -1;
  e.bios.next[next] = -1;
  e.scheduler.post(step.depart, next, -1);
}

/** A worker sends the bio that it has in hand on. */
export function depart(e: Engine, bio: number): void {
  const device = e.bios.columns.device[bio];
  const map = e.maps[device];
  if (map === undefined) throw new Error("a bio departs from a device that has no workers");
  takeNext(e, device);
  const isFlagged = e.deviceRows.columns.flags[device] !== 0;
  if (e.engineRow.cancelled[0] !== 0 && isCancelled(e, bio)) reject(e, bio, status.cancelled);
  else if (isFlagged && isHeld(e, bio, device)) return;
  else if (descend(e, bio, device, map)) e.hot.enterDevice(bio);
}

/** Cuts a bio of a copy at the limit that an administrator has set. */
function limit(e: Engine, bio: number, device: number): void {
  const { blocks, operation: kinds } = e.bios.columns;
  const most = e.deviceRows.columns.copyBlocks[device];
  if (kinds[bio] >= SOURCE && blocks[bio] > most) split(e, bio, most);
}

/** True when a device keeps or rejects a bio: one that is frozen or gone, or has a defect of posted code. */
function isHeld(e: Engine, bio: number, device: number): boolean {
  const flags = e.deviceRows.columns.flags[device];
  if ((flags & DEVICE_REMOVED) !== 0) {
    reject(e, bio, status.removed);
    return true;
  }
  if ((flags & DEVICE_FROZEN) !== 0) {
    waitForThaw(e, bio, device);
    return true;
  }
  if ((flags & DEVICE_BY_ADDRESS) !== 0 && isAboveByAddress(e, bio, device)) {
    reject(e, bio, status.limitExceeded);
    return true;
  }
  if ((flags & DEVICE_LIMITED) !== 0) limit(e, bio, device);
  return false;
}

/** True for a bio of a copy that was cancelled while the bio was on its way. */
function isCancelled(e: Engine, bio: number): boolean {
  const chunk = e.bios.columns.chunk[bio];
  return (
    chunk >= 0 && (e.copies.columns.flags[e.chunks.columns.copy[chunk]] & COPY_CANCELLED) !== 0
  );
}

/** A bio enters the device that it names, and goes down until it waits or has arrived. */
export function enterDevice(e: Engine): HotPath["enterDevice"] {
  return (bio) => {
    const bios = e.bios.columns;
    const flags = e.deviceRows.columns.flags;
    if (e.engineRow.cancelled[0] !== 0 && isCancelled(e, bio)) {
      reject(e, bio, status.cancelled);
      return;
    }
    for (;;) {
      const device = bios.device[bio];
      if (flags[device] !== 0 && isHeld(e, bio, device)) return;
      if (e.trace !== undefined) traceBio(e, traceKind.bioSubmit, bio, bios.operation[bio]);
      const map = e.maps[device];
      if (map === undefined) {
        arrive(e, bio);
        return;
      }
      if (e.workers[device] !== 0) {
        defer(e, bio, device);
        return;
      }
      if (!descend(e, bio, device, map)) return;
    }
  };
}
