import type { ChromeTrace, ChromeTraceEvent } from "../../src/index.ts";

/** A slice as a reader sees it, and the slices at the other ends of its arrows. */
export interface ReadSlice {
  readonly event: ChromeTraceEvent;
  readonly process: string;
  readonly thread: string;
  readonly arrowsFrom: ReadSlice[];
}

/** What a reader makes of a timeline. */
export interface ReadTrace {
  readonly slices: readonly ReadSlice[];
  /** Spans under one id, in order: name, depth, begin, end. */
  readonly spans: ReadonlyMap<string, readonly [string, number, number, number][]>;
  readonly wrong: readonly string[];
}

interface OpenSpan {
  readonly event: ChromeTraceEvent;
  readonly depth: number;
}

/**
 * Reads a timeline as Perfetto's importer does, and notes what it or the format would object to: events by time, those
 * of one time in the order of the file; slices of a thread nest; an arrow binds to the slice topmost on its thread at
 * that moment; asynchronous spans of one category, id and process nest.
 */
export function readTrace(trace: ChromeTrace): ReadTrace {
  const wrong: string[] = [];
  const names = new Map<string, string>();
  const pidOfThread = new Map<number, number>();
  const stacks = new Map<number, ReadSlice[]>();
  const flows = new Map<string, { from: ReadSlice; isOpen: boolean }>();
  const open = new Map<string, OpenSpan[]>();
  const spans = new Map<string, [string, number, number, number][]>();
  const slices: ReadSlice[] = [];
  let last = Number.NEGATIVE_INFINITY;

  const endOf = ({ event }: ReadSlice): number => (event.ts ?? 0) + (event.dur ?? 0);
  const topmost = (event: ChromeTraceEvent): ReadSlice | undefined => stacks.get(event.tid)?.at(-1);

  function readMetadata({ name, pid, tid, args = {} }: ChromeTraceEvent): void {
    if (!name.endsWith("_name")) return;
    const key = name === "process_name" ? `process ${pid}` : `thread ${tid}`;
    if (names.has(key)) wrong.push(`${key} has two names`);
    names.set(key, String(args.name));
    if (pid === 0 || tid === 0 || tid === pid) wrong.push(`${pid}/${tid} means something else`);
    if (name !== "thread_name") return;
    if (pidOfThread.has(tid)) wrong.push(`thread ${tid} is in two processes`);
    pidOfThread.set(tid, pid);
  }

  function readSlice(event: ChromeTraceEvent, ts: number): void {
    const { dur, pid, tid } = event;
    if (dur === undefined || !(dur >= 0)) wrong.push(`${event.name} takes ${dur}`);
    const stack = stacks.get(tid) ?? [];
    stacks.set(tid, stack);
    while (stack.length > 0 && endOf(stack.at(-1) as ReadSlice) <= ts + 1e-6) stack.pop();
    const outer = stack.at(-1);
    const process = names.get(`process ${pid}`) ?? "";
    const thread = names.get(`thread ${tid}`) ?? "";
    const slice = { event, process, thread, arrowsFrom: [] };
    if (outer !== undefined && endOf(slice) > endOf(outer) + 1e-6)
      wrong.push(`${event.name} laps over ${outer.event.name}`);
    stack.push(slice);
    slices.push(slice);
  }

  function readFlow(event: ChromeTraceEvent): void {
    const key = `${event.cat} ${event.name} ${event.id}`;
    const slice = topmost(event);
    if (slice === undefined) {
      wrong.push(`${event.ph} of flow ${key} is on no slice`);
      return;
    }
    if ((event.ts ?? 0) > endOf(slice) + 1e-6) wrong.push(`flow ${key} comes after its slice`);
    const flow = flows.get(key);
    if (event.ph === "s") {
      if (flow !== undefined) wrong.push(`flow ${key} begins twice`);
      flows.set(key, { from: slice, isOpen: true });
    } else if (flow === undefined || !flow.isOpen) wrong.push(`flow ${key} ends unbegun`);
    else {
      if (event.bp !== "e") wrong.push(`flow ${key} ends at the next slice`);
      flow.isOpen = false;
      slice.arrowsFrom.push(flow.from);
    }
  }

  function readSpan(event: ChromeTraceEvent, ts: number): void {
    const key = `${event.cat} ${event.id} ${event.pid}`;
    const stack = open.get(key) ?? [];
    open.set(key, stack);
    if (event.ph === "b") {
      if (stack.length === 0 && spans.has(key)) wrong.push(`id ${key} is used again`);
      stack.push({ event, depth: stack.length });
      return;
    }
    const begun = stack.pop();
    if (begun?.event.name !== event.name) {
      wrong.push(`end of ${key} ${event.name} meets ${begun?.event.name}`);
      return;
    }
    const list = spans.get(key) ?? [];
    list.push([event.name, begun.depth, begun.event.ts ?? Number.NaN, ts]);
    spans.set(key, list);
  }

  for (const event of trace.traceEvents) {
    if (event.ph === "M") {
      if (last !== Number.NEGATIVE_INFINITY) wrong.push("a name comes late");
      readMetadata(event);
      continue;
    }
    const { ts = Number.NaN, pid, tid } = event;
    if (!(ts >= last)) wrong.push(`${event.name} is out of order`);
    last = ts;
    if (pidOfThread.get(tid) !== pid) wrong.push(`${event.name} is on a thread without name`);
    if (event.ph === "X") readSlice(event, ts);
    else if (event.ph === "s" || event.ph === "f") readFlow(event);
    else if (event.ph === "b" || event.ph === "e") readSpan(event, ts);
    else if (event.s !== "t") wrong.push(`${event.name} has no scope`);
  }
  for (const [key, { isOpen }] of flows) if (isOpen) wrong.push(`flow ${key} does not end`);
  for (const [key, stack] of open) if (stack.length > 0) wrong.push(`span ${key} does not end`);
  return { slices, spans, wrong };
}
