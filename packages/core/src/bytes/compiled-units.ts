import type { BoundField } from "./field.ts";

/** One access of generated code to the buffer: 1, 2 or 4 bytes at once. */
export interface Unit {
  readonly byte: number;
  readonly bytes: 1 | 2 | 4;
  readonly little: boolean;
}

/** Bits of a unit that hold bits of a field's low (0..31) or high (32..63) half. */
export interface Piece {
  readonly unit: number;
  readonly unitShift: number;
  readonly width: number;
  readonly half: 0 | 1;
  readonly halfShift: number;
}

/** Longest run of reserved or opaque bytes that is handled as part of its dwords. */
const SILENT_BYTES_MAX = 16;
const FAST_BITS_MAX = 64;

/** True if generated code handles the field itself, as a number of at most 64 bits. */
export function isFast(field: BoundField): boolean {
  switch (field.spec.kind) {
    case "uint":
      return field.place.bits <= FAST_BITS_MAX;
    case "zeroBased":
    case "flag":
    case "enumeration":
    case "constant":
      return true;
    case "reserved":
    case "opaque":
      return !field.place.whole || field.place.bytes <= SILENT_BYTES_MAX;
    default:
      return false;
  }
}

/** Divides the bytes of all fast fields into the widest aligned accesses. */
export function unitsOf(fields: readonly BoundField[], size: number): Unit[] {
  const fast = new Uint8Array(size);
  const big = new Uint8Array(size);
  for (const field of fields) {
    if (!isFast(field)) continue;
    for (const { byte } of field.place.slices) {
      fast[byte] = 1;
      big[byte] = field.endian === "big" ? 1 : 0;
    }
  }
  const units: Unit[] = [];
  for (let byte = 0; byte < size; ) {
    const fits = (bytes: number): boolean =>
      byte % bytes === 0 &&
      byte + bytes <= size &&
      fast.subarray(byte, byte + bytes).every(Boolean);
    const bytes = fits(4) ? 4 : fits(2) ? 2 : 1;
    if (fast[byte] === 1) units.push({ byte, bytes, little: big[byte] === 0 });
    byte += bytes;
  }
  return units;
}

function unitShiftOf(unit: Unit, byte: number): number {
  const index = byte - unit.byte;
  return 8 * (unit.little ? index : unit.bytes - 1 - index);
}

/** The pieces of a fast field, as few as its byte order allows. */
export function piecesOf(field: BoundField, units: readonly Unit[]): Piece[] {
  const pieces: Piece[] = [];
  for (const slice of field.place.slices) {
    const unit = units.findIndex((u) => slice.byte >= u.byte && slice.byte < u.byte + u.bytes);
    const unitShift = unitShiftOf(units[unit], slice.byte) + slice.shift;
    // A slice may straddle the halves of the value: cut it there.
    const cut = slice.valueShift < 32 ? Math.min(slice.width, 32 - slice.valueShift) : slice.width;
    for (const [from, width] of [
      [0, cut],
      [cut, slice.width - cut],
    ]) {
      if (width === 0) continue;
      const valueShift = slice.valueShift + from;
      const half = valueShift < 32 ? 0 : 1;
      join(pieces, {
        unit,
        unitShift: unitShift + from,
        width,
        half,
        halfShift: valueShift - 32 * half,
      });
    }
  }
  return pieces;
}

function join(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const adjoins =
    last !== undefined &&
    last.unit === piece.unit &&
    last.half === piece.half &&
    last.unitShift + last.width === piece.unitShift &&
    last.halfShift + last.width === piece.halfShift;
  if (adjoins) pieces[pieces.length - 1] = { ...last, width: last.width + piece.width };
  else pieces.push(piece);
}

/** A mask of `width` bits as generated code writes it. */
export const maskText = (width: number): string => `0x${(2 ** width - 1).toString(16)}`;
