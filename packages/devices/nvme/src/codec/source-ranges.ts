import type { AnyStructure, Decoded } from "@blockferry/core/bytes";
import { sourceRangeStructure } from "./source-range.ts";
import { type EntryTags, type EntryTagsInput, readTags, writeTags } from "./source-range-tags.ts";
import { type TagByteOrder, type TagByteOrderName, tagByteOrder } from "./tag-byte-order.ts";

/** One source range, whatever the format. */
export interface SourceRange extends EntryTags {
  /** Source namespace; formats 2h and 3h only, 0 in the others. */
  readonly snsid: number;
  readonly slba: number;
  /** Logical blocks, from 1 to 65536. */
  readonly nlb: number;
  readonly cetype: number;
  readonly cev: number;
  /** Fast Copy Only; formats 2h and 3h only. */
  readonly fco: boolean;
}

/** A source range to encode: all but `nlb` default to 0. */
export interface SourceRangeInput extends EntryTagsInput {
  readonly snsid?: number;
  readonly slba?: number | bigint;
  readonly nlb: number;
  readonly cetype?: number;
  readonly cev?: number;
  readonly fco?: boolean;
}

export interface SourceRangesOptions {
  /** The peer whose order of tag bytes to use; default "qemu". */
  readonly tagByteOrder?: TagByteOrderName | TagByteOrder;
}

export interface DecodeSourceRangesOptions extends SourceRangesOptions {
  /** Accept reserved bits and tag bytes that the peer does not read. */
  readonly lenient?: boolean;
}

/** Bytes of one entry: 32 or 40. @throws RangeError for format 4h and above. */
export function sourceRangeBytes(format: number): number {
  return sourceRangeStructure(format).size;
}

/** The same range without SNSID and FCO, where a format has neither and they say nothing. */
function withinNamespace(range: SourceRangeInput): SourceRangeInput {
  const { snsid, fco, ...plain } = range;
  return {
    ...plain,
    ...(snsid === undefined || snsid === 0 ? {} : { snsid }),
    ...(fco === undefined || !fco ? {} : { fco }),
  };
}

const hasTags = ({ elbt, elbat, elbatm }: SourceRangeInput): boolean =>
  (elbt !== undefined && BigInt(elbt) !== 0n) ||
  (elbat !== undefined && elbat !== 0) ||
  (elbatm !== undefined && elbatm !== 0);

/**
 * Encodes the list of source range entries that a Copy command's data holds.
 * @throws RangeError naming the entry's field; for format 4h; for a tag that the peer's byte order
 * cannot hold. TypeError if the format has no such field (`snsid`, `fco` in 0h and 1h).
 */
export function encodeSourceRanges(
  format: number,
  ranges: readonly SourceRangeInput[],
  options: SourceRangesOptions = {},
): Uint8Array {
  const entry = sourceRangeStructure(format);
  const order = tagByteOrder(options.tagByteOrder ?? "qemu");
  const hasNamespace = format === 2 || format === 3;
  const bytes = new Uint8Array(ranges.length * entry.size);
  ranges.forEach((range, index) => {
    const at = index * entry.size;
    entry.encode({ ...(hasNamespace ? range : withinNamespace(range)) }, bytes, at);
    if (hasTags(range)) writeTags(entry.name, entry.size, range, order, bytes, at);
  });
  return bytes;
}

function decodeOne(
  entry: AnyStructure,
  bytes: Uint8Array,
  offset: number,
  order: TagByteOrder,
  lenient: boolean,
): Decoded<SourceRange> {
  const decoded = entry.decode(bytes, offset, { lenient });
  if (!decoded.ok) return decoded;
  const tags = readTags(entry.name, entry.size, order, bytes, offset, lenient);
  if (!tags.ok) return tags;
  const plain = decoded.value as Omit<SourceRange, "elbt" | "snsid" | "fco">;
  return { ok: true, value: { snsid: 0, fco: false, ...plain, ...tags.value } };
}

/**
 * Decodes a list of source range entries; its length says how many there are. Any bytes will do.
 * @throws RangeError for format 4h and above.
 */
export function decodeSourceRanges(
  format: number,
  bytes: Uint8Array,
  options: DecodeSourceRangesOptions = {},
): Decoded<SourceRange[]> {
  const entry = sourceRangeStructure(format);
  const order = tagByteOrder(options.tagByteOrder ?? "qemu");
  const ranges: SourceRange[] = [];
  for (let at = 0; at < bytes.length; at += entry.size) {
    const decoded = decodeOne(entry, bytes, at, order, options.lenient === true);
    if (!decoded.ok) {
      if (decoded.violated === undefined) return decoded;
      const index = ranges.length;
      const violated = `Source Range ${index}: ${decoded.violated}`;
      return { ok: false, violated, field: `[${index}].${decoded.field}` };
    }
    ranges.push(decoded.value);
  }
  return { ok: true, value: ranges };
}
