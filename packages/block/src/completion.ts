import { COMMAND_CONTINUES, joinWords, operation, status, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { continueCommand } from "./continue.ts";
import { arm } from "./dispatch.ts";
import { type Engine, type HardwareQueue, step } from "./engine-state.ts";
import { COPY_CANCELLED, DEVICE_REMOVED } from "./engine-tables.ts";
import type { HotPath } from "./hot-path.ts";
import { takeWindow } from "./pair.ts";
import { requeue, runIfWaiting } from "./queue.ts";
import type { QueuePath } from "./queue-path.ts";
import { traceCommand, traceRequest } from "./trace.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const COPY = operation.copy;

const WORD = 2 ** 32;
/** How long a part waits before it is sent again after the device was busy. */
const BUSY_DELAY_MS = 10;

/** One request less goes on at a device: whoever waits for the last one is told. */
export function quiet(e: Engine): HotPath["quiet"] {
  const { inFlight, flags } = e.deviceRows.columns;
  return (device) => {
    if (--inFlight[device] === 0 && flags[device] !== 0) {
      for (const done of e.frozen[device].splice(0)) done();
    }
  };
}

/** Ends a request when the fate of all its blocks is known. */
export function endRequestIfDone(e: Engine): HotPath["endRequestIfDone"] {
  return (request) => {
    const requests = e.requests.columns;
    if (requests.commands[request] !== 0 || requests.ended[request] !== requests.blocks[request])
      return;
    const device = requests.device[request];
    const value = requests.status[request];
    const owner = requests.owner[request];
    const parent = requests.parent[request];
    const blocks = requests.blocks[request];
    const kind = requests.operation[request];
    if (e.trace !== undefined) {
      const next = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
      traceRequest(e, traceKind.requestEnd, request, next - requests.planned[request], value);
    }
    if (requests.window[request] >= 0) e.windowRows.free(requests.window[request]);
    e.requests.free(request);
    e.hot.quiet(device);
    if (parent >= 0) {
      // The others may have waited for this part.
      e.queueRows.columns.repeats[e.queueOf[device]]--;
      runIfWaiting(e, e.queueOf[device]);
      requests.ended[parent] += blocks;
      if (value !== SUCCESS && requests.status[parent] === SUCCESS) requests.status[parent] = value;
      e.hot.endRequestIfDone(parent);
    } else if (kind === COPY) {
      e.pairing.requestEnded(owner, value);
    } else {
      e.hot.endBio(owner, value);
    }
  };
}

/** Puts the ranges of a command from block `done` on into window `to`, which may be their own; returns their number. */
function copyRest(
  e: Engine,
  request: number,
  hardware: HardwareQueue,
  slot: number,
  done: number,
  to: number,
): number {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const windows = e.windows;
  const base = requests.window[request] * e.windowRanges * RANGE_WORDS;
  let skip = commands.firstOffset[slot] + done;
  let left = commands.blocks[slot] - done;
  let at = to * e.windowRanges * RANGE_WORDS;
  let ranges = 0;
  for (let range = commands.firstRange[slot]; left > 0; range++) {
    const from = base + range * RANGE_WORDS;
    const length = windows[from + 3];
    if (skip >= length) {
      skip -= length;
      continue;
    }
    const lba = joinWords(windows[from + 1], windows[from + 2]) + skip;
    const piece = Math.min(length - skip, left);
    windows[at] = windows[from];
    windows[at + 1] = lba | 0;
    windows[at + 2] = (lba / WORD) | 0;
    windows[at + 3] = piece;
    at += RANGE_WORDS;
    ranges++;
    left -= piece;
    skip = 0;
  }
  return ranges;
}

/** Address on the destination of the first block of a command, from how far the request has come. */
function destinationOf(e: Engine, request: number, hardware: HardwareQueue, slot: number): number {
  const requests = e.requests.columns;
  const next = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
  const ahead =
    requests.offset[request] + requests.planned[request] - hardware.commands.columns.offset[slot];
  return next - ahead;
}

/** Makes a request that repeats a part of another, which waits for it. */
function childOf(e: Engine, request: number): number {
  const requests = e.requests.columns;
  const device = requests.device[request];
  const child = e.hot.allocateRequest(device, requests.chunk[request], requests.owner[request]);
  requests.operation[child] = requests.operation[request];
  requests.parent[child] = request;
  if (requests.operation[request] === COPY) requests.window[child] = takeWindow(e);
  e.deviceRows.columns.inFlight[device]++;
  e.queueRows.columns.repeats[e.queueOf[device]]++;
  return child;
}

/**
 * Sends the blocks of a command from `done` on again, as a request of their own. Such a request is always one command, cut
 * as before; when that fails as well, it is used anew.
 */
function repeat(
  e: Engine,
  request: number,
  hardware: HardwareQueue,
  slot: number,
  done: number,
  value: number,
): void {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const lba = destinationOf(e, request, hardware, slot) + done;
  const offset = commands.offset[slot] + done;
  const blocks = commands.blocks[slot] - done;
  const isChild = requests.parent[request] >= 0;
  const again = isChild ? request : childOf(e, request);
  if (requests.operation[request] === COPY) {
    requests.ranges[again] = copyRest(e, request, hardware, slot, done, requests.window[again]);
  }
  if (isChild) requests.ended[requests.parent[request]] += done;
  requests.lbaLow[again] = lba | 0;
  requests.lbaHigh[again] = (lba / WORD) | 0;
  requests.blocks[again] = blocks;
  requests.offset[again] = offset;
  // A part that gets on is not the same part that failed before.
  requests.retries[again] = done > 0 ? 0 : requests.retries[request] + 1;
  requests.planned[again] = 0;
  requests.ended[again] = 0;
  requests.cursor.fill(0, again * 3, again * 3 + 3);
  e.counters.requeues++;
  if (e.trace !== undefined) {
    e.trace(
      traceKind.requestRequeue,
      again,
      requests.device[again],
      lba,
      requests.blocks[again],
      value,
    );
  }
  const waits = value === status.busy || value === status.notReady;
  if (waits && hardware.clock !== undefined) {
    hardware.clock.after(BUSY_DELAY_MS, () => {
      e.scheduler.post(step.requeue, again, -1);
      e.scheduler.drain();
    });
  } else {
    requeue(e, again);
  }
}

function mayRepeat(e: Engine, request: number, retryable: boolean): boolean {
  const requests = e.requests.columns;
  if (!retryable || requests.retries[request] >= e.retriesMax) return false;
  if ((e.deviceRows.columns.flags[requests.device[request]] & DEVICE_REMOVED) !== 0) return false;
  const chunk = requests.chunk[request];
  return chunk < 0 || (e.copies.columns.flags[e.chunks.columns.copy[chunk]] & COPY_CANCELLED) === 0;
}

/** Tells the copy's sink what became of a command. */
function tell(
  e: Engine,
  chunk: number,
  hardware: HardwareQueue,
  slot: number,
  value: number,
  answered: boolean,
): void {
  const sink = e.sinks[e.chunks.columns.copy[chunk]];
  if (sink !== null)
    sink.answered(
      hardware.commands.columns.label[slot],
      value,
      answered ? hardware.describe[slot] : undefined,
    );
}

/** Accounts what a failed command has certainly copied; returns its blocks. */
function keepDone(
  e: Engine,
  hardware: HardwareQueue,
  slot: number,
  request: number,
  label: number,
): number {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const done = hardware.encoder.blocksDone(
    slot,
    requests.device[request],
    e.windows,
    requests.window[request] * e.windowRanges * RANGE_WORDS,
    requests.ranges[request],
    commands.firstRange[slot],
    commands.firstOffset[slot],
  );
  // A command that failed with all its blocks done contradicts itself: nothing of it is certain.
  if (done <= 0 || done >= commands.blocks[slot]) return 0;
  e.hot.account(requests.chunk[request], commands.offset[slot], done, SUCCESS, label);
  requests.ended[request] += done;
  return done;
}

/** A command failed with `value`: what is certainly copied is kept, the rest is sent again or given up. */
function failCommand(
  e: Engine,
  hardware: HardwareQueue,
  slot: number,
  value: number,
  retryable: boolean,
  answered: boolean,
): void {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const request = commands.request[slot];
  const chunk = requests.chunk[request];
  const blocks = commands.blocks[slot];
  const offset = commands.offset[slot];
  const label = commands.label[slot];
  let done = 0;
  if (chunk >= 0) tell(e, chunk, hardware, slot, value, answered);
  if (answered && chunk >= 0) done = keepDone(e, hardware, slot, request, label);
  if (mayRepeat(e, request, retryable)) {
    repeat(e, request, hardware, slot, done, value);
  } else {
    if (requests.status[request] === SUCCESS) requests.status[request] = value;
    requests.ended[request] += blocks - done;
    if (chunk >= 0) {
      e.hot.account(chunk, offset + done, blocks - done, value, label);
    }
  }
}

function release(hardware: HardwareQueue, slot: number): void {
  hardware.data[slot] = undefined;
  hardware.commands.free(slot);
}

/** Takes the completion in a slot. */
export function completeCommand(
  e: Engine,
  hardware: HardwareQueue,
  queue: number,
): QueuePath["completeCommand"] {
  const { commands, encoder } = hardware;
  const columns = commands.columns;
  const requests = e.requests.columns;
  return (slot) => {
    // A second answer to a command that is answered has nobody to go to.
    if (!commands.isLive(slot)) return false;
    const value = encoder.interpret(slot);
    if (value === COMMAND_CONTINUES) {
      continueCommand(e, queue, slot);
      return true;
    }
    const request = columns.request[slot];
    if (e.trace !== undefined) {
      const lba = destinationOf(e, request, hardware, slot);
      traceCommand(e, hardware, traceKind.commandComplete, slot, lba, value);
    }
    requests.commands[request]--;
    if (value === SUCCESS) {
      const blocks = columns.blocks[slot];
      requests.ended[request] += blocks;
      const chunk = requests.chunk[request];
      if (chunk >= 0) {
        tell(e, chunk, hardware, slot, value, encoder.tellsMeans === true);
        e.hot.account(chunk, columns.offset[slot], blocks, value, columns.label[slot]);
      }
    } else {
      failCommand(e, hardware, slot, value, encoder.isRetryable(slot), true);
    }
    release(hardware, slot);
    e.hot.endRequestIfDone(request);
    return false;
  };
}

/** Takes a batch of completions. */
export function complete(e: Engine, queue: number, slots: Int32Array, count: number): void {
  const { path, transport } = e.queues[queue];
  let continued = false;
  for (let i = 0; i < count; i++) {
    if (path.completeCommand(slots[i])) continued = true;
  }
  if (continued) transport.doorbell();
  goOn(e, queue);
}

/** Commands of a queue have ended: there are tags for those that wait, and perhaps nothing to watch over any more. */
function goOn(e: Engine, queue: number): void {
  const hardware = e.queues[queue];
  runIfWaiting(e, queue);
  if (hardware.commands.used === 0 && hardware.disarm !== undefined) {
    hardware.disarm();
    hardware.disarm = undefined;
  }
  e.scheduler.drain();
}

/** Sends what ends an operation that the unanswered command in a slot has left in the device; false where there is none. */
function endOperation(e: Engine, queue: number, slot: number, value: number): boolean {
  const { commands, encoder } = e.queues[queue];
  if (value === status.removed || encoder.lost?.(slot, value) !== true) return false;
  // A step that was to be sent after a while is not sent any more.
  commands.columns.waits[slot] = 0;
  continueCommand(e, queue, slot);
  return true;
}

/** No command in flight will be answered: each is sent again, or its fate is not known. */
export function failAll(e: Engine, queue: number, value: number): void {
  const hardware = e.queues[queue];
  const { commands } = hardware;
  let continued = false;
  for (let slot = 0; slot < commands.capacity; slot++) {
    if (!commands.isLive(slot)) continue;
    const request = commands.columns.request[slot];
    const told =
      value === status.reset && commands.columns.aborted[slot] !== 0 ? status.timeout : value;
    if (endOperation(e, queue, slot, told)) {
      continued = true;
      continue;
    }
    if (e.trace !== undefined) {
      const lba = destinationOf(e, request, hardware, slot);
      traceCommand(e, hardware, traceKind.commandComplete, slot, lba, told);
    }
    e.requests.columns.commands[request]--;
    failCommand(e, hardware, slot, told, value === status.reset, false);
    release(hardware, slot);
    e.hot.endRequestIfDone(request);
  }
  if (continued) {
    arm(e, queue, hardware);
    hardware.transport.doorbell();
  }
  goOn(e, queue);
}

/** Deadlines are due: a late command is aborted first; one that was aborted already costs a reset. */
export function checkDeadlines(e: Engine, queue: number): void {
  const hardware = e.queues[queue];
  const { commands, clock } = hardware;
  if (clock === undefined || commands.used === 0) return;
  const now = clock.nowMs();
  let reset = false;
  let first = Number.POSITIVE_INFINITY;
  for (let slot = 0; slot < commands.capacity; slot++) {
    if (!commands.isLive(slot)) continue;
    const { deadline, aborted, request } = commands.columns;
    if (deadline[slot] <= now) {
      if (e.trace !== undefined) {
        e.trace(
          traceKind.commandTimeout,
          slot,
          e.requests.columns.device[request[slot]],
          0,
          commands.columns.blocks[slot],
          aborted[slot],
        );
      }
      if (aborted[slot] !== 0) reset = true;
      aborted[slot] = 1;
      deadline[slot] = now + e.timeoutMs;
      if (!reset) hardware.transport.abort(slot);
    }
    if (commands.isLive(slot)) first = Math.min(first, deadline[slot]);
  }
  if (reset) {
    hardware.transport.reset();
    return;
  }
  if (commands.used > 0 && hardware.disarm === undefined) {
    hardware.disarm = clock.after(Math.max(1, first - now), () => {
      hardware.disarm = undefined;
      e.scheduler.post(step.timeout, queue, -1);
      e.scheduler.drain();
    });
  }
}
