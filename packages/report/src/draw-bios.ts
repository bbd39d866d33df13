import type { TraceEvent } from "@blockferry/core";
import { type BioState, copyOfBio } from "./book.ts";
import { operationWord, rangeWords, statusWord } from "./event-words.ts";
import {
  type BioSpan,
  draw,
  type Entry,
  lanesOf,
  mark,
  markOddity,
  microsecondsBetween,
  type TimelineState,
} from "./timeline-state.ts";

type Args = Record<string, unknown>;

function openSpan(t: TimelineState, span: BioSpan, name: string, args: Args): void {
  const { track, id, open } = span;
  draw(t, track, { name, ph: "b", cat: "bio", id, args });
  open.push(name);
}

function closeSpans(t: TimelineState, span: BioSpan, left: number, args: Args = {}): void {
  const { track, id, open } = span;
  while (open.length > left) {
    const name = open.pop() as string;
    draw(t, track, { name, ph: "e", cat: "bio", id, args: open.length === 0 ? args : {} });
  }
}

function beginBio(t: TimelineState, event: TraceEvent, name: string, args: Args): BioSpan {
  const { subject: bio, device, lba, blocks } = event;
  const span: BioSpan = {
    track: t.tracks.events(device),
    id: `0x${(++t.bioCount).toString(16)}`,
    open: [],
    args: { bio, lba, blocks, ...args },
    device,
    arrivedUs: t.nowUs,
    isParked: false,
    wait: undefined,
  };
  t.bios.set(bio, span);
  openSpan(t, span, name, span.args);
  return span;
}

export function drawSubmit(t: TimelineState, event: TraceEvent): void {
  const { subject: bio, device, lba, blocks, detail } = event;
  const place = { device, lba, blocks };
  let span = t.bios.get(bio);
  if (span === undefined) {
    const copy = copyOfBio(t.book, event);
    span = beginBio(t, event, operationWord(detail), copy === undefined ? {} : { copy });
  } else if (t.book.bios.get(bio)?.isBetween === false) {
    mark(t, t.tracks.events(device), "submitted again", { bio, ...place });
  }
  closeSpans(t, span, 1);
  openSpan(t, span, t.deviceName(device), { lba, blocks });
  span.device = device;
  span.arrivedUs = t.nowUs;
}

export function drawRemap(t: TimelineState, event: TraceEvent): void {
  const { subject: bio, device: to, lba, blocks, detail: from } = event;
  const before = t.book.bios.get(bio);
  const args = { bio, ...(before && { fromLba: before.lba }), to: t.deviceName(to), lba, blocks };
  mark(t, t.tracks.events(from), "remap", args);
  const span = t.bios.get(bio);
  if (span !== undefined) closeSpans(t, span, 1);
}

export function drawSplit(t: TimelineState, event: TraceEvent): void {
  const { subject: bio, device, lba, blocks, detail: parent } = event;
  mark(t, t.tracks.events(device), "split", { bio: parent, part: bio, lba, blocks });
  const whole = t.book.bios.get(parent);
  if (whole === undefined) markOddity(t, "split off a bio not begun in this trace", event);
  const before = t.bios.get(bio);
  if (before !== undefined) {
    markOddity(t, "begun again before its end", event);
    closeSpans(t, before, 0, { unended: true });
  }
  const copy = whole?.copy === undefined ? {} : { copy: whole.copy };
  beginBio(t, event, operationWord(whole?.operation ?? -1), { splitFrom: parent, ...copy });
}

export function drawPark(t: TimelineState, event: TraceEvent): void {
  const span = t.bios.get(event.subject);
  if (span === undefined) markOddity(t, "parked, but not begun in this trace", event);
  else span.isParked = true;
}

export function drawDefer(t: TimelineState, event: TraceEvent): void {
  const { subject: bio, device, lba, blocks } = event;
  mark(t, t.tracks.events(device), "defer", { bio, lba, blocks });
}

/** Draws the time that a bio has spent at the bottom until now; the same slice when it was drawn before. */
export function drawWait(t: TimelineState, bio: BioState): Entry | undefined {
  const span = t.bios.get(bio.slot);
  if (span === undefined || span.wait !== undefined) return span?.wait;
  const lanes = lanesOf(t.waitingLanes, bio.device);
  const lane = lanes.take(span.arrivedUs);
  const { operation, lba, blocks } = bio;
  span.wait = draw(t, t.tracks.waiting(bio.device, lane), {
    name: `${operationWord(operation)} ${rangeWords(lba, blocks)}`,
    ph: "X",
    cat: "waiting",
    ts: span.arrivedUs,
    dur: microsecondsBetween(span.arrivedUs, t.nowUs),
    args: { bio: bio.slot, lba, blocks, parked: span.isParked },
  });
  lanes.release(lane, t.nowUs);
  return span.wait;
}

export function drawBioEnd(t: TimelineState, event: TraceEvent): void {
  const { subject: slot, device, detail } = event;
  const status = statusWord(detail);
  const span = t.bios.get(slot);
  if (span === undefined) {
    // A copy that is cancelled ends bios that were never submitted.
    mark(t, t.tracks.events(device), "end of a bio not begun in this trace", { bio: slot, status });
    return;
  }
  const bio = t.book.bios.get(slot);
  if (span.isParked && bio !== undefined) drawWait(t, bio);
  closeSpans(t, span, 0, { status });
  t.bios.delete(slot);
}

/** Ends at the end of the trace what has not ended by then. */
export function drawUnendedBios(t: TimelineState): void {
  for (const [slot, span] of t.bios) {
    const bio = t.book.bios.get(slot);
    if (span.isParked && bio !== undefined) drawWait(t, bio);
    span.args.unended = true;
    closeSpans(t, span, 0, { unended: true });
  }
}
