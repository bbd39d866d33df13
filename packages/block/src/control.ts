import { status } from "@blockferry/core";
import { account, endCopyIfDone, settle } from "./account.ts";
import { endRequestIfDone } from "./completion.ts";
import type { BlockDevice } from "./device.ts";
import { type Engine, step } from "./engine-state.ts";
import {
  COPY_CANCELLED,
  COPY_ORDERED,
  DEVICE_DRAINING,
  DEVICE_FROZEN,
  DEVICE_REMOVED,
} from "./engine-tables.ts";
import { unplug } from "./queue.ts";
import { stopWaiting } from "./waiting.ts";

/** Gives up what has not been sent yet of the requests of a queue that `matches`. */
function dropUnsent(
  e: Engine,
  queue: number,
  value: number,
  matches: (request: number) => boolean,
): void {
  const { head, tail } = e.queueRows.columns;
  const requests = e.requests.columns;
  let request = head[queue];
  head[queue] = -1;
  tail[queue] = -1;
  const dropped: number[] = [];
  while (request >= 0) {
    const next = e.requests.next[request];
    if (matches(request)) {
      dropped.push(request);
    } else {
      e.requests.next[request] = -1;
      if (head[queue] < 0) head[queue] = request;
      else e.requests.next[tail[queue]] = request;
      tail[queue] = request;
    }
    request = next;
  }
  for (const gone of dropped) {
    const planned = requests.planned[gone];
    const left = requests.blocks[gone] - planned;
    if (requests.status[gone] === status.success) requests.status[gone] = value;
    requests.ended[gone] += left;
    requests.planned[gone] += left;
    const chunk = requests.chunk[gone];
    if (chunk >= 0) account(e, chunk, requests.offset[gone] + planned, left, value, -1);
    endRequestIfDone(e, gone);
  }
}

/** Nothing new of a copy is sent. What is in flight is waited for; what was not sent is accounted as cancelled. */
export function cancelCopy(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  if ((copies.flags[copy] & COPY_CANCELLED) !== 0) return;
  copies.flags[copy] |= COPY_CANCELLED;
  stopWaiting(e, copy);
  if (copies.plugged[copy] !== 0) unplug(e, copy);
  if ((copies.flags[copy] & COPY_ORDERED) === 0) {
    const left = copies.blocks[copy] - copies.issued[copy];
    if (left > 0) {
      const from = copies.issued[copy];
      copies.issued[copy] = copies.blocks[copy];
      settle(e, copy, from, left, false, status.cancelled, -1);
    }
  }
  const chunks = e.chunks.columns;
  const own = (request: number): boolean => {
    const chunk = e.requests.columns.chunk[request];
    return chunk >= 0 && chunks.copy[chunk] === copy;
  };
  copies.chunks[copy]++;
  for (let queue = 0; queue < e.queues.length; queue++) dropUnsent(e, queue, status.cancelled, own);
  for (let chunk = 0; chunk < e.chunks.capacity; chunk++) {
    if (e.chunks.isLive(chunk) && chunks.copy[chunk] === copy)
      e.pairing.cancel(chunk, status.cancelled);
  }
  copies.chunks[copy]--;
  endCopyIfDone(e, copy);
}

function bottoms(e: Engine, device: BlockDevice): number[] {
  if (device.kind === "bottom") return [e.devices.indexOf(device)];
  return device.lower.flatMap((lower) => bottoms(e, lower));
}

/** Holds new bios back from a device and waits until its requests have ended. */
export async function freeze(e: Engine, number: number): Promise<void> {
  e.deviceRows.columns.flags[number] |= DEVICE_FROZEN;
  const lower = bottoms(e, e.devices[number]);
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
  flags[number] &= ~DEVICE_FROZEN;
  let bio = waitHead[number];
  waitHead[number] = -1;
  waitTail[number] = -1;
  while (bio >= 0) {
    const next = e.bios.next[bio];
    e.scheduler.post(step.submit, bio, -1);
    bio = next;
  }
  e.scheduler.drain();
}

/** A device is gone: what waits for it fails, what is in flight is left to its transport. */
export function removeDevice(e: Engine, number: number): void {
  e.deviceRows.columns.flags[number] |= DEVICE_REMOVED;
  unfreeze(e, number);
  const queue = e.queueOf[number];
  if (queue >= 0)
    dropUnsent(
      e,
      queue,
      status.removed,
      (request) => e.requests.columns.device[request] === number,
    );
  e.pairing.removed(number);
  e.scheduler.drain();
}
