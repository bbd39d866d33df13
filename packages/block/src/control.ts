import { status, traceKind } from "@blockferry/core";
import { bottomsOf } from "./device.ts";
import { type Engine, step } from "./engine-state.ts";
import {
  COPY_CANCELLED,
  COPY_ORDERED,
  DEVICE_DRAINING,
  DEVICE_FROZEN,
  DEVICE_LIMITED,
  DEVICE_REMOVED,
} from "./engine-tables.ts";
import { forgetRemap, remapsAgain } from "./posted-checks.ts";
import { requeue } from "./queue.ts";
import { stopWaiting } from "./waiting.ts";

/** Takes the rows that `matches` out of list `at` of `head`/`tail`, linked by `next`, and returns them. */
function takeOut(
  next: Int32Array,
  head: Int32Array,
  tail: Int32Array,
  at: number,
  matches: (row: number) => boolean,
): number[] {
  const taken: number[] = [];
  let row = head[at];
  head[at] = -1;
  tail[at] = -1;
  while (row >= 0) {
    const following = next[row];
    if (matches(row)) {
      taken.push(row);
    } else {
      next[row] = -1;
      if (head[at] < 0) head[at] = row;
      else next[tail[at]] = row;
      tail[at] = row;
    }
    row = following;
  }
  return taken;
}

/** Gives up what has not been sent yet of a request that is in no list. */
function giveUp(e: Engine, request: number, value: number): void {
  const requests = e.requests.columns;
  const planned = requests.planned[request];
  const left = requests.blocks[request] - planned;
  if (requests.status[request] === status.success) requests.status[request] = value;
  requests.ended[request] += left;
  const chunk = requests.chunk[request];
  if (chunk >= 0) e.hot.account(chunk, requests.offset[request] + planned, left, value, -1);
  e.hot.endRequestIfDone(request);
}

/** Gives up what has not been sent yet of the requests of a queue that `matches`. */
function dropUnsent(
  e: Engine,
  queue: number,
  value: number,
  matches: (request: number) => boolean,
): void {
  const { head, tail } = e.queueRows.columns;
  for (const request of takeOut(e.requests.next, head, tail, queue, matches)) {
    giveUp(e, request, value);
  }
}

/** A request that waited after its device was busy goes back to its queue, if anybody still wants it. */
export function requeueWaiting(e: Engine, request: number): void {
  const requests = e.requests.columns;
  const chunk = requests.chunk[request];
  if ((e.deviceRows.columns.flags[requests.device[request]] & DEVICE_REMOVED) !== 0) {
    giveUp(e, request, status.removed);
  } else if (chunk >= 0 && isCancelled(e, chunk)) {
    giveUp(e, request, status.cancelled);
  } else {
    requeue(e, request);
  }
}

function isCancelled(e: Engine, chunk: number): boolean {
  return (e.copies.columns.flags[e.chunks.columns.copy[chunk]] & COPY_CANCELLED) !== 0;
}

/** Nothing new of a copy is sent. What is in flight is waited for; what was not sent is accounted as cancelled. */
export function cancelCopy(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  if ((copies.flags[copy] & COPY_CANCELLED) !== 0) return;
  copies.flags[copy] |= COPY_CANCELLED;
  e.engineRow.cancelled[0]++;
  stopWaiting(e, copy);
  copies.chunks[copy]++;
  if (copies.plugged[copy] !== 0) e.hot.unplug(copy, true);
  if ((copies.flags[copy] & COPY_ORDERED) === 0) {
    const left = copies.blocks[copy] - copies.issued[copy];
    if (left > 0) {
      const from = copies.issued[copy];
      copies.issued[copy] = copies.blocks[copy];
      e.hot.settle(copy, from, left, false, status.cancelled, -1);
    }
  }
  const chunks = e.chunks.columns;
  const own = (request: number): boolean => {
    const chunk = e.requests.columns.chunk[request];
    return chunk >= 0 && chunks.copy[chunk] === copy;
  };
  releaseWaiting(e, copy);
  for (let queue = 0; queue < e.queues.length; queue++) dropUnsent(e, queue, status.cancelled, own);
  for (let chunk = 0; chunk < e.chunks.capacity; chunk++) {
    if (e.chunks.isLive(chunk) && chunks.copy[chunk] === copy)
      e.pairing.cancel(chunk, status.cancelled);
  }
  copies.chunks[copy]--;
  e.hot.endCopyIfDone(copy);
}

/** Bios of a copy that wait until a device is thawed go on, to be rejected. */
function releaseWaiting(e: Engine, copy: number): void {
  const { waitHead, waitTail } = e.deviceRows.columns;
  const chunks = e.bios.columns.chunk;
  const own = (bio: number): boolean =>
    chunks[bio] >= 0 && e.chunks.columns.copy[chunks[bio]] === copy;
  for (let device = 0; device < e.devices.length; device++) {
    if (waitHead[device] < 0) continue;
    for (const bio of takeOut(e.bios.next, waitHead, waitTail, device, own)) {
      e.scheduler.post(step.submit, bio, e.bios.columns.lane[bio]);
    }
  }
}

/** Holds new bios back from a device. */
export function hold(e: Engine, number: number): void {
  e.deviceRows.columns.flags[number] |= DEVICE_FROZEN;
  if (e.trace !== undefined) e.trace(traceKind.freeze, number, number, 0, 0, 1);
  e.pairing.holding?.(number);
}

/** Holds new bios back from a device and waits until its requests have ended. */
export async function freeze(e: Engine, number: number): Promise<void> {
  hold(e, number);
  const lower = bottomsOf(e.devices[number]).map((device) => e.devices.indexOf(device));
  e.scheduler.drain();
  for (const bottom of lower) {
    // A stacked device is quiet when the devices below it are: their own flag makes them tell.
    while (e.deviceRows.columns.inFlight[bottom] > 0) {
      await new Promise<void>((resolve) => {
        e.deviceRows.columns.flags[bottom] |= DEVICE_DRAINING;
        e.frozen[bottom].push(resolve);
      });
      e.deviceRows.columns.flags[bottom] &= ~DEVICE_DRAINING;
    }
  }
}

/** Lets bios into a frozen device again. */
export function unfreeze(e: Engine, number: number): void {
  const { flags, waitHead, waitTail } = e.deviceRows.columns;
  const wasFrozen = (flags[number] & DEVICE_FROZEN) !== 0;
  flags[number] &= ~DEVICE_FROZEN;
  if (wasFrozen && e.trace !== undefined) e.trace(traceKind.freeze, number, number, 0, 0, 0);
  const forgets = remapsAgain(e);
  let bio = waitHead[number];
  waitHead[number] = -1;
  waitTail[number] = -1;
  while (bio >= 0) {
    const next = e.bios.next[bio];
    e.bios.next[bio] = -1;
    if (forgets) forgetRemap(e, bio);
    e.scheduler.post(step.submit, bio, e.bios.columns.lane[bio]);
    bio = next;
  }
  e.scheduler.drain();
}

/** Changes a mapping to another of its tables. Bios that are below it already stay where they are. */
export function reload(e: Engine, number: number, table: number): void {
  const device = e.devices[number];
  if (device.kind !== "mapping") throw new TypeError(`${device.name} has one table for ever`);
  if (!Number.isInteger(table) || table < 0 || table >= device.tables.length) {
    throw new RangeError(`${device.name} has no table ${table}`);
  }
  e.deviceRows.columns.table[number] = table;
  e.engineRow.reloads[0]++;
  if (e.trace !== undefined) e.trace(traceKind.reload, number, number, 0, 0, table);
}

/** Limits the blocks of a bio of a copy at a device; `undefined` takes the limit back. */
export function limitCopies(e: Engine, number: number, blocks: number | undefined): void {
  if (blocks !== undefined && (!Number.isInteger(blocks) || blocks < 1)) {
    throw new RangeError(`a limit of ${blocks} blocks; it is a whole number from 1 on`);
  }
  const { flags, copyBlocks } = e.deviceRows.columns;
  copyBlocks[number] = blocks ?? 0;
  if (blocks === undefined) flags[number] &= ~DEVICE_LIMITED;
  else flags[number] |= DEVICE_LIMITED;
}

/** The plug of a submitter is emptied, as when it sleeps. */
export function flushPlug(e: Engine, copy: number): void {
  if (e.copies.columns.plugged[copy] === 0) return;
  e.hot.unplug(copy, false);
  e.scheduler.drain();
}

function dropPlugged(e: Engine, copy: number, device: number): void {
  const { plugHead, plugTail } = e.copies.columns;
  const matches = (request: number): boolean => e.requests.columns.device[request] === device;
  for (const request of takeOut(e.requests.next, plugHead, plugTail, copy, matches)) {
    giveUp(e, request, status.removed);
  }
}

/** A device is gone: what waits for it fails, what is in flight is left to its transport. */
export function removeDevice(e: Engine, number: number): void {
  e.deviceRows.columns.flags[number] |= DEVICE_REMOVED;
  if (e.trace !== undefined) e.trace(traceKind.remove, number, number, 0, 0, 0);
  unfreeze(e, number);
  const queue = e.queueOf[number];
  if (queue >= 0) {
    for (let copy = 0; copy < e.copies.capacity; copy++) {
      if (e.copies.isLive(copy) && e.copies.columns.plugged[copy] !== 0)
        dropPlugged(e, copy, number);
    }
    dropUnsent(
      e,
      queue,
      status.removed,
      (request) => e.requests.columns.device[request] === number,
    );
  }
  e.pairing.removed(number);
  e.scheduler.drain();
}
