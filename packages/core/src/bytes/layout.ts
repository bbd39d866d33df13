/**
 * How a wire structure is written down: one literal table per structure, from which the value's
 * type, both directions, the hex dump and the reference text are derived.
 */

/** Byte order of a structure, or of one field that differs from its structure. */
export type Endian = "little" | "big";

/**
 * Where a field lies, written as its standard writes it:
 * `"cdw12[11:8]"`, `"cdw12[30]"`, `"cdw10..11"`, `"dw3[31:17]"`, `"word 5[7:0]"`, `"byte 0"`,
 * `"byte 1[7:6]"`, `"bytes 07:04"` (NVMe, high:low), `"bytes 8..15"` (SCSI, first..last),
 * `"bytes 8..15[47:0]"`. A list joins several places, most significant first.
 */
export type Position = string | readonly string[];

interface Placed {
  readonly at: Position;
  /** One line saying what the field means. */
  readonly meaning?: string;
  /** Citation, where it differs from the structure's. */
  readonly source?: string;
  /** Byte order, where it differs from the structure's. */
  readonly endian?: Endian;
}

interface Named extends Placed {
  readonly name: string;
}

/** An unsigned number. Above 53 bits, encoding also takes a bigint and decoding refuses by name
 * a value above 2^53-1. */
export interface UintField extends Named {
  readonly kind: "uint";
}

/** An unsigned number of any width whose value is a bigint. */
export interface WideField extends Named {
  readonly kind: "wide";
}

/** A count from 1 to 2^n, stored less one ("0's based"). */
export interface ZeroBasedField extends Named {
  readonly kind: "zeroBased";
}

/** One bit, as a boolean. */
export interface FlagField extends Named {
  readonly kind: "flag";
}

/** A number whose known values have names; an unknown value is kept as the number it is. */
export interface EnumerationField extends Named {
  readonly kind: "enumeration";
  readonly names: Readonly<Record<number, string>>;
}

/** A number that is always the same, such as an operation code. */
export interface ConstantField extends Named {
  readonly kind: "constant";
  readonly value: number;
}

/** Several bits, each with a meaning of its own: the value lists the numbers of the set bits. */
export interface BitsetField extends Named {
  readonly kind: "bitset";
  readonly names?: Readonly<Record<number, string>>;
}

/** A run of whole bytes. */
export interface BytesField extends Named {
  readonly kind: "bytes";
}

/** A run of ASCII characters, filled up with spaces (default) or NULs. */
export interface AsciiField extends Named {
  readonly kind: "ascii";
  readonly pad?: "space" | "nul";
}

/** A run of numbers of the same width. */
export interface UintsField extends Named {
  readonly kind: "uints";
  readonly bytesEach: 1 | 2 | 4 | 8;
}

/** A run of structures of the same layout. */
export interface ArrayField extends Named {
  readonly kind: "array";
  readonly each: Layout;
}

/** Bits that must be zero; they do not appear in the value. */
export interface ReservedField extends Placed {
  readonly kind: "reserved";
  readonly name?: string;
}

/** Bits that may be anything and do not appear in the value; encoded as zero. */
export interface OpaqueField extends Placed {
  readonly kind: "opaque";
  readonly name?: string;
}

export type ValuedField =
  | UintField
  | WideField
  | ZeroBasedField
  | FlagField
  | EnumerationField
  | ConstantField
  | BitsetField
  | BytesField
  | AsciiField
  | UintsField
  | ArrayField;

export type Field = ValuedField | ReservedField | OpaqueField;

/** A structure as its standard prints it. Fields cover every bit exactly once. */
export interface Layout {
  readonly name: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly endian: Endian;
  /** The standard, its revision, and the figure or section. */
  readonly source: string;
  /** Fields shared with other structures, placed in this structure's bytes. */
  readonly base?: { readonly fields: readonly Field[] };
  readonly fields: readonly Field[];
}

type BaseFields<L extends Layout> = L extends {
  readonly base: { readonly fields: infer B extends readonly Field[] };
}
  ? B[number]
  : never;

type Valued<L extends Layout> = Exclude<
  L["fields"][number] | BaseFields<L>,
  { readonly kind: "reserved" | "opaque" }
>;

type Value<F> = F extends { readonly kind: "flag" }
  ? boolean
  : F extends { readonly kind: "wide" }
    ? bigint
    : F extends { readonly kind: "bytes" }
      ? Uint8Array
      : F extends { readonly kind: "ascii" }
        ? string
        : F extends { readonly kind: "bitset" | "uints" }
          ? number[]
          : F extends { readonly kind: "array"; readonly each: infer E extends Layout }
            ? ValueOf<E>[]
            : F extends { readonly kind: "constant"; readonly value: infer V }
              ? V
              : number;

type InputField<F> = F extends { readonly kind: "flag" }
  ? boolean
  : F extends { readonly kind: "bytes" }
    ? Uint8Array
    : F extends { readonly kind: "ascii" }
      ? string
      : F extends { readonly kind: "bitset" | "uints" }
        ? readonly number[]
        : F extends { readonly kind: "array"; readonly each: infer E extends Layout }
          ? readonly InputOf<E>[]
          : F extends { readonly kind: "constant"; readonly value: infer V }
            ? V
            : number | bigint;

/** A layout whose fields are not known to the type checker, as in a registry of structures. */
type Unknown<L extends Layout> = string extends FieldName<L> ? true : false;

/** What a decoder gives for this layout. */
export type ValueOf<L extends Layout> =
  Unknown<L> extends true
    ? Record<string, unknown>
    : { -readonly [F in Valued<L> as F["name"]]: Value<F> };

/** What an encoder takes: a field left out is zero, except a 0's based count, which has no zero. */
export type InputOf<L extends Layout> =
  Unknown<L> extends true
    ? { readonly [name: string]: unknown }
    : {
        readonly [F in Valued<L> as F extends { readonly kind: "zeroBased" }
          ? F["name"]
          : never]: InputField<F>;
      } & {
        readonly [F in Valued<L> as F extends { readonly kind: "zeroBased" } ? never : F["name"]]?:
          | InputField<F>
          | undefined;
      };

/** Names of the fields that carry a value. */
export type FieldName<L extends Layout> = Valued<L>["name"];

/** The value type of a structure: `type Copy = Infer<typeof copyCommand>`. */
export type Infer<S extends { readonly layout: Layout }> = ValueOf<S["layout"]>;
