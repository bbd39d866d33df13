/** The number in two bytes, most significant first. */
export const uint16 = (bytes: Uint8Array, at: number): number => bytes[at] * 256 + bytes[at + 1];

/** The number in four bytes, most significant first. */
export const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 65536 + uint16(bytes, at + 2);
