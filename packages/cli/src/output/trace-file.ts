import { closeSync, openSync, writeSync } from "node:fs";
import { FerryError, type TraceSink, traceKindName } from "@blockferry/core";
import type { TraceFormat } from "./trace-format.ts";
import { type TracedDevices, traceWriter } from "./trace-writer.ts";

const EVENTS_HELD = 4096;
const CHARACTERS_HELD = 2 ** 16;

/** Writes trace events to a file. */
export interface TraceFile {
  readonly sink: TraceSink;
  /** What ended the trace early. The copy that is traced goes on. */
  readonly failure: FerryError | undefined;
  /** Tells what is traced, before the first event. */
  describe(traced: TracedDevices): void;
  close(): void;
}

function refuse(path: string, cause: unknown): FerryError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FerryError("FERRY_FILE_WRITE", `cannot write the trace ${path}: ${reason}`, {
    cause,
    details: { path },
  });
}

/** Joins pieces, so that each is worth a call of the system. */
function* joined(pieces: Iterable<string>): Generator<string> {
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < CHARACTERS_HELD) continue;
    yield text;
    text = "";
  }
  yield text;
}

/**
 * Opens a trace file. Events are held as numbers and written in batches, so that tracing costs the copy little; a format
 * that needs all of them is written when the file is closed.
 *
 * @throws FerryError `FERRY_FILE_WRITE`
 */
export function openTraceFile(path: string, format: TraceFormat, nowMs: () => number): TraceFile {
  let traced: TracedDevices = { devices: [], bytesPerBlock: 512 };
  const writer = traceWriter(format, () => traced);
  let fd: number;
  try {
    fd = openSync(path, "w");
    writeSync(fd, writer.head);
  } catch (cause) {
    throw refuse(path, cause);
  }
  const startMs = nowMs();
  const held = new Float64Array(EVENTS_HELD * 7);
  let count = 0;
  let failure: FerryError | undefined;
  function write(pieces: Iterable<string>): void {
    if (failure !== undefined) return;
    try {
      for (const text of joined(pieces)) writeSync(fd, text);
    } catch (cause) {
      failure = refuse(path, cause);
    }
  }
  function* heldText(): Generator<string> {
    for (let at = 0; at < count * 7; at += 7) {
      const [timeMs, kind, subject, device, lba, blocks, detail] = held.subarray(at, at + 7);
      yield writer.event({
        timeMs,
        kind: traceKindName(kind),
        subject,
        device,
        lba,
        blocks,
        detail,
      });
    }
  }
  function flush(): void {
    write(heldText());
    count = 0;
  }
  return {
    get failure() {
      return failure;
    },
    describe(devices) {
      traced = devices;
    },
    sink(kind, subject, device, lba, blocks, detail) {
      const at = count * 7;
      held[at] = nowMs() - startMs;
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
      flush();
      write(writer.end());
      closeSync(fd);
    },
  };
}
