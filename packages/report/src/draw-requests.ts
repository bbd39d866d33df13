import { operation, type TraceEvent } from "@blockferry/core";
import { bioAround, operationAround, requestAround } from "./book.ts";
import { drawWait } from "./draw-bios.ts";
import { operationWord, rangeWords, statusWord } from "./event-words.ts";
import {
  draw,
  drawFlow,
  endSlice,
  lanesOf,
  mark,
  markOddity,
  type RequestSlice,
  type TimelineState,
} from "./timeline-state.ts";

type Args = Record<string, unknown>;

function endRequest(t: TimelineState, request: RequestSlice, args: Args): void {
  endSlice(t, request.entry, args);
  lanesOf(t.requestLanes, request.device).release(request.lane, t.nowUs);
}

function beginRequest(t: TimelineState, event: TraceEvent, kind: number, args: Args): void {
  const { subject: slot, device, lba, blocks } = event;
  const before = t.requests.get(slot);
  if (before !== undefined) {
    markOddity(t, "begun again before its end", event);
    endRequest(t, before, { unended: true });
  }
  const lane = lanesOf(t.requestLanes, device).take(t.nowUs);
  const entry = draw(t, t.tracks.requests(device, lane), {
    name: `${operationWord(kind)} ${rangeWords(lba, blocks)}`,
    ph: "X",
    cat: "request",
    args: { request: slot, lba, blocks, ...args },
  });
  t.requests.set(slot, { entry, device, lane });
}

/** An arrow to a request from a bio at the bottom, if there is one that it must be. */
function drawPairing(
  t: TimelineState,
  request: number,
  place: TraceEvent,
  operations: readonly number[],
): void {
  const bio = bioAround(t.book, place, operations);
  const slice = t.requests.get(request);
  const wait = bio === undefined ? undefined : drawWait(t, bio);
  if (wait !== undefined && slice !== undefined) drawFlow(t, wait, slice.entry.track, "pair");
}

export function drawPair(t: TimelineState, event: TraceEvent): void {
  beginRequest(t, event, operation.copy, { ranges: event.detail, sources: [] });
  drawPairing(t, event.subject, event, [operation.destination, operation.copy]);
}

export function drawSource(t: TimelineState, event: TraceEvent): void {
  const { subject, device, lba, blocks } = event;
  const sources = t.requests.get(subject)?.entry.args.sources;
  if (!Array.isArray(sources)) {
    markOddity(t, "a source of a request that was not paired", event);
    return;
  }
  sources.push({ device: t.deviceName(device), lba, blocks });
  drawPairing(t, subject, event, [operation.source]);
}

export function drawInsert(t: TimelineState, event: TraceEvent): void {
  const request = t.requests.get(event.subject);
  const isPaired = request !== undefined && request.entry.args.inserted === undefined;
  if (!isPaired) {
    beginRequest(t, event, event.detail, {});
    drawPairing(t, event.subject, event, [event.detail]);
  }
  const { entry } = t.requests.get(event.subject) as RequestSlice;
  entry.args.inserted = t.nowUs;
}

export function drawRequeue(t: TimelineState, event: TraceEvent): void {
  const { device, subject: request, lba, blocks, detail } = event;
  const cause = statusWord(detail);
  mark(t, t.tracks.events(device), "requeue", { request, lba, blocks, cause });
  beginRequest(t, event, operationAround(t.book, event), { requeuedFor: cause });
}

export function drawRequestEnd(t: TimelineState, event: TraceEvent): void {
  const { subject, detail } = event;
  const request = t.requests.get(subject);
  if (request === undefined) {
    markOddity(t, "end of a request not begun in this trace", event);
    return;
  }
  endRequest(t, request, { status: statusWord(detail) });
  t.requests.delete(subject);
}

const keyOf = ({ device, subject }: TraceEvent): string => `${device} ${subject}`;

export function drawIssue(t: TimelineState, event: TraceEvent): void {
  const { subject: tag, device, lba, blocks, detail: ranges } = event;
  const before = t.commands.get(keyOf(event));
  if (before !== undefined) {
    markOddity(t, "begun again before its end", event);
    endSlice(t, before, { unended: true });
  }
  const request = requestAround(t.book, event)?.slot;
  const entry = draw(t, t.tracks.tag(device, tag), {
    name: `${operationWord(operationAround(t.book, event))} ${rangeWords(lba, blocks)}`,
    ph: "X",
    cat: "command",
    args: { lba, blocks, ranges, ...(request === undefined ? {} : { request }) },
  });
  t.commands.set(keyOf(event), entry);
}

export function drawComplete(t: TimelineState, event: TraceEvent): void {
  const entry = t.commands.get(keyOf(event));
  if (entry === undefined) {
    markOddity(t, "end of a command not begun in this trace", event);
    return;
  }
  endSlice(t, entry, { status: statusWord(event.detail) });
  t.commands.delete(keyOf(event));
}

export function drawTimeout(t: TimelineState, event: TraceEvent): void {
  const { device, subject: tag, blocks, detail } = event;
  const args = { tag, blocks, abortedBefore: detail !== 0 };
  mark(t, t.tracks.tag(device, tag), "timeout", args);
}

/** Ends at the end of the trace what has not ended by then. */
export function drawUnendedRequests(t: TimelineState): void {
  for (const entry of t.commands.values()) endSlice(t, entry, { unended: true });
  for (const request of t.requests.values()) endRequest(t, request, { unended: true });
}
