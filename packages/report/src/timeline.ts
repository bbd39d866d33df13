import type { TraceEvent, TraceKindName } from "@blockferry/core";
import { note } from "./book.ts";
import { type ChromeTrace, type ChromeTraceEvent, chromeTraceText } from "./chrome-trace.ts";
import {
  drawBioEnd,
  drawDefer,
  drawPark,
  drawRemap,
  drawSplit,
  drawSubmit,
  drawUnendedBios,
} from "./draw-bios.ts";
import {
  drawCopyEnd,
  drawCopyStart,
  drawEmulate,
  drawFreeze,
  drawPlug,
  drawReload,
  drawRemove,
  drawStoreCopy,
  drawUnendedCopies,
  drawUnplug,
} from "./draw-copies.ts";
import {
  drawComplete,
  drawInsert,
  drawIssue,
  drawPair,
  drawRequestEnd,
  drawRequeue,
  drawSource,
  drawTimeout,
  drawUnendedRequests,
} from "./draw-requests.ts";
import { type EventTime, eventClock } from "./event-time.ts";
import { type Entry, markOddity, openTimeline, type TimelineState } from "./timeline-state.ts";

export interface TimelineOptions {
  /** Default `recorded`. */
  readonly time?: EventTime;
  /** Names of devices by number. Default: their numbers. */
  readonly devices?: readonly string[];
}

const draws: Record<TraceKindName, (t: TimelineState, event: TraceEvent) => void> = {
  bioSubmit: drawSubmit,
  bioRemap: drawRemap,
  bioSplit: drawSplit,
  bioPark: drawPark,
  bioPair: drawPair,
  bioEnd: drawBioEnd,
  plug: drawPlug,
  unplug: drawUnplug,
  requestInsert: drawInsert,
  requestRequeue: drawRequeue,
  requestEnd: drawRequestEnd,
  commandIssue: drawIssue,
  commandComplete: drawComplete,
  commandTimeout: drawTimeout,
  emulate: drawEmulate,
  copyStart: drawCopyStart,
  copyEnd: drawCopyEnd,
  storeCopy: drawStoreCopy,
  bioDefer: drawDefer,
  reload: drawReload,
  freeze: drawFreeze,
  remove: drawRemove,
  requestSource: drawSource,
};

function finished(entry: Entry): ChromeTraceEvent {
  const { track, name, ph, cat, ts, dur, id, args } = entry;
  return {
    name,
    cat,
    ph,
    ts,
    ...(dur === undefined ? {} : { dur }),
    pid: track.pid,
    tid: track.tid,
    ...(id === undefined ? {} : { id }),
    ...(ph === "f" ? { bp: "e" as const } : {}),
    ...(ph === "i" ? { s: "t" as const } : {}),
    ...(Object.keys(args).length === 0 ? {} : { args }),
  };
}

function* drawn(
  events: Iterable<TraceEvent>,
  { time = "recorded", devices = [] }: TimelineOptions,
): Generator<ChromeTraceEvent> {
  const t = openTimeline(devices);
  const nanoseconds = eventClock(time);
  for (const event of events) {
    t.nowUs = nanoseconds(event) / 1000;
    if (Object.hasOwn(draws, event.kind)) draws[event.kind](t, event);
    else markOddity(t, `unknown kind of event "${event.kind}"`, event);
    note(t.book, event);
  }
  drawUnendedRequests(t);
  drawUnendedBios(t);
  drawUnendedCopies(t);
  yield* t.tracks.number();
  for (const entry of t.entries.sort((a, b) => a.ts - b.ts)) {
    yield finished(entry);
    // Arrows that leave a slice follow it: readers tie an arrow to what lies topmost on its track.
    for (const flow of entry.flows) yield finished(flow);
  }
}

const displayTimeUnit = "ns";

/**
 * A trace as a timeline for Perfetto: copies by submitter; by device the bios on their way, what waits at the bottom,
 * requests, and commands by tag. Arrows lead from what waited to the request that it was paired into.
 *
 * The same events make the same timeline. Events that do not add up (an end without its beginning, a slot that begins
 * twice) are drawn on a track of their own; what has not ended by the end of the trace is drawn to there, `unended`.
 */
export function timeline(events: Iterable<TraceEvent>, options: TimelineOptions = {}): ChromeTrace {
  return { displayTimeUnit, traceEvents: [...drawn(events, options)] };
}

/** The JSON of `timeline`, one event a line, in pieces: a long one does not fit into one string. */
export function timelineText(
  events: Iterable<TraceEvent>,
  options: TimelineOptions = {},
): Generator<string> {
  return chromeTraceText(displayTimeUnit, drawn(events, options));
}
