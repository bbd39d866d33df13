import { closeSync, openSync, readSync } from "node:fs";
import { FerryError, isFerryError } from "@blockferry/core";
import { parseRangeLine } from "./range.ts";
import type { RangeColumns } from "./range-columns.ts";

const CHUNK_BYTES = 1 << 18;
const LINE_BYTES_MAX = 4096;
const NEWLINE = 10;
const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const COMMA = 44;
const HASH = 35;
// Fifteen digits are always below 2^53.
const FAST_DIGITS_MAX = 15;

/** Parses `digits[+,]digits` between two places. False, with nothing added, where the line is anything else. */
function addPlainLine(bytes: Uint8Array, from: number, to: number, columns: RangeColumns): boolean {
  let at = from;
  let lba = 0;
  for (; at < to && bytes[at] >= ZERO && bytes[at] <= NINE; at++) lba = lba * 10 + bytes[at] - ZERO;
  if (at === from || at - from > FAST_DIGITS_MAX) return false;
  if (bytes[at] !== PLUS && bytes[at] !== COMMA) return false;
  const second = ++at;
  let blocks = 0;
  for (; at < to && bytes[at] >= ZERO && bytes[at] <= NINE; at++) {
    blocks = blocks * 10 + bytes[at] - ZERO;
  }
  if (at !== to || at === second || at - second > FAST_DIGITS_MAX) return false;
  if (blocks === 0) return false;
  columns.addChecked(lba, blocks);
  return true;
}

function addLine(
  bytes: Uint8Array,
  from: number,
  to: number,
  bytesPerBlock: number,
  columns: RangeColumns,
): void {
  if (addPlainLine(bytes, from, to, columns)) return;
  const hash = bytes.subarray(from, to).indexOf(HASH);
  const line = new TextDecoder().decode(bytes.subarray(from, hash < 0 ? to : from + hash)).trim();
  if (line === "") return;
  for (const range of parseRangeLine(line, bytesPerBlock)) columns.add(range, line);
}

function named(error: unknown, name: string, line: number): unknown {
  if (!isFerryError(error)) return error;
  return new FerryError(error.code, `${name}:${line}: ${error.message}`, {
    cause: error,
    details: { ...error.details, file: name, line },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** Reads what `read` gives (0 at the end) line by line into the columns. */
function readLines(
  read: (into: Uint8Array) => number,
  name: string,
  bytesPerBlock: number,
  columns: RangeColumns,
): void {
  const buffer = new Uint8Array(CHUNK_BYTES + LINE_BYTES_MAX);
  let held = 0;
  let line = 1;
  for (;;) {
    const got = read(buffer.subarray(held, held + CHUNK_BYTES));
    const end = held + got;
    let from = 0;
    try {
      for (;;) {
        let to = buffer.subarray(0, end).indexOf(NEWLINE, from);
        if (to < 0) {
          if (got !== 0 || from === end) break;
          to = end;
        }
        addLine(buffer, from, to, bytesPerBlock, columns);
        line++;
        from = Math.min(to + 1, end);
      }
      if (end - from > LINE_BYTES_MAX) {
        throw new FerryError("FERRY_RANGE_SYNTAX", `a line of more than ${LINE_BYTES_MAX} bytes`);
      }
    } catch (error) {
      throw named(error, name, line);
    }
    if (got === 0) return;
    buffer.copyWithin(0, from, end);
    held = end - from;
  }
}

/** Reads, waiting where a terminal or a pipe has nothing yet. */
function readSome(fd: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe whose writer has gone reads as its end.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function unreadable(path: string, error: unknown): FerryError {
  const reason = error instanceof Error ? error.message : String(error);
  return new FerryError("FERRY_FILE_READ", `cannot read ranges from ${path}: ${reason}`, {
    cause: error,
    details: { path },
  });
}

/**
 * Reads a file of ranges, one a line: `LBA+COUNT`, `LBA,COUNT` or `FIRST-LAST`; `#` begins a comment. A million lines
 * are normal: plain lines become numbers without a string or an object each.
 *
 * @param path a file, `-` is standard input
 * @throws FerryError `FERRY_FILE_READ`; errors of a line name file and line
 */
export function readRangeFile(path: string, bytesPerBlock: number, columns: RangeColumns): void {
  let fd: number;
  try {
    fd = path === "-" ? 0 : openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const name = path === "-" ? "standard input" : path;
    readLines(
      (into) => {
        try {
          return readSome(fd, into);
        } catch (error) {
          throw unreadable(path, error);
        }
      },
      name,
      bytesPerBlock,
      columns,
    );
  } finally {
    if (fd !== 0) closeSync(fd);
  }
}
