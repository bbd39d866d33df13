import { extname } from "node:path";

/** Formats of trace files; the first is that of names which tell none. */
export const traceFormats = ["jsonl", "chrome", "blkparse"] as const;
export type TraceFormat = (typeof traceFormats)[number];

const formatsByExtension: ReadonlyMap<string, TraceFormat> = new Map([
  [".json", "chrome"],
  [".txt", "blkparse"],
]);

/** The format that a file of this name is written in. */
export function traceFormatOf(path: string): TraceFormat {
  return formatsByExtension.get(extname(path).toLowerCase()) ?? traceFormats[0];
}
