import type { Slice } from "./position.ts";

/** Largest width whose every value is a safe integer. */
export const NUMBER_BITS_MAX = 53;

/** The bits of a field as a number, or as a bigint where it does not fit a safe integer. */
export function readSlices(
  bytes: Uint8Array,
  offset: number,
  slices: readonly Slice[],
  bits: number,
): number | bigint {
  if (bits <= NUMBER_BITS_MAX) {
    let value = 0;
    for (const slice of slices) value += bitsAt(bytes, offset, slice) * slice.weight;
    return value;
  }
  let value = 0n;
  for (const slice of slices) {
    value |= BigInt(bitsAt(bytes, offset, slice)) << BigInt(slice.valueShift);
  }
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Writes the bits of a field and leaves the bits beside them as they are. */
export function writeSlices(
  bytes: Uint8Array,
  offset: number,
  slices: readonly Slice[],
  value: number | bigint,
): void {
  for (const { byte, shift, mask, valueShift, weight } of slices) {
    const part =
      typeof value === "bigint"
        ? Number((value >> BigInt(valueShift)) & 0xffn)
        : Math.floor(value / weight) % 256;
    const at = offset + byte;
    bytes[at] = (bytes[at] & ~(mask << shift)) | ((part & mask) << shift);
  }
}

/** True if every byte of the run is zero. */
export function allZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (bytes[index] !== 0) return false;
  return true;
}

/** A copy of a run of bytes, never a view: slice() of a Node Buffer would be one. */
export function copyBytes(bytes: Uint8Array, from: number, size: number): Uint8Array {
  const copy = new Uint8Array(size);
  if (size > 64) copy.set(bytes.subarray(from, from + size));
  else for (let index = 0; index < size; index += 1) copy[index] = bytes[from + index];
  return copy;
}

function bitsAt(bytes: Uint8Array, offset: number, slice: Slice): number {
  return (bytes[offset + slice.byte] >> slice.shift) & slice.mask;
}
