import { type Annotation, type AnyStructure, type Decoded, toHex } from "@blockferry/core/bytes";
import type { AnyCodec } from "./codec.ts";
import { decodeLocated } from "./located.ts";

export interface WireFormatOptions {
  /** Accept reserved bits that are set and bytes that were cut off, for captures. */
  readonly lenient?: boolean;
}

/** Bytes of one kind, as a command line decodes and explains them. */
export interface WireFormat {
  /** Explains bytes field by field; also too few, too many, or wrong ones. */
  annotate(bytes: Uint8Array, options?: WireFormatOptions): Annotation[];
  decode(bytes: Uint8Array, options?: WireFormatOptions): Decoded<object>;
  /** How many bytes they are, if that is fixed. */
  readonly size?: number;
  /** Standard and clause. */
  readonly source: string;
  /** What the bytes are. */
  readonly title: string;
}

/** Says that bytes follow what was explained, or nothing. */
function excess(name: string, size: number, bytes: Uint8Array): Annotation[] {
  if (bytes.length <= size) return [];
  const violated = `${name}: must be ${size} bytes long, not ${bytes.length}`;
  const at = `bytes ${size}..${bytes.length - 1}`;
  return [
    { field: "excess", at, byte: size, hex: toHex(bytes.subarray(size)), meaning: "", violated },
  ];
}

/** A structure of fixed size. */
export function formatOfStructure(table: AnyStructure): WireFormat {
  const { name, source, size } = table;
  return {
    title: name,
    source,
    size,
    decode: (bytes, options) =>
      decodeLocated(table, bytes, { exact: true, lenient: options?.lenient === true }),
    annotate: (bytes) => [...table.annotate(bytes), ...excess(name, size, bytes)],
  };
}

/** The bytes that a codec would encode again; all of them if it cannot tell. */
function ownBytes(codec: AnyCodec, bytes: Uint8Array): number {
  const exact = codec.decode(bytes, { exact: true });
  if (exact.ok || exact.violated === undefined || exact.field !== "") return bytes.length;
  return exact.byte;
}

/** Bytes of varying length. */
export function formatOfCodec(codec: AnyCodec): WireFormat {
  const { name, source } = codec;
  return {
    title: name,
    source,
    decode: (bytes, options) =>
      codec.decode(bytes, { exact: true, lenient: options?.lenient === true }) as Decoded<object>,
    annotate: (bytes) => [...codec.annotate(bytes), ...excess(name, ownBytes(codec, bytes), bytes)],
  };
}
