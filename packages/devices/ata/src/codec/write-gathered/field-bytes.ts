import type { FieldPlace } from "./profile.ts";

/** The number in a run of bytes. Above 2^53 it is rounded, which no address of a disk reaches. */
export function readPlace(
  bytes: Uint8Array,
  at: number,
  place: FieldPlace,
  isLittle: boolean,
): number {
  const first = at + place.byte;
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
