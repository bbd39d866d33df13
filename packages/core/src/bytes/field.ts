import type { Endian, Field } from "./layout.ts";
import type { Place } from "./position.ts";
import type { AnyStructure } from "./structure.ts";

/** What a field says about its bytes: its value, or the rule they break. */
export type Reading =
  | { readonly value: unknown; readonly violated?: undefined }
  | { readonly value?: undefined; readonly violated: string; readonly field: string };

/** How the values of one field are checked, written and read. */
export interface FieldCodec {
  /** Turns a caller's value into what `write` takes. Throws TypeError or RangeError. */
  check(value: unknown): unknown;
  /** Writes a checked value; bits outside the field keep their values. */
  write(bytes: Uint8Array, offset: number, checked: unknown): void;
  read(bytes: Uint8Array, offset: number, lenient: boolean): Reading;
  /** What `check` would give for a field that was left out; undefined if it must be given. */
  readonly absent: unknown;
}

/** A field bound to its place in a structure. */
export interface BoundField extends FieldCodec {
  readonly spec: Field;
  readonly name: string;
  readonly place: Place;
  readonly endian: Endian;
  /** True if the field appears in the value. */
  readonly valued: boolean;
  /** The structure of an array's entries. */
  readonly each?: AnyStructure;
}

/** What a field knows about where it is, for its messages. */
export interface FieldContext {
  readonly structure: string;
  readonly name: string;
  readonly place: Place;
  readonly endian: Endian;
}

/** The rule a field's bytes break. */
export function violation(context: FieldContext, rule: string): Reading {
  const { structure, name, place } = context;
  return { violated: `${structure}: ${name} (${place.at}) ${rule}`, field: name };
}

/** A value that no encoding of the field can hold. */
export function outOfRange(context: FieldContext, allowed: string, value: unknown): never {
  const { structure, name } = context;
  throw new RangeError(`${structure}: ${name} must be ${allowed}, not ${String(value)}`);
}

/** A value of the wrong type. */
export function wrongType(context: FieldContext, wanted: string, value: unknown): never {
  const { structure, name } = context;
  const given = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  throw new TypeError(`${structure}: ${name} must be ${wanted}, not ${given}`);
}
