import { type TraceEvent, type TraceSink, traceKindName } from "@blockferry/core";

/** Keeps the events of a trace as objects. */
export interface EventRecorder {
  readonly sink: TraceSink;
  readonly events: readonly TraceEvent[];
}

/** @param nowMs the time of an event; without it all events are at 0, for `time: "steps"` */
export function eventRecorder(nowMs: () => number = () => 0): EventRecorder {
  const events: TraceEvent[] = [];
  return {
    events,
    sink(kind, subject, device, lba, blocks, detail) {
      const timeMs = nowMs();
      events.push({ timeMs, kind: traceKindName(kind), subject, device, lba, blocks, detail });
    },
  };
}
