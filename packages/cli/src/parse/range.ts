import { type BlockRange, checkRange, FerryError } from "@blockferry/core";
import { parseBlocks } from "./quantity.ts";

function refuse(text: string, hint: string): FerryError {
  return new FerryError("FERRY_RANGE_SYNTAX", `"${text}" is not a range of blocks`, {
    details: { text },
    hint,
  });
}

function fromFirstToLast(first: number, last: number, text: string): BlockRange {
  if (last < first) {
    throw new FerryError("FERRY_RANGE_EMPTY", `${text}: the last block is before the first`, {
      details: { text },
      hint: "FIRST-LAST names both blocks and includes both",
    });
  }
  return { lba: first, blocks: last - first + 1 };
}

/**
 * Reads one range: `LBA+COUNT`, or `FIRST-LAST` with both included. Counts are one-based. Each number may be in blocks
 * or, with a unit, in bytes.
 *
 * @throws FerryError `FERRY_RANGE_SYNTAX`, `FERRY_RANGE_EMPTY`, `FERRY_RANGE_ADDRESS`, `FERRY_SIZE_…`
 */
export function parseRange(text: string, bytesPerBlock: number): BlockRange {
  const match = /^\s*([^+\-,\s]+)([+-])([^+\-,\s]+)\s*$/.exec(text);
  if (match === null) {
    throw refuse(text, "write LBA+COUNT (0+2048) or FIRST-LAST (0-2047), or @FILE");
  }
  const [, left, operator, right] = match;
  const first = parseBlocks(left, bytesPerBlock);
  const second = parseBlocks(right, bytesPerBlock);
  const range =
    operator === "+" ? { lba: first, blocks: second } : fromFirstToLast(first, second, text.trim());
  checkRange(range, text.trim());
  return range;
}

/** Reads an argument of comma-joined ranges: `0+2048,8192+64`. */
export function parseRanges(text: string, bytesPerBlock: number): BlockRange[] {
  const parts = text.split(",");
  if (parts.length === 2 && parts.every((part) => /^\s*[0-9a-zA-Z]+\s*$/.test(part))) {
    throw refuse(text, `did you mean ${parts[0].trim()}+${parts[1].trim()}? A comma joins ranges`);
  }
  return parts.map((part) => parseRange(part, bytesPerBlock));
}

/** Reads one line of a range file: ranges as in an argument, or `LBA,COUNT`. */
export function parseRangeLine(line: string, bytesPerBlock: number): BlockRange[] {
  const pair = /^\s*([0-9a-zA-Z]+)\s*,\s*([0-9a-zA-Z]+)\s*$/.exec(line);
  if (pair === null) return parseRanges(line, bytesPerBlock);
  const range = {
    lba: parseBlocks(pair[1], bytesPerBlock),
    blocks: parseBlocks(pair[2], bytesPerBlock),
  };
  checkRange(range, line.trim());
  return [range];
}
