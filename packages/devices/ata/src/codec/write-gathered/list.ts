import type { BlockRange } from "@blockferry/core";
import type { Decoded } from "@blockferry/core/bytes";
import { readPlace, writePlace } from "./field-bytes.ts";
import type { WriteGatheredProfile } from "./profile.ts";

/** Bytes of a list of so many entries, with head and padding. */
export function gatheredListBytes({ list }: WriteGatheredProfile, entries: number): number {
  const bytes = (list.header?.bytes ?? 0) + entries * list.entry.bytes;
  return Math.ceil(bytes / list.pageBytes) * list.pageBytes;
}

/** Writes the head of a list. The bytes are zero before. */
export function writeGatheredHeader(
  { list }: WriteGatheredProfile,
  bytes: Uint8Array,
  entries: number,
  blocks: number,
): void {
  const { header, endian } = list;
  if (header === null) return;
  const isLittle = endian === "little";
  for (const { byte, value } of header.constants) bytes[byte] = value;
  if (header.entries !== null) writePlace(bytes, 0, header.entries, isLittle, entries);
  if (header.blocks !== null) writePlace(bytes, 0, header.blocks, isLittle, blocks);
}

/** Writes entry `index`; `blocks` is 1 to what the field holds. */
function writeGatheredEntry(
  { list }: WriteGatheredProfile,
  bytes: Uint8Array,
  index: number,
  lba: number,
  blocks: number,
): void {
  const { header, entry, endian } = list;
  const at = (header?.bytes ?? 0) + index * entry.bytes;
  const isLittle = endian === "little";
  writePlace(bytes, at, entry.lba, isLittle, lba);
  // The largest count of a field in which 0 means "one more" is written as 0: its lower bits.
  writePlace(bytes, at, entry.blocks, isLittle, blocks % 2 ** (entry.blocks.bytes * 8));
}

/**
 * The list of source ranges as it travels.
 * @throws RangeError naming the range that the profile's entry cannot hold, or too many of them.
 */
export function encodeGatheredList(
  profile: WriteGatheredProfile,
  ranges: readonly BlockRange[],
): Uint8Array {
  const { limits, list } = profile;
  if (ranges.length < 1 || ranges.length > limits.entries) {
    throw new RangeError(`a list has 1 to ${limits.entries} ranges, not ${ranges.length}`);
  }
  const bytes = new Uint8Array(gatheredListBytes(profile, ranges.length));
  const lbaEnd = Math.min(2 ** (list.entry.lba.bytes * 8), 2 ** 53);
  let total = 0;
  ranges.forEach(({ lba, blocks }, index) => {
    if (!Number.isSafeInteger(lba) || lba < 0 || lba >= lbaEnd) {
      throw new RangeError(`range ${index}: address ${lba} is not within 0..${lbaEnd - 1}`);
    }
    if (!Number.isInteger(blocks) || blocks < 1 || blocks > limits.blocksPerEntry) {
      throw new RangeError(`range ${index}: ${blocks} blocks are not 1..${limits.blocksPerEntry}`);
    }
    writeGatheredEntry(profile, bytes, index, lba, blocks);
    total += blocks;
  });
  if (total > limits.blocks) {
    throw new RangeError(`the list has ${total} blocks; one command carries ${limits.blocks}`);
  }
  writeGatheredHeader(profile, bytes, ranges.length, total);
  return bytes;
}

/** Ranges of a list in columns, filled anew by each command. */
export interface GatheredRanges {
  lba: Float64Array;
  blocks: Float64Array;
  count: number;
  total: number;
}

export function gatheredRanges(entries: number): GatheredRanges {
  return { lba: new Float64Array(entries), blocks: new Float64Array(entries), count: 0, total: 0 };
}

/** The rule that a list breaks. */
export type ListFault =
  | "length"
  | "header"
  | "too-many-entries"
  | "entry-of-no-blocks"
  | "too-many-blocks-of-an-entry"
  | "too-many-blocks"
  | "no-entries";

function headerFault(
  { list }: WriteGatheredProfile,
  bytes: Uint8Array,
  ranges: GatheredRanges,
): ListFault | undefined {
  const { header, endian } = list;
  if (header === null) return undefined;
  if (header.constants.some(({ byte, value }) => bytes[byte] !== value)) return "header";
  const isWrong =
    header.blocks !== null &&
    readPlace(bytes, 0, header.blocks, endian === "little") !== ranges.total;
  return isWrong ? "header" : undefined;
}

/**
 * Reads the entries of a list into columns.
 *
 * @param entries how many there are, where a register says so; otherwise all that the list has room for
 * @param limits what one command may carry, where the device has limits of its own
 */
export function readGatheredList(
  profile: WriteGatheredProfile,
  bytes: Uint8Array,
  ranges: GatheredRanges,
  entries?: number,
  limits: WriteGatheredProfile["limits"] = profile.limits,
): ListFault | undefined {
  const { header, entry, endian, pageBytes, zeroBlocks } = profile.list;
  const isLittle = endian === "little";
  const first = header?.bytes ?? 0;
  ranges.count = 0;
  ranges.total = 0;
  if (bytes.length === 0 || bytes.length % pageBytes !== 0 || bytes.length < first) return "length";
  const room = Math.floor((bytes.length - first) / entry.bytes);
  const named =
    header === null || header.entries === null
      ? entries
      : readPlace(bytes, 0, header.entries, isLittle);
  if (named !== undefined && named > room) return "length";
  const count = named ?? room;
  const whole = 2 ** (entry.blocks.bytes * 8);
  for (let index = 0, at = first; index < count; index += 1, at += entry.bytes) {
    let blocks = readPlace(bytes, at, entry.blocks, isLittle);
    if (blocks === 0) {
      if (zeroBlocks === "skip") continue;
      if (zeroBlocks === "abort") return "entry-of-no-blocks";
      blocks = whole;
    }
    if (blocks > limits.blocksPerEntry) return "too-many-blocks-of-an-entry";
    if (ranges.count === limits.entries) return "too-many-entries";
    ranges.lba[ranges.count] = readPlace(bytes, at, entry.lba, isLittle);
    ranges.blocks[ranges.count] = blocks;
    ranges.count += 1;
    ranges.total += blocks;
    if (ranges.total > limits.blocks) return "too-many-blocks";
  }
  if (ranges.count === 0) return "no-entries";
  return headerFault(profile, bytes, ranges);
}

const faultText: Readonly<Record<ListFault, string>> = {
  length: "its length does not fit its pages or its number of entries",
  header: "its head is not that of the profile, or does not agree with the entries",
  "too-many-entries": "it has more entries than one command carries",
  "entry-of-no-blocks": "an entry has no blocks",
  "too-many-blocks-of-an-entry": "an entry has more blocks than an entry carries",
  "too-many-blocks": "it has more blocks than one command carries",
  "no-entries": "it has no entries",
};

/** Decodes a list of source ranges. Never throws. */
export function decodeGatheredList(
  profile: WriteGatheredProfile,
  bytes: Uint8Array,
): Decoded<BlockRange[]> {
  const ranges = gatheredRanges(profile.limits.entries);
  const fault = readGatheredList(profile, bytes, ranges);
  if (fault !== undefined) {
    return { ok: false, violated: `${profile.id} list: ${faultText[fault]}`, field: fault };
  }
  const value = Array.from({ length: ranges.count }, (_, i) => ({
    lba: ranges.lba[i],
    blocks: ranges.blocks[i],
  }));
  return { ok: true, value };
}
