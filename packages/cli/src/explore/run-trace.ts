import { closeSync, openSync, writeSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import type { Replay } from "@blockferry/explorer";
import { traceFormatOf } from "../output/trace-format.ts";
import { traceWriter } from "../output/trace-writer.ts";

/** A block of a world is a label; a timeline shows it as a sector. */
const SECTOR_BYTES = 512;

/**
 * Writes a run as a timeline, a step being a millisecond.
 *
 * @throws FerryError `FERRY_FILE_WRITE`
 */
export function writeTrace(path: string, { events, devices }: Replay): void {
  const writer = traceWriter(traceFormatOf(path), () => ({ devices, bytesPerBlock: SECTOR_BYTES }));
  try {
    const fd = openSync(path, "w");
    try {
      writeSync(fd, writer.head);
      for (const event of events) writeSync(fd, writer.event(event));
      for (const text of writer.end()) writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FerryError("FERRY_FILE_WRITE", `cannot write the trace ${path}: ${reason}`, {
      cause,
      details: { path },
    });
  }
}
