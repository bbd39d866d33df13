import { joinWords, status, traceKind } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import type { HotPath } from "./hot-path.ts";
import { traceRequest } from "./trace.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const RUN = step.run;

/** Takes a row for a request and fills what all requests share; -1 when there is none. */
export function allocateRequest(e: Engine): HotPath["allocateRequest"] {
  return (device, chunk, owner) => {
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
    requests.status[request] = SUCCESS;
    requests.retries[request] = 0;
    requests.parent[request] = -1;
    return request;
  };
}

/** Posts a run of a queue. */
export function postRun(e: Engine, queue: number): void {
  const { posted } = e.queueRows.columns;
  if (posted[queue] !== 0) return;
  posted[queue] = 1;
  e.scheduler.post(RUN, queue, -1);
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
export function insert(e: Engine): HotPath["insert"] {
  return (request) => {
    const requests = e.requests.columns;
    const device = requests.device[request];
    e.deviceRows.columns.inFlight[device]++;
    e.counters.requests++;
    if (e.trace !== undefined) {
      const lba = joinWords(requests.lbaLow[request], requests.lbaHigh[request]);
      traceRequest(e, traceKind.requestInsert, request, lba, requests.operation[request]);
    }
    const lane = e.engineRow.context[0];
    if (lane >= 0) {
      const copies = e.copies.columns;
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
  };
}

/** Takes a submitter's plug out, or leaves it in and empties it: its requests go to their queues. */
export function unplug(e: Engine): HotPath["unplug"] {
  return (copy, isOut) => {
    const copies = e.copies.columns;
    if (isOut) copies.plugged[copy] = 0;
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
    e.pairing.unplugged?.(copy);
  };
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
  const request = e.hot.allocateRequest(bios.device[bio], -1, bio);
  const requests = e.requests.columns;
  requests.operation[request] = bios.operation[bio];
  requests.lbaLow[request] = bios.lbaLow[bio];
  requests.lbaHigh[request] = bios.lbaHigh[bio];
  requests.blocks[request] = bios.blocks[bio];
  requests.offset[request] = bios.offset[bio];
  e.hot.insert(request);
}
