import { writeFileSync } from "node:fs";
import { type Disk, digestOf, pattern, tool } from "./disk.ts";

/** A source range: first block and number of blocks. */
export type Range = readonly [lba: number, blocks: number];

/** Ranges as the command line takes them. */
export const rangeWords = (ranges: readonly Range[]): string =>
  ranges.map(([lba, blocks]) => `${lba}+${blocks}`).join(",");

/** Copies of the ranges one after the other, as `dd` lines. */
function ddLines(from: string, to: string, ranges: readonly Range[], start: number): string[] {
  let seek = start;
  return ranges.map(([lba, blocks]) => {
    const line = `dd if='${from}' of='${to}' skip=${lba} seek=${seek} count=${blocks}`;
    seek += blocks;
    return `${line} conv=notrunc status=none bs="$1"`;
  });
}

/**
 * The digest that a disk filled with the seed's pattern must have after a copy, worked out by dd and sha256sum on a file.
 *
 * @param source seed of the disk that the ranges are read from; default: the disk itself
 */
export function referenceDigest(
  disk: Disk,
  seed: number,
  scratch: string,
  copies: readonly { ranges: readonly Range[]; to: number; source?: number }[],
): string {
  const path = `${scratch}/reference`;
  writeFileSync(path, pattern(disk.bytes, seed));
  const lines = copies.flatMap(({ ranges, to, source }) => {
    const from = `${scratch}/reference-source`;
    if (source === undefined) return ddLines(path, path, ranges, to);
    writeFileSync(from, pattern(disk.bytes, source));
    return ddLines(from, path, ranges, to);
  });
  tool("sh", ["-es", String(disk.bytesPerBlock)], lines.join("\n"));
  return digestOf({ path });
}
