import type { FieldPlace } from "./profile.ts";

/** The number in a run of bytes. Above 2^53 it is rounded, which no address of a disk reaches. */
export function readPlace(
  bytes: Uint8Array,
  at: number,
  place: FieldPlace,
  isLittle: boolean,
): number {
  const first = at + place.byte;
  // Counts of 16 bits and addresses of 48, as DATA SET MANAGEMENT has them, are most of what there is.
  if (isLittle && place.bytes === 2) return bytes[first] + bytes[first + 1] * 256;
  if (isLittle && place.bytes === 6) {
    const low = bytes[first] + bytes[first + 1] * 256 + bytes[first + 2] * 65_536;
    const high = bytes[first + 3] + bytes[first + 4] * 256 + bytes[first + 5] * 65_536;
    return low + high * 2 ** 24;
  }
  let value = 0;
  for (let i = 0; i < place.bytes; i += 1) {
    value = value * 256 + bytes[isLittle ? first + place.bytes - 1 - i : first + i];
  }
  return value;
}

/** Writes a number that fits into a run of bytes. */
export function writePlace(
  bytes: Uint8Array,
  at: number,
  place: FieldPlace,
  isLittle: boolean,
  value: number,
): void {
  const first = at + place.byte;
  let rest = value;
  for (let i = 0; i < place.bytes; i += 1) {
    const upper = Math.floor(rest / 256);
    bytes[isLittle ? first + i : first + place.bytes - 1 - i] = rest - upper * 256;
    rest = upper;
  }
}
