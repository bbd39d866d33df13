import type { TraceEvent } from "@blockferry/core";
import { type Book, openBook } from "./book.ts";
import type { ChromeTraceEvent } from "./chrome-trace.ts";
import { type Lanes, lanes } from "./lanes.ts";
import { openTracks, type Track, type Tracks } from "./tracks.ts";

type Args = Record<string, unknown>;

/** An event of the timeline before its track has a number. */
export interface Entry {
  readonly track: Track;
  readonly name: string;
  readonly ph: ChromeTraceEvent["ph"];
  readonly cat: string;
  readonly ts: number;
  /** Of X, once it has ended. */
  dur?: number;
  readonly id?: string | number;
  readonly args: Args;
  /** Flows that begin at this slice. */
  readonly flows: Entry[];
}

/** A bio from its submission to its end: nested spans under one id, one for each device on its way. */
export interface BioSpan {
  readonly track: Track;
  readonly id: string;
  /** Names of what is open, the whole first. */
  readonly open: string[];
  readonly args: Args;
  /** Where the bio came to, and when. */
  device: number;
  arrivedUs: number;
  isParked: boolean;
  /** Its time at the bottom without a request, once that is over. */
  wait: Entry | undefined;
}

export interface RequestSlice {
  readonly entry: Entry;
  readonly device: number;
  readonly lane: number;
}

/** A timeline that is being drawn: what is open, by slot, and all that was drawn. */
export interface TimelineState {
  nowUs: number;
  readonly entries: Entry[];
  readonly tracks: Tracks;
  readonly book: Book;
  readonly copies: Map<number, Entry>;
  readonly bios: Map<number, BioSpan>;
  readonly requests: Map<number, RequestSlice>;
  readonly commands: Map<string, Entry>;
  readonly waitingLanes: Map<number, Lanes>;
  readonly requestLanes: Map<number, Lanes>;
  readonly deviceName: (device: number) => string;
  /** Ids of flows and of bios given so far. */
  flowCount: number;
  bioCount: number;
}

export function openTimeline(names: readonly string[]): TimelineState {
  const deviceName = (device: number): string =>
    names[device] === undefined ? `device ${device}` : `${names[device]} (device ${device})`;
  return {
    nowUs: 0,
    entries: [],
    tracks: openTracks(deviceName),
    book: openBook(),
    copies: new Map(),
    bios: new Map(),
    requests: new Map(),
    commands: new Map(),
    waitingLanes: new Map(),
    requestLanes: new Map(),
    deviceName,
    flowCount: 0,
    bioCount: 0,
  };
}

/** Draws something on a track, now or at a time that is past. */
export function draw(
  t: TimelineState,
  track: Track,
  fields: Pick<Entry, "name" | "ph" | "cat"> & Partial<Pick<Entry, "ts" | "dur" | "id" | "args">>,
): Entry {
  const entry: Entry = { ts: t.nowUs, args: {}, ...fields, track, flows: [] };
  t.entries.push(entry);
  return entry;
}

/** Marks a moment. */
export function mark(t: TimelineState, track: Track, name: string, args: Args): void {
  draw(t, track, { name, ph: "i", cat: "event", args });
}

/** Shows what does not add up in the trace; nothing is thrown for it. */
export function markOddity(t: TimelineState, name: string, event: TraceEvent): void {
  mark(t, t.tracks.oddities(), name, { ...event });
}

/** An arrow from a slice to the one that is topmost on `to` now. */
export function drawFlow(t: TimelineState, from: Entry, to: Track, name: string): void {
  const fields = { name, cat: "flow", id: ++t.flowCount } as const;
  from.flows.push({ ...fields, ph: "s", track: from.track, ts: from.ts, args: {}, flows: [] });
  draw(t, to, { ...fields, ph: "f" });
}

/** The difference of two times of the timeline, without what binary fractions add to it. */
export function microsecondsBetween(fromUs: number, toUs: number): number {
  return Math.round((toUs - fromUs) * 1000) / 1000;
}

/** Ends a slice now. */
export function endSlice(t: TimelineState, entry: Entry, args: Args): void {
  entry.dur = microsecondsBetween(entry.ts, t.nowUs);
  Object.assign(entry.args, args);
}

export function lanesOf(of: Map<number, Lanes>, device: number): Lanes {
  let found = of.get(device);
  if (found === undefined) {
    found = lanes();
    of.set(device, found);
  }
  return found;
}
