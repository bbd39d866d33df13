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
  return decodeSourceRanges(formatOf(bytes, options), bytes, options);
}

/** Gives the tags the values that they have in the peer's byte order. */
function withTags(
  annotations: readonly Annotation[],
  bytes: Uint8Array,
  format: number,
  options: WireFormatOptions,
): Annotation[] {
  const decoded = decodeSourceRanges(format, bytes, { ...options, lenient: true });
  if (!decoded.ok) return [...annotations];
  return annotations.map((one) => {
    const tag = TAGS.exec(one.field);
    if (tag === null) return one;
    const range = decoded.value[Number(tag[1])];
    return { ...one, value: range[tag[2] as "elbt" | "elbat" | "elbatm"] };
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
