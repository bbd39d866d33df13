import { type DecodeOptions, type Structure, structure } from "@blockferry/core/bytes";
import { uint16 } from "../big-endian.ts";
import { type AnyCodec, type Codec, fixed } from "../codec.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import { type Located, violated } from "../located.ts";
import {
  type BlockSegment,
  type BlockSegmentInput,
  type ByteOffsetSegment,
  type ByteOffsetSegmentInput,
  blockSegment,
  byteOffsetSegment,
} from "./block-segments.ts";
import {
  type RegisterKeySegment,
  type RegisterKeySegmentInput,
  registerKeySegment,
  type VerifySegment,
  type VerifySegmentInput,
  verifySegment,
} from "./control-segments.ts";
import {
  type RodRangeSegment,
  type RodRangeSegmentInput,
  type RodRangesSegment,
  type RodRangesSegmentInput,
  rodRangeSegment,
  rodRangesSegment,
} from "./rod-segments.ts";

const header = {
  name: "Segment descriptor",
  bytes: 4,
  endian: "big",
  source: "SPC-4 6.4.6.1, table 147",
  fields: [
    { name: "code", at: "byte 0", kind: "uint", meaning: "DESCRIPTOR TYPE CODE" },
    { name: "flags", at: "byte 1", kind: "uint", meaning: "DC, CAT and reserved bits" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "uint",
      meaning: "DESCRIPTOR LENGTH, bytes that follow it",
    },
  ],
} as const;

/** The first four bytes of any segment descriptor. */
export const segmentHeader: Structure<typeof header> = structure(header);

/** Names of the segment descriptor types (SPC-4 table 146). */
export const segmentTypeNames: Readonly<Record<number, string>> = {
  0: "block to stream",
  1: "stream to block",
  2: "block to block",
  3: "stream to stream",
  4: "inline to stream",
  5: "embedded to stream",
  6: "stream to discard",
  7: "verify CSCD",
  8: "block with offset to stream",
  9: "stream to block with offset",
  10: "block with offset to block with offset",
  11: "block to stream, held for the application client",
  12: "stream to block, held for the application client",
  13: "block to block, held for the application client",
  14: "stream to stream, held for the application client",
  15: "stream to discard, held for the application client",
  16: "filemarks to tape",
  17: "space tape",
  18: "locate tape",
  19: "tape image to tape image",
  20: "register persistent reservation key",
  21: "third party persistent reservations source I_T nexus",
  22: "block image to block image",
  190: "ROD from block ranges (n)",
  191: "ROD from block range (1)",
};

/** A segment descriptor whose fields this package does not take apart. */
export interface OtherSegment {
  readonly type: "other";
  readonly code: number;
  /** Byte 1. */
  readonly flags: number;
  /** Bytes from byte 4 on. */
  readonly parameters: Uint8Array;
}

/** One segment descriptor, told apart by `type`. */
export type SegmentDescriptor =
  | BlockSegment
  | ByteOffsetSegment
  | VerifySegment
  | RegisterKeySegment
  | RodRangesSegment
  | RodRangeSegment
  | OtherSegment;

/** A segment descriptor to encode: `type` says which; all other fields default to zero. */
export type SegmentDescriptorInput =
  | BlockSegmentInput
  | ByteOffsetSegmentInput
  | VerifySegmentInput
  | RegisterKeySegmentInput
  | RodRangesSegmentInput
  | RodRangeSegmentInput
  | OtherSegment;

// biome-ignore lint/suspicious/noExplicitAny: codecs of different values stand in one table.
type KindOfSegment = Codec<any, any>;

/** The codecs of segment descriptors by type code. */
export const segmentCodecs: Readonly<Record<number, KindOfSegment>> = {
  2: fixed(blockSegment),
  7: fixed(verifySegment),
  10: fixed(byteOffsetSegment),
  20: fixed(registerKeySegment),
  190: rodRangesSegment,
  191: fixed(rodRangeSegment),
};

const LENGTH_MAX = 0xffff;

function codecOf(type: number): KindOfSegment {
  const codec = segmentCodecs[type];
  if (codec === undefined)
    throw new TypeError(`segment descriptor: type ${type} is none of its types`);
  return codec;
}

const sizeOf = (value: SegmentDescriptorInput): number =>
  value.type === "other" ? 4 + value.parameters.length : codecOf(value.type).sizeOf(value);

function encode(
  value: SegmentDescriptorInput,
  target: Uint8Array = new Uint8Array(sizeOf(value)),
  offset = 0,
): Uint8Array {
  if (value.type !== "other") return codecOf(value.type).encode(value, target, offset);
  const { code, flags, parameters } = value;
  if (segmentCodecs[code] !== undefined) {
    throw new RangeError(`segment descriptor: code ${code.toString(16)}h has a structure: use it`);
  }
  if (parameters.length > LENGTH_MAX || target.length - offset < 4 + parameters.length) {
    throw new RangeError(`segment descriptor: ${parameters.length} parameter bytes do not fit`);
  }
  segmentHeader.encode({ code, flags, descriptorLength: parameters.length }, target, offset);
  target.set(parameters, offset + 4);
  return target;
}

/** A descriptor that says it ends before the fields of its type do. */
function isTooShort(known: KindOfSegment, bytes: Uint8Array): boolean {
  return bytes.length >= 4 && 4 + uint16(bytes, 2) < known.sizeOf({});
}

function decode(bytes: Uint8Array, options?: DecodeOptions): Located<SegmentDescriptor> {
  const known = segmentCodecs[bytes[0]];
  if (known !== undefined) {
    if (!isTooShort(known, bytes)) return known.decode(bytes, options);
    const rule = `is too short: it must be ${known.sizeOf({}) - 4} at least`;
    return violated(known.name, "descriptorLength", 2, rule);
  }
  const head = segmentHeader.decode(bytes);
  if (!head.ok) return head as Located<SegmentDescriptor>;
  const { code, flags, descriptorLength } = head.value;
  const size = 4 + descriptorLength;
  if (bytes.length < size) return { ok: false, need: size - bytes.length };
  const parameters = new Uint8Array(bytes.subarray(4, size));
  return { ok: true, value: { type: "other", code, flags, parameters } };
}

/** One segment descriptor. */
export const segmentDescriptor: DescriptorKind<SegmentDescriptor, SegmentDescriptorInput> = {
  name: "segment descriptor",
  source: "SPC-4 6.4.6",
  sizeOf,
  encode,
  decode,
  annotate(bytes) {
    const known: AnyCodec | undefined = segmentCodecs[bytes[0]];
    if (known !== undefined) return known.annotate(bytes);
    const label = segmentTypeNames[bytes[0]] ?? "Reserved";
    return segmentHeader
      .annotate(bytes)
      .map((one) => (one.field === "code" ? { ...one, label } : one));
  },
  measuredBytes: 4,
  measure: (bytes, at) => 4 + uint16(bytes, at + 2),
};

/** The segment descriptor list of EXTENDED COPY. */
export const segmentList: Codec<SegmentDescriptor[], readonly SegmentDescriptorInput[]> =
  descriptorList("segment descriptor list", segmentDescriptor);
