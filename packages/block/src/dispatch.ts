import { dataDirection, joinWords, operation, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { type Engine, type HardwareQueue, step } from "./engine-state.ts";
import { COPY_EMULATE } from "./engine-tables.ts";
import { runIfWaiting } from "./queue.ts";
import type { QueuePath } from "./queue-path.ts";
import { traceCommand } from "./trace.ts";
import { transferData } from "./transfer-data.ts";
import { hasRoomForResidue } from "./waiting.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const COPY = operation.copy;
const ROW_WORDS = RANGE_WORDS;
const NO_DATA = dataDirection.none;

const WORD = 2 ** 32;

/** Sees to it that somebody looks after late commands of a queue. */
export function arm(e: Engine, queue: number, hardware: HardwareQueue): void {
  const clock = hardware.clock;
  if (clock === undefined || hardware.disarm !== undefined) return;
  hardware.disarm = clock.after(e.timeoutMs, () => {
    hardware.disarm = undefined;
    e.scheduler.post(step.timeout, queue, -1);
    e.scheduler.drain();
  });
}

/** Plans the next command of a copy into `slot`. Returns its blocks. */
export function sendCopy(e: Engine, hardware: HardwareQueue): QueuePath["sendCopy"] {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const { encoder } = hardware;
  const { cursor } = requests;
  return (request, slot) => {
    const at = request * 3;
    const low = requests.lbaLow[request];
    const high = requests.lbaHigh[request];
    commands.firstRange[slot] = cursor[at];
    commands.firstOffset[slot] = cursor[at + 1];
    const ranges = encoder.copy(
      slot,
      requests.device[request],
      low,
      high,
      e.windows,
      requests.window[request] * e.windowRanges * ROW_WORDS,
      requests.ranges[request],
      cursor,
      at,
    );
    commands.ranges[slot] = ranges;
    const blocks = cursor[at + 2];
    const moved = (low + blocks) | 0;
    requests.lbaLow[request] = moved;
    if (moved >>> 0 < low >>> 0) requests.lbaHigh[request] = (high + 1) | 0;
    const listBytes = encoder.listBytesOf(slot);
    e.counters.listBytes += listBytes;
    hardware.transport.submit(slot, listBytes, undefined, NO_DATA);
    return blocks;
  };
}

/** Encodes the next command of a read, write or flush into `slot`. Returns its blocks. */
function sendTransfer(e: Engine, hardware: HardwareQueue, request: number, slot: number): number {
  const requests = e.requests.columns;
  const device = requests.device[request];
  const kind = requests.operation[request];
  const planned = requests.planned[request];
  hardware.commands.columns.ranges[slot] = 0;
  if (kind === operation.flush) {
    hardware.encoder.flush(slot, device);
    hardware.transport.submit(slot, 0, undefined, NO_DATA);
    return 0;
  }
  const blocks = Math.min(requests.blocks[request] - planned, e.transferBlocks[device]);
  const lba = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
  const bytes = e.devices[device].bytesPerBlock;
  const from = (requests.offset[request] + planned) * bytes;
  const root = e.bios.columns.root[requests.owner[request]];
  const data = transferData(e, root)?.subarray(from, from + blocks * bytes);
  const isRead = kind === operation.read;
  if (isRead) hardware.encoder.read(slot, device, lba | 0, (lba / WORD) | 0, blocks);
  else hardware.encoder.write(slot, device, lba | 0, (lba / WORD) | 0, blocks);
  hardware.data[slot] = data;
  hardware.transport.submit(slot, 0, data, isRead ? dataDirection.toHost : dataDirection.toDevice);
  requests.lbaLow[request] = (lba + blocks) | 0;
  requests.lbaHigh[request] = ((lba + blocks) / WORD) | 0;
  return blocks;
}

function mayLeaveResidue(e: Engine, chunk: number): boolean {
  return (e.copies.columns.flags[e.chunks.columns.copy[chunk]] & COPY_EMULATE) !== 0;
}

/** Lets the first transfer pass by the copies that wait for residue, which transfers take away. Returns it, -1 for none. */
function passBy(e: Engine, queue: number): number {
  const { head, tail } = e.queueRows.columns;
  const next = e.requests.next;
  let before = head[queue];
  while (before >= 0) {
    const request = next[before];
    if (request >= 0 && e.requests.columns.operation[request] !== COPY) {
      next[before] = next[request];
      if (tail[queue] === request) tail[queue] = before;
      next[request] = head[queue];
      head[queue] = request;
      return request;
    }
    before = request;
  }
  return -1;
}

/** The next request of a queue that may be sent, -1 for none. */
function nextRequest(e: Engine, hardware: HardwareQueue, queue: number, isFull: boolean): number {
  const { head, repeats } = e.queueRows.columns;
  const requests = e.requests.columns;
  const request = head[queue];
  // Parts that are sent again come first: their rows are bounded by what is in flight.
  if (request < 0 || requests.parent[request] >= 0) return request;
  if (repeats[queue] >= hardware.commands.capacity) return -1;
  if (!isFull || requests.operation[request] !== COPY) return request;
  return mayLeaveResidue(e, requests.chunk[request]) ? passBy(e, queue) : request;
}

/** Tells the sink of a command's copy that it was sent. */
function tellIssued(
  e: Engine,
  hardware: HardwareQueue,
  queue: number,
  slot: number,
  lba: number,
): void {
  const { request, blocks, ranges, label } = hardware.commands.columns;
  const requests = e.requests.columns;
  const sink = e.sinks[e.chunks.columns.copy[requests.chunk[request[slot]]]];
  if (sink === null) return;
  const device = requests.device[request[slot]];
  label[slot] = sink.issued(queue, device, lba, blocks[slot], ranges[slot]);
}

/** Sends the next command of a request in `slot`. */
export function sendCommand(
  e: Engine,
  hardware: HardwareQueue,
  queue: number,
): QueuePath["sendCommand"] {
  const requests = e.requests.columns;
  const { commands } = hardware;
  const columns = commands.columns;
  return (request, slot, deadline) => {
    columns.serial[slot] = commands.generation[slot] >> 1;
    columns.request[slot] = request;
    columns.aborted[slot] = 0;
    columns.deadline[slot] = deadline;
    const planned = requests.planned[request];
    columns.offset[slot] = requests.offset[request] + planned;
    columns.label[slot] = -1;
    const low = requests.lbaLow[request];
    const high = requests.lbaHigh[request];
    const blocks =
      requests.operation[request] === COPY
        ? hardware.path.sendCopy(request, slot)
        : sendTransfer(e, hardware, request, slot);
    columns.blocks[slot] = blocks;
    requests.planned[request] = planned + blocks;
    requests.commands[request]++;
    e.counters.commands++;
    const chunk = requests.chunk[request];
    if (chunk >= 0 && e.sinks[e.chunks.columns.copy[chunk]] !== null)
      tellIssued(e, hardware, queue, slot, joinWords(low, high));
    if (e.trace !== undefined) {
      const lba = joinWords(low, high);
      traceCommand(e, hardware, traceKind.commandIssue, slot, lba, columns.ranges[slot]);
    }
  };
}

/** Sends commands of the requests of a queue while there are tags. */
export function run(e: Engine, hardware: HardwareQueue, queue: number): QueuePath["run"] {
  const rows = e.queueRows.columns;
  const requests = e.requests.columns;
  const { next } = e.requests;
  const devices = e.devices.map((_, device) => device).filter((each) => e.queueOf[each] === queue);
  return () => {
    rows.posted[queue] = 0;
    if (e.pairing.dispatching !== undefined) {
      for (const device of devices) e.pairing.dispatching(device);
    }
    const isFull = !hasRoomForResidue(e, 0);
    const deadline = hardware.clock === undefined ? 0 : hardware.clock.nowMs() + e.timeoutMs;
    let sent = 0;
    let request = nextRequest(e, hardware, queue, isFull);
    while (request >= 0) {
      if (e.faults !== undefined && hardware.commands.available > 0 && e.faults.driverBusy(queue)) {
        runIfWaiting(e, queue);
        break;
      }
      const slot = hardware.commands.allocate();
      if (slot < 0) break;
      hardware.path.sendCommand(request, slot, deadline);
      sent++;
      if (requests.planned[request] === requests.blocks[request]) {
        rows.head[queue] = next[request];
        next[request] = -1;
      }
      request = nextRequest(e, hardware, queue, isFull);
    }
    if (rows.head[queue] < 0) rows.tail[queue] = -1;
    if (sent > 0) {
      if (hardware.clock !== undefined) arm(e, queue, hardware);
      hardware.transport.doorbell();
    }
  };
}
