import type {
  Annotation,
  AnyStructure,
  DecodedValue,
  DecodeOptions,
  FieldInfo,
  NeedMore,
  Violation,
} from "@blockferry/core/bytes";

/** A rule that bytes break, and where: what the field pointer of sense data needs. */
export interface LocatedViolation extends Violation {
  /** Offset of the field's first byte in the bytes given. */
  readonly byte: number;
  /** Most significant bit of the field in that byte, for a field of single bits. */
  readonly bit?: number;
}

/** What a decoder says: a value, "more bytes", or the broken rule and its place. */
export type Located<T> = DecodedValue<T> | NeedMore | LocatedViolation;

/** Where a field lies, as sense data points at it (SPC-4 4.5.2.4.2). */
export interface FieldPlace {
  readonly byte: number;
  readonly bit?: number;
}

const FIRST_BIT = /^byte \d+\[(\d+)/;

/** The field pointer, and the bit pointer if the field is part of a byte. */
function placeOf(info: Pick<FieldInfo, "at" | "byte">): FieldPlace {
  const bit = FIRST_BIT.exec(info.at);
  return bit === null ? { byte: info.byte } : { byte: info.byte, bit: Number(bit[1]) };
}

/** The place of a named field. @throws TypeError if there is no such field. */
export function fieldPlace(structure: AnyStructure, name: string): FieldPlace {
  const info = structure.fields.find((field) => field.name === name);
  if (info === undefined) throw new TypeError(`${structure.name}: there is no field "${name}"`);
  return placeOf(info);
}

/** A rule that the bytes of a field break. */
export function violated(
  name: string,
  field: string,
  byte: number,
  rule: string,
): LocatedViolation {
  return { ok: false, violated: `${name}: ${field} ${rule}`, field, byte };
}

/** Decodes a structure; a broken rule comes with its place. Never throws. */
export function decodeLocated(
  structure: AnyStructure,
  bytes: Uint8Array,
  options?: DecodeOptions,
): Located<object> {
  const decoded = structure.decode(bytes, 0, options);
  if (decoded.ok || decoded.violated === undefined) return decoded;
  const first = structure.annotate(bytes).find((one) => one.violated === decoded.violated);
  const place = first === undefined ? { byte: 0 } : placeOf(first);
  return { ...decoded, ...place };
}

const join = (path: string, field: string): string =>
  field === "" || field.startsWith("[") ? path + field : `${path}.${field}`;

/** The same, seen from a list that holds the bytes at `offset` under the name `path`. */
export function shift<T>(decoded: Located<T>, offset: number, path: string): Located<T> {
  if (decoded.ok || decoded.violated === undefined) return decoded;
  return { ...decoded, field: join(path, decoded.field), byte: decoded.byte + offset };
}

/** Annotations of bytes that lie at `offset` under the name `path`. */
export function shiftAnnotations(
  annotations: readonly Annotation[],
  offset: number,
  path: string,
): Annotation[] {
  return annotations.map((one) => ({
    ...one,
    field: join(path, one.field),
    byte: one.byte + offset,
  }));
}
