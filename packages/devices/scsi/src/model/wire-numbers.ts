import { uint16, uint32 } from "../codec/big-endian.ts";

export { uint16, uint32 } from "../codec/big-endian.ts";

/** The number in three bytes, most significant first. */
export const uint24 = (bytes: Uint8Array, at: number): number =>
  bytes[at] * 65_536 + uint16(bytes, at + 1);

/**
 * The number in eight bytes, most significant first. Above 2^53 it is rounded, which is as good for an address or a
 * length: no logical unit is that large.
 */
export const uint64 = (bytes: Uint8Array, at: number): number =>
  uint32(bytes, at) * 4_294_967_296 + uint32(bytes, at + 4);

/** The number in eight bytes, exactly: reservation keys. */
export const wide64 = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(uint32(bytes, at)) << 32n) | BigInt(uint32(bytes, at + 4));

/** True if all bytes of `one` from `at` on, as many as `other` has, are equal to `other`. */
export function equalsAt(one: Uint8Array, at: number, other: Uint8Array): boolean {
  for (let index = 0; index < other.length; index += 1) {
    if (one[at + index] !== other[index]) return false;
  }
  return true;
}
