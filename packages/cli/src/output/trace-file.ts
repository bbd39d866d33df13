import { closeSync, openSync, writeSync } from "node:fs";
import { FerryError, type TraceSink, traceKindName } from "@blockferry/core";

const EVENTS_HELD = 4096;

/** Writes trace events to a file, one JSON object a line. */
export interface TraceFile {
  readonly sink: TraceSink;
  /** What ended the trace early. The copy that is traced goes on. */
  readonly failure: FerryError | undefined;
  close(): void;
}

function refuse(path: string, cause: unknown): FerryError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FerryError("FERRY_FILE_WRITE", `cannot write the trace ${path}: ${reason}`, {
    cause,
    details: { path },
  });
}

/**
 * Opens a trace file. Events are held as numbers and written in batches, so that tracing costs the copy little.
 *
 * @throws FerryError `FERRY_FILE_WRITE`
 */
export function openTraceFile(path: string, nowMs: () => number): TraceFile {
  let fd: number;
  try {
    fd = openSync(path, "w");
    writeSync(fd, `${JSON.stringify({ schema: { name: "blockferry.trace", version: 1 } })}\n`);
  } catch (cause) {
    throw refuse(path, cause);
  }
  const startMs = nowMs();
  const held = new Float64Array(EVENTS_HELD * 7);
  let count = 0;
  let failure: FerryError | undefined;
  function flush(): void {
    let text = "";
    for (let at = 0; at < count * 7; at += 7) {
      const [timeMs, kind, subject, device, lba, blocks, detail] = held.subarray(at, at + 7);
      const event = { timeMs, kind: traceKindName(kind), subject, device, lba, blocks, detail };
      text += `${JSON.stringify(event)}\n`;
    }
    count = 0;
    try {
      if (failure === undefined) writeSync(fd, text);
    } catch (cause) {
      failure = refuse(path, cause);
    }
  }
  return {
    get failure() {
      return failure;
    },
    sink(kind, subject, device, lba, blocks, detail) {
      const at = count * 7;
      held[at] = Math.round((nowMs() - startMs) * 1000) / 1000;
      held[at + 1] = kind;
      held[at + 2] = subject;
      held[at + 3] = device;
      held[at + 4] = lba;
      held[at + 5] = blocks;
      held[at + 6] = detail;
      count++;
      if (count === EVENTS_HELD) flush();
    },
    close() {
      if (count > 0) flush();
      closeSync(fd);
    },
  };
}
