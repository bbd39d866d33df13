import type { ProtectionFormat } from "./protection-format.ts";

/**
 * The Storage and Reference Space of a block: storage tag in the most significant bits, reference tag in the rest, as
 * the big-endian bytes that stand in the protection information (NVM Command Set Specification 1.2, section 5.3.1.4).
 */
export type TagSpace = Uint8Array;

/**
 * Puts a storage tag and a reference tag together.
 * @throws RangeError if one of them has more bits than the format gives it.
 */
export function tagSpace(
  format: ProtectionFormat,
  tags: { readonly storageTag?: bigint; readonly referenceTag?: bigint },
): TagSpace {
  const { storageTag = 0n, referenceTag = 0n } = tags;
  refuseWide("storageTag", storageTag, format.storageTagBits);
  refuseWide("referenceTag", referenceTag, format.referenceTagBits);
  const space = new Uint8Array(format.spaceBytes);
  writeSpace(space, (storageTag << BigInt(format.referenceTagBits)) | referenceTag);
  return space;
}

function refuseWide(name: string, value: bigint, bits: number): void {
  if (value < 0n || value >> BigInt(bits) !== 0n) {
    throw new RangeError(`${name} must be a whole number of at most ${bits} bits, not ${value}`);
  }
}

/** Writes the low bits of `value`, as many as the space has. */
function writeSpace(space: TagSpace, value: bigint): void {
  let rest = value;
  for (let at = space.length - 1; at >= 0; at -= 1) {
    space[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** Storage tag and reference tag of a space. */
export function readTags(
  format: ProtectionFormat,
  space: TagSpace,
): { readonly storageTag: bigint; readonly referenceTag: bigint } {
  let value = 0n;
  for (const byte of space.subarray(0, format.spaceBytes)) value = (value << 8n) | BigInt(byte);
  const bits = BigInt(format.referenceTagBits);
  return { storageTag: value >> bits, referenceTag: value & ((1n << bits) - 1n) };
}

/** Adds to the reference tag, which wraps within its own bits. */
export function advanceReferenceTag(format: ProtectionFormat, space: TagSpace, blocks = 1): void {
  const { referenceMask } = format;
  let carry = blocks;
  for (let at = format.spaceBytes - 1; at >= 0 && carry > 0; at -= 1) {
    const mask = referenceMask[at];
    const next = (space[at] & mask) + (carry % 256);
    space[at] = (space[at] & ~mask) | (next & mask);
    carry = Math.floor(carry / 256) + (next > 255 ? 1 : 0);
  }
}

/** True if the reference tag equals the low bits of `lba`. */
export function referenceTagIsLba(format: ProtectionFormat, space: TagSpace, lba: number): boolean {
  let rest = lba;
  for (let at = format.spaceBytes - 1; at >= 0; at -= 1) {
    const byte = rest % 256;
    if (((space[at] ^ byte) & format.referenceMask[at]) !== 0) return false;
    rest = Math.floor(rest / 256);
  }
  return true;
}

/** True if `a[aAt..]` and `b[bAt..]` agree in the bits of `mask`. */
export function agree(
  mask: Uint8Array,
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
): boolean {
  for (let at = 0; at < mask.length; at += 1) {
    if (((a[aAt + at] ^ b[bAt + at]) & mask[at]) !== 0) return false;
  }
  return true;
}
