import type { TraceEvent } from "@blockferry/core";
import { blkparseLines, timelineText } from "@blockferry/report";
import type { TraceFormat } from "./trace-format.ts";

/** What is traced: names by the numbers that events have for devices, and the size of a logical block. */
export interface TracedDevices {
  readonly devices: readonly string[];
  readonly bytesPerBlock: number;
}

/** Makes text of events. */
export interface TraceWriter {
  readonly head: string;
  /** Text of an event; empty where the format needs all events first. */
  event(event: TraceEvent): string;
  /** What follows the last event, in pieces. */
  end(): Iterable<string>;
}

const jsonLines: TraceWriter = {
  head: `${JSON.stringify({ schema: { name: "blockferry.trace", version: 1 } })}\n`,
  event: (event) =>
    `${JSON.stringify({ ...event, timeMs: Math.round(event.timeMs * 1000) / 1000 })}\n`,
  end: () => [],
};

function chromeTrace(traced: () => TracedDevices): TraceWriter {
  const events: TraceEvent[] = [];
  return {
    head: "",
    event(event) {
      events.push(event);
      return "";
    },
    end: () => timelineText(events, traced()),
  };
}

function blkparseText(traced: () => TracedDevices): TraceWriter {
  let line: ((event: TraceEvent) => string) | undefined;
  return {
    head: "",
    event(event) {
      line ??= blkparseLines(traced());
      return line(event);
    },
    end: () => [],
  };
}

/** @param traced asked when the first event is there, or later */
export function traceWriter(format: TraceFormat, traced: () => TracedDevices): TraceWriter {
  if (format === "chrome") return chromeTrace(traced);
  return format === "blkparse" ? blkparseText(traced) : jsonLines;
}
