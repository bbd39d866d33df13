import type { Annotation, Decoded } from "@blockferry/core/bytes";
import { guessSourceRangeFormat, sourceRangeStructure } from "./source-range.ts";
import { decodeSourceRanges } from "./source-ranges.ts";
import { annotateList, type WireFormat, type WireFormatOptions } from "./wire-format.ts";

const TAGS = /^\[(\d+)\]\.(elbt|elbat|elbatm)$/;

/** The format asked for, the one the bytes look like, or the one their length allows. */
function formatOf(bytes: Uint8Array, options: WireFormatOptions): number {
  if (options.format !== undefined) return options.format;
  const guess = guessSourceRangeFormat(bytes);
  if (guess !== undefined) return guess;
  return bytes.length % 32 !== 0 && bytes.length % 40 === 0 ? 3 : 2;
}

function decode(bytes: Uint8Array, options: WireFormatOptions = {}): Decoded<object> {
  const format = formatOf(bytes, options);
  // A Copy command has at least one source range.
  if (bytes.length === 0) return { ok: false, need: sourceRangeStructure(format).size };
  return decodeSourceRanges(format, bytes, options);
}

const asNumber = (value: number | bigint): number | bigint =>
  value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** Gives the tags the values that they have in the peer's byte order. */
function withTags(
  annotations: readonly Annotation[],
  bytes: Uint8Array,
  format: number,
  options: WireFormatOptions,
): Annotation[] {
  const { size } = sourceRangeStructure(format);
  return annotations.map((one) => {
    const tag = TAGS.exec(one.field);
    if (tag === null || one.violated !== undefined) return one;
    const at = Number(tag[1]) * size;
    const entry = bytes.subarray(at, at + size);
    const read = decodeSourceRanges(format, entry, { ...options, lenient: true });
    if (!read.ok) return one;
    const value = asNumber(read.value[0][tag[2] as "elbt" | "elbat" | "elbatm"]);
    const strict = decodeSourceRanges(format, entry, { ...options, lenient: false });
    if (strict.ok || strict.violated === undefined || strict.field !== "[0].elbt") {
      return { ...one, value };
    }
    return tag[2] === "elbt" ? { ...one, value, violated: strict.violated } : { ...one, value };
  });
}

function annotate(bytes: Uint8Array, options: WireFormatOptions = {}): Annotation[] {
  const format = formatOf(bytes, options);
  return withTags(annotateList(sourceRangeStructure(format), bytes), bytes, format, options);
}

/** The data of a Copy command: source range entries of one format. */
export const sourceRangesFormat: WireFormat = {
  title: "Source Range entries",
  source: "NVM Command Set 1.2, Figures 39 and 40",
  decode,
  annotate,
};
