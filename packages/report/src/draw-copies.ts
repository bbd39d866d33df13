import type { TraceEvent } from "@blockferry/core";
import { rangeWords, statusWord, storeMeansWord } from "./event-words.ts";
import { draw, endSlice, mark, markOddity, type TimelineState } from "./timeline-state.ts";

export function drawCopyStart(t: TimelineState, event: TraceEvent): void {
  const { subject: copy, device, lba, blocks, detail: ranges } = event;
  const before = t.copies.get(copy);
  if (before !== undefined) {
    markOddity(t, "begun again before its end", event);
    endSlice(t, before, { unended: true });
  }
  const entry = draw(t, t.tracks.submitter(copy), {
    name: `copy to ${rangeWords(lba, blocks)}`,
    ph: "X",
    cat: "copy",
    args: { copy, device: t.deviceName(device), lba, blocks, ranges },
  });
  t.copies.set(copy, entry);
}

export function drawCopyEnd(t: TimelineState, event: TraceEvent): void {
  const { subject: copy, detail } = event;
  const entry = t.copies.get(copy);
  if (entry === undefined) {
    markOddity(t, "end of a copy not begun in this trace", event);
    return;
  }
  endSlice(t, entry, { status: statusWord(detail) });
  t.copies.delete(copy);
}

export function drawPlug(t: TimelineState, { subject, device }: TraceEvent): void {
  mark(t, t.tracks.submitter(subject), "plug", { device: t.deviceName(device) });
}

export function drawUnplug(t: TimelineState, { subject, device }: TraceEvent): void {
  mark(t, t.tracks.submitter(subject), "unplug", { device: t.deviceName(device) });
}

export function drawEmulate(t: TimelineState, event: TraceEvent): void {
  const { subject, device, lba, blocks, detail } = event;
  const args = { device: t.deviceName(device), lba, blocks, status: statusWord(detail) };
  mark(t, t.tracks.submitter(subject), "copied through the host", args);
}

export function drawStoreCopy(t: TimelineState, event: TraceEvent): void {
  const { subject: namespace, lba, blocks, detail } = event;
  mark(t, t.tracks.store(namespace), storeMeansWord(detail), { lba, blocks });
}

export function drawReload(t: TimelineState, { device, detail: table }: TraceEvent): void {
  mark(t, t.tracks.events(device), "reload", { table });
}

export function drawFreeze(t: TimelineState, { device, detail }: TraceEvent): void {
  mark(t, t.tracks.events(device), detail === 0 ? "thaw" : "freeze", {});
}

export function drawRemove(t: TimelineState, { device }: TraceEvent): void {
  mark(t, t.tracks.events(device), "remove", {});
}

/** Ends at the end of the trace what has not ended by then. */
export function drawUnendedCopies(t: TimelineState): void {
  for (const entry of t.copies.values()) endSlice(t, entry, { unended: true });
}
