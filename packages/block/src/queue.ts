import { dataDirection, joinWords, operation, status, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { type Engine, type HardwareQueue, step } from "./engine-state.ts";
import { COPY_EMULATE } from "./engine-tables.ts";
import { hasRoomForResidue } from "./waiting.ts";

const WORD = 2 ** 32;

/** Takes a row for a request and fills what all requests share; -1 when there is none. */
export function allocateRequest(e: Engine, device: number, chunk: number, owner: number): number {
  const request = e.requests.allocate();
  if (request < 0) throw new Error("the engine's bounds leave no row for a request");
  const requests = e.requests.columns;
  requests.device[request] = device;
  requests.chunk[request] = chunk;
  requests.owner[request] = owner;
  requests.window[request] = -1;
  requests.ranges[request] = 0;
  const cursor = request * 3;
  requests.cursor[cursor] = 0;
  requests.cursor[cursor + 1] = 0;
  requests.cursor[cursor + 2] = 0;
  requests.planned[request] = 0;
  requests.ended[request] = 0;
  requests.commands[request] = 0;
  requests.status[request] = status.success;
  requests.retries[request] = 0;
  requests.parent[request] = -1;
  return request;
}

function postRun(e: Engine, queue: number): void {
  const { posted } = e.queueRows.columns;
  if (posted[queue] !== 0) return;
  posted[queue] = 1;
  e.scheduler.post(step.run, queue, -1);
}

/** Posts a run of a queue in which requests wait. */
export function runIfWaiting(e: Engine, queue: number): void {
  if (e.queueRows.columns.head[queue] >= 0) postRun(e, queue);
}

/** Posts a run of every queue. */
export function runAll(e: Engine): void {
  for (let queue = 0; queue < e.queues.length; queue++) postRun(e, queue);
}

function append(e: Engine, queue: number, request: number): void {
  const { head, tail } = e.queueRows.columns;
  e.requests.next[request] = -1;
  if (head[queue] < 0) head[queue] = request;
  else e.requests.next[tail[queue]] = request;
  tail[queue] = request;
}

/** Sends a request to its queue, or into its submitter's plug while that is in. */
export function insert(e: Engine, request: number): void {
  const requests = e.requests.columns;
  const device = requests.device[request];
  const chunk = requests.chunk[request];
  e.deviceRows.columns.inFlight[device]++;
  e.counters.requests++;
  if (e.trace !== undefined) {
    const lba = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
    e.trace(
      traceKind.requestInsert,
      request,
      device,
      lba,
      requests.blocks[request],
      requests.operation[request],
    );
  }
  if (chunk >= 0) {
    const copies = e.copies.columns;
    const lane = e.chunks.columns.lane[chunk];
    if (copies.plugged[lane] !== 0) {
      e.requests.next[request] = -1;
      if (copies.plugHead[lane] < 0) copies.plugHead[lane] = request;
      else e.requests.next[copies.plugTail[lane]] = request;
      copies.plugTail[lane] = request;
      return;
    }
  }
  const queue = e.queueOf[device];
  append(e, queue, request);
  postRun(e, queue);
}

/** Takes a submitter's plug out: its requests go to their queues. */
export function unplug(e: Engine, copy: number): void {
  const copies = e.copies.columns;
  copies.plugged[copy] = 0;
  if (e.trace !== undefined) e.trace(traceKind.unplug, copy, copies.device[copy], 0, 0, 0);
  let request = copies.plugHead[copy];
  copies.plugHead[copy] = -1;
  copies.plugTail[copy] = -1;
  while (request >= 0) {
    const next = e.requests.next[request];
    const queue = e.queueOf[e.requests.columns.device[request]];
    append(e, queue, request);
    postRun(e, queue);
    request = next;
  }
}

/** Puts a request back at the head of its queue. */
export function requeue(e: Engine, request: number): void {
  const { head, tail } = e.queueRows.columns;
  const queue = e.queueOf[e.requests.columns.device[request]];
  e.requests.next[request] = head[queue];
  if (head[queue] < 0) tail[queue] = request;
  head[queue] = request;
  postRun(e, queue);
}

/** A read, write or flush bio has arrived: it is a request as it stands. */
export function insertTransfer(e: Engine, bio: number): void {
  const bios = e.bios.columns;
  const request = allocateRequest(e, bios.device[bio], -1, bio);
  const requests = e.requests.columns;
  requests.operation[request] = bios.operation[bio];
  requests.lbaLow[request] = bios.lbaLow[bio];
  requests.lbaHigh[request] = bios.lbaHigh[bio];
  requests.blocks[request] = bios.blocks[bio];
  requests.offset[request] = bios.offset[bio];
  insert(e, request);
}

function arm(e: Engine, queue: number, hardware: HardwareQueue): void {
  const clock = hardware.clock;
  if (clock === undefined || hardware.disarm !== undefined) return;
  hardware.disarm = clock.after(e.timeoutMs, () => {
    hardware.disarm = undefined;
    e.scheduler.post(step.timeout, queue, -1);
    e.scheduler.drain();
  });
}

/** Plans the next command of a copy into `slot`. Returns its blocks. */
function planCopy(e: Engine, hardware: HardwareQueue, request: number, slot: number): number {
  const requests = e.requests.columns;
  const commands = hardware.commands.columns;
  const cursor = requests.cursor;
  const at = request * 3;
  const device = requests.device[request];
  const low = requests.lbaLow[request];
  const high = requests.lbaHigh[request];
  commands.firstRange[slot] = cursor[at];
  commands.firstOffset[slot] = cursor[at + 1];
  const base = requests.window[request] * e.windowRanges * RANGE_WORDS;
  const ranges = hardware.encoder.copy(
    slot,
    device,
    low,
    high,
    e.windows,
    base,
    requests.ranges[request],
    cursor,
    at,
  );
  commands.ranges[slot] = ranges;
  const blocks = cursor[at + 2];
  const moved = (low + blocks) | 0;
  requests.lbaLow[request] = moved;
  if (moved >>> 0 < low >>> 0) requests.lbaHigh[request] = (high + 1) | 0;
  const listBytes = hardware.encoder.listBytesOf(slot);
  e.counters.listBytes += listBytes;
  hardware.transport.submit(slot, listBytes, undefined, dataDirection.none);
  return blocks;
}

/** Encodes the next command of a read, write or flush into `slot`. Returns its blocks. */
function planTransfer(e: Engine, hardware: HardwareQueue, request: number, slot: number): number {
  const requests = e.requests.columns;
  const device = requests.device[request];
  const kind = requests.operation[request];
  const planned = requests.planned[request];
  hardware.commands.columns.ranges[slot] = 0;
  if (kind === operation.flush) {
    hardware.encoder.flush(slot, device);
    hardware.transport.submit(slot, 0, undefined, dataDirection.none);
    return 0;
  }
  const blocks = Math.min(requests.blocks[request] - planned, e.transferBlocks[device]);
  const lba = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
  const bytes = e.devices[device].bytesPerBlock;
  const from = (requests.offset[request] + planned) * bytes;
  const data = e.ioData[e.bios.columns.root[requests.owner[request]]]?.subarray(
    from,
    from + blocks * bytes,
  );
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
    if (request >= 0 && e.requests.columns.operation[request] !== operation.copy) {
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

/** Sends commands of the requests of a queue while there are tags. */
export function runQueue(e: Engine, queue: number): void {
  const rows = e.queueRows.columns;
  rows.posted[queue] = 0;
  const hardware = e.queues[queue];
  const requests = e.requests.columns;
  const { commands } = hardware;
  const columns = commands.columns;
  let sent = 0;
  const isFull = !hasRoomForResidue(e, 0);
  const deadline = hardware.clock === undefined ? 0 : hardware.clock.nowMs() + e.timeoutMs;
  for (let request = rows.head[queue]; request >= 0; ) {
    const kind = requests.operation[request];
    const chunk = requests.chunk[request];
    // Parts that are sent again come first: their rows are bounded by what is in flight.
    if (requests.parent[request] < 0) {
      if (rows.repeats[queue] >= commands.capacity) break;
      if (isFull && kind === operation.copy && mayLeaveResidue(e, chunk)) {
        request = passBy(e, queue);
        if (request < 0) break;
        continue;
      }
    }
    const slot = commands.allocate();
    if (slot < 0) break;
    columns.serial[slot] = commands.generation[slot] >> 1;
    columns.request[slot] = request;
    columns.aborted[slot] = 0;
    columns.deadline[slot] = deadline;
    columns.offset[slot] = (requests.offset[request] + requests.planned[request]) | 0;
    const low = requests.lbaLow[request];
    const high = requests.lbaHigh[request];
    const blocks =
      kind === operation.copy
        ? planCopy(e, hardware, request, slot)
        : planTransfer(e, hardware, request, slot);
    columns.blocks[slot] = blocks;
    requests.planned[request] += blocks;
    requests.commands[request]++;
    e.counters.commands++;
    sent++;
    columns.label[slot] = -1;
    if (chunk >= 0) {
      const sink = e.sinks[e.chunks.columns.copy[chunk]];
      if (sink !== null) {
        const lba = joinWords(low, high);
        columns.label[slot] = sink.issued(
          queue,
          requests.device[request],
          lba,
          blocks,
          columns.ranges[slot],
        );
      }
    }
    if (e.trace !== undefined) {
      e.trace(
        traceKind.commandIssue,
        slot,
        requests.device[request],
        joinWords(low, high),
        blocks,
        columns.ranges[slot],
      );
    }
    if (requests.planned[request] === requests.blocks[request]) {
      request = e.requests.next[request];
      rows.head[queue] = request;
    }
  }
  if (rows.head[queue] < 0) rows.tail[queue] = -1;
  if (sent > 0) {
    if (hardware.clock !== undefined) arm(e, queue, hardware);
    hardware.transport.doorbell();
  }
}
