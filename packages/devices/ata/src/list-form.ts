import {
  RANGE_BLOCKS,
  RANGE_HIGH,
  RANGE_LOW,
  RANGE_WORDS,
  type RangeLayout,
} from "@blockferry/core/plan";
import { writePlace } from "./codec/write-gathered/field-bytes.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";

/**
 * How planned ranges become entries of a profile's list.
 *
 * - `words`: the plan writes entries itself: address and count are dwords of their own.
 * - `packed`: 8-byte entries of DATA SET MANAGEMENT, address and count share a dword.
 * - `bytes`: anything else, byte by byte.
 */
export type ListForm =
  | { readonly kind: "words"; readonly layout: RangeLayout; readonly firstWord: number }
  | { readonly kind: "packed"; readonly firstWord: number }
  | { readonly kind: "bytes" };

const isDword = (value: number): boolean => value % 4 === 0;

export function listForm({ list }: WriteGatheredProfile): ListForm {
  const { header, entry, endian, pageBytes } = list;
  const { bytes, lba, blocks } = entry;
  const first = header?.bytes ?? 0;
  const isAligned = isDword(first) && isDword(bytes) && isDword(pageBytes) && isDword(lba.byte);
  if (endian !== "little" || !isAligned) return { kind: "bytes" };
  const firstWord = first / 4;
  const isDsm = bytes === 8 && lba.byte === 0 && lba.bytes === 6;
  if (isDsm && blocks.byte === 6 && blocks.bytes === 2) return { kind: "packed", firstWord };
  const holdsWords = lba.bytes >= 4 && blocks.bytes >= 4 && isDword(blocks.byte);
  // An address above 32 bits needs both its dwords, and nothing else may live in them.
  const lbaEnd = lba.byte + 8;
  const isFree =
    lbaEnd <= bytes && (blocks.byte >= lbaEnd || blocks.byte + blocks.bytes <= lba.byte);
  if (!holdsWords || !isFree || lba.bytes < 6) return { kind: "bytes" };
  const lowWord = lba.byte / 4;
  const layout: RangeLayout = {
    entryWords: bytes / 4,
    deviceWord: -1,
    lowWord,
    highWord: lowWord + 1,
    blocksWord: blocks.byte / 4,
    blocksBias: 0,
  };
  return { kind: "words", layout, firstWord };
}

/** Writes planned ranges, in the layout of windows, as 8-byte entries. */
export function packEntries(
  planned: Int32Array,
  ranges: number,
  lists: Int32Array,
  firstWord: number,
): void {
  for (let i = 0, from = 0, to = firstWord; i < ranges; i++, from += RANGE_WORDS, to += 2) {
    lists[to] = planned[from + RANGE_LOW];
    lists[to + 1] = (planned[from + RANGE_HIGH] & 0xffff) | (planned[from + RANGE_BLOCKS] << 16);
  }
}

/** Writes planned ranges, in the layout of windows, byte by byte. */
export function writeEntries(
  profile: WriteGatheredProfile,
  planned: Int32Array,
  ranges: number,
  bytes: Uint8Array,
): void {
  const { header, entry, endian } = profile.list;
  const isLittle = endian === "little";
  const whole = 2 ** (entry.blocks.bytes * 8);
  let at = header?.bytes ?? 0;
  for (let i = 0, from = 0; i < ranges; i++, from += RANGE_WORDS, at += entry.bytes) {
    const low = planned[from + RANGE_LOW] >>> 0;
    const lba = (planned[from + RANGE_HIGH] >>> 0) * 2 ** 32 + low;
    writePlace(bytes, at, entry.lba, isLittle, lba);
    writePlace(bytes, at, entry.blocks, isLittle, planned[from + RANGE_BLOCKS] % whole);
  }
}
