import type { TraceEvent } from "@blockferry/core";

/**
 * Where the time of an event comes from: `recorded` is its `timeMs`, `steps` its place in the trace, a microsecond each,
 * for runs in virtual time whose events carry none.
 */
export type EventTime = "recorded" | "steps";

/** Tells the nanoseconds of one event after another. Time never goes back: an event that says so takes the last one's. */
export function eventClock(time: EventTime): (event: TraceEvent) => number {
  let lastNs = 0;
  let steps = 0;
  return ({ timeMs }) => {
    const ns = time === "steps" ? steps++ * 1000 : Math.round(timeMs * 1e6);
    if (ns > lastNs && Number.isSafeInteger(ns)) lastNs = ns;
    return lastNs;
  };
}
