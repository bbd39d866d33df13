import {
  type Annotation,
  type AnyStructure,
  type DecodeOptions,
  type InputOf,
  type Layout,
  type Structure,
  toHex,
  type ValueOf,
} from "@blockferry/core/bytes";
import { decodeLocated, type Located } from "./located.ts";

/**
 * Both directions of bytes whose length may vary. A fixed structure is one too (`fixed`), so that
 * lists and nested parts are built from either.
 */
export interface Codec<V, I = V> {
  readonly name: string;
  /** The standard, its revision, and the clause or table. */
  readonly source: string;
  /** Bytes that the value takes. @throws RangeError or TypeError for a value that has no encoding. */
  sizeOf(value: I): number;
  /**
   * Encodes into `target` at `offset`, default: a new buffer of `sizeOf(value)` bytes.
   * @throws RangeError naming the field whose value does not fit; nothing is ever masked.
   * @throws TypeError for an unknown field or a value of the wrong type.
   */
  encode(value: I, target?: Uint8Array, offset?: number): Uint8Array;
  /**
   * Decodes the bytes from the first on. Never throws, whatever they are, and keeps no reference
   * to them. Bytes after the structure are ignored unless `exact`.
   */
  decode(bytes: Uint8Array, options?: DecodeOptions): Located<V>;
  /** Explains bytes field by field, also where they are too few or break rules. */
  annotate(bytes: Uint8Array): Annotation[];
}

/** Any codec, its values unknown to the type checker: what a registry holds. */
export interface AnyCodec {
  readonly name: string;
  readonly source: string;
  decode(bytes: Uint8Array, options?: DecodeOptions): Located<unknown>;
  annotate(bytes: Uint8Array): Annotation[];
}

/** A structure of fixed size as a codec. */
export function fixed<L extends Layout>(structure: Structure<L>): Codec<ValueOf<L>, InputOf<L>> {
  return {
    name: structure.name,
    source: structure.source,
    sizeOf: () => structure.size,
    encode: (value, target, offset) => structure.encode(value, target, offset),
    decode: (bytes, options) =>
      decodeLocated(structure as unknown as AnyStructure, bytes, options) as Located<ValueOf<L>>,
    annotate: (bytes) => structure.annotate(bytes),
  };
}

/** Bytes that have no structure here, such as inline data; a part of a list or a header. */
export function rawBytes(name: string, source: string, meaning: string): Codec<Uint8Array> {
  return {
    name,
    source,
    sizeOf: (value) => value.length,
    encode(value, target = new Uint8Array(value.length), offset = 0) {
      if (target.length - offset < value.length) {
        throw new RangeError(`${name}: ${value.length} bytes do not fit at offset ${offset}`);
      }
      target.set(value, offset);
      return target;
    },
    decode: (bytes) => ({ ok: true, value: new Uint8Array(bytes) }),
    annotate: (bytes) => [
      {
        field: "",
        at: `bytes 0..${Math.max(bytes.length - 1, 0)}`,
        byte: 0,
        hex: toHex(bytes),
        meaning,
      },
    ],
  };
}
