/**
 * Trace events as a timeline for Perfetto and as text like blkparse's.
 *
 * @packageDocumentation
 */
export { type BlkparseOptions, blkparse, blkparseLines } from "./blkparse.ts";
export type { ChromeTrace, ChromeTraceEvent } from "./chrome-trace.ts";
export { type EventRecorder, eventRecorder } from "./event-recorder.ts";
export type { EventTime } from "./event-time.ts";
export { type TimelineOptions, timeline, timelineText } from "./timeline.ts";
