import type { Annotation } from "./annotation.ts";
import type { Decoded, DecodeOptions } from "./decoded.ts";
import type { Endian, Field, FieldName, InputOf, Layout, ValueOf } from "./layout.ts";

/** A field of a structure, for reference pages and for hot paths that place words by hand. */
export interface FieldInfo {
  readonly name: string;
  /** The position as the standard writes it. */
  readonly at: string;
  readonly kind: Field["kind"];
  /** Offset of its first byte. */
  readonly byte: number;
  /** Bytes it touches. */
  readonly bytes: number;
  readonly bits: number;
  /** Index of the dword that holds its first byte. */
  readonly dword: number;
  /** Lowest bit within that dword, read little-endian; undefined in big-endian structures. */
  readonly shift: number | undefined;
  readonly meaning: string;
  readonly source: string;
  readonly endian: Endian;
}

/** One wire structure: both directions, positions, and documentation, all from one table. */
export interface Structure<L extends Layout> {
  readonly layout: L;
  readonly name: string;
  /** The standard, its revision, and the figure or section. */
  readonly source: string;
  /** Size in bytes. */
  readonly size: number;
  /** Every field, reserved ones included, in the order of their bytes. */
  readonly fields: readonly FieldInfo[];
  /**
   * Encodes a value into `target` at `offset` (default: a new buffer of `size` bytes). Fields left
   * out are zero; a 0's based count must be given. The target is untouched if it throws.
   * @throws RangeError naming structure, field, value and allowed range; nothing is ever masked.
   * @throws TypeError for an unknown field name or a value of the wrong type.
   */
  encode(value: InputOf<L>, target?: Uint8Array, offset?: number): Uint8Array;
  /**
   * Decodes the bytes at `offset`. Never throws, whatever the bytes are, and keeps no reference
   * to them. Bytes after the structure are ignored unless `exact`.
   */
  decode(bytes: Uint8Array, offset?: number, options?: DecodeOptions): Decoded<ValueOf<L>>;
  /** Explains bytes field by field, also where they are too few or break rules. */
  annotate(bytes: Uint8Array, offset?: number): Annotation[];
  /** Checks and writes only the fields given; all other bits stay. */
  patch(target: Uint8Array, value: Partial<InputOf<L>>, offset?: number): Uint8Array;
  /** One field of an encoded structure. @throws RangeError if its bytes break the field's rule. */
  read<N extends FieldName<L>>(bytes: Uint8Array, name: N, offset?: number): ValueOf<L>[N];
  /** Byte offset of a field's first byte. @throws TypeError if there is no such field. */
  offsetOf(name: FieldName<L>): number;
  /** Position of a field. @throws TypeError if there is no such field. */
  field(name: FieldName<L>): FieldInfo;
}

/** Any structure, its fields unknown to the type checker: what a registry of structures holds. */
export interface AnyStructure {
  readonly layout: Layout;
  readonly name: string;
  readonly source: string;
  readonly size: number;
  readonly fields: readonly FieldInfo[];
  encode(
    value: { readonly [name: string]: unknown },
    target?: Uint8Array,
    offset?: number,
  ): Uint8Array;
  decode(bytes: Uint8Array, offset?: number, options?: DecodeOptions): Decoded<object>;
  annotate(bytes: Uint8Array, offset?: number): Annotation[];
}

export interface StructureOptions {
  /** false: never generate code; the table is interpreted. */
  readonly compile?: boolean;
}
