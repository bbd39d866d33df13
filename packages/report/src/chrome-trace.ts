/** One event of the Trace Event Format: `ts` and `dur` in microseconds, `ph` its phase. */
export interface ChromeTraceEvent {
  readonly name: string;
  /** M: metadata, X: complete, b and e: nestable asynchronous, i: instant, s and f: flow. */
  readonly ph: "M" | "X" | "b" | "e" | "i" | "s" | "f";
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  /** Of b and e: the same for all that nest; of s and f: the same for both ends. */
  readonly id?: string | number;
  /** Of f: it ends at the slice around it. */
  readonly bp?: "e";
  /** Of i: it belongs to its thread. */
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

/**
 * A trace in the JSON Object Format of the Trace Event Format, as Perfetto and chrome://tracing open it:
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export interface ChromeTrace {
  readonly displayTimeUnit: "ms" | "ns";
  /** Metadata first, then all others by time. */
  readonly traceEvents: readonly ChromeTraceEvent[];
}

/** A trace as JSON, one event a line, in pieces: a long one does not fit into one string. */
export function* chromeTraceText(
  displayTimeUnit: ChromeTrace["displayTimeUnit"],
  events: Iterable<ChromeTraceEvent>,
): Generator<string> {
  yield `{"displayTimeUnit":${JSON.stringify(displayTimeUnit)},"traceEvents":[\n`;
  let separator = "";
  for (const event of events) {
    yield `${separator}${JSON.stringify(event)}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}
