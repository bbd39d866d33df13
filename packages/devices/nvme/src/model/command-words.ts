/** Where a field lies in the dwords of a command or list entry. */
export interface Bits {
  readonly dword: number;
  readonly shift: number;
  readonly mask: number;
}

export const bits = (dword: number, high: number, low: number): Bits => ({
  dword,
  shift: low,
  mask: 2 ** (high - low + 1) - 1,
});

/** A field of at most 31 bits. */
export const readBits = (words: Int32Array, at: number, field: Bits): number =>
  (words[at + field.dword] >>> field.shift) & field.mask;

/** A field of 32 bits, unsigned. */
export const readWord = (words: Int32Array, dword: number): number => words[dword] >>> 0;

/**
 * A field of 64 bits. Above 2^53 the number is rounded, which is as good: no namespace has that many blocks.
 */
export const readLong = (words: Int32Array, dword: number): number =>
  (words[dword + 1] >>> 0) * 4294967296 + (words[dword] >>> 0);

/** NVM Express Base 2.1, Figure 91 (common command format). */
export const common = {
  opcode: bits(0, 7, 0),
  fuse: bits(0, 9, 8),
  psdt: bits(0, 15, 14),
  cid: bits(0, 31, 16),
  nsidDword: 1,
} as const;

/** NVM Command Set 1.2, Figures 31-37 (Copy). */
export const copyFields = {
  sdlbaDword: 10,
  nr: bits(12, 7, 0),
  desfmt: bits(12, 11, 8),
  prinfor: bits(12, 15, 12),
  stcw: bits(12, 24, 24),
  stcr: bits(12, 25, 25),
  prinfow: bits(12, 29, 26),
  fua: bits(12, 30, 30),
  lbtuDword: 2,
  lbtlDword: 14,
  lbat: bits(15, 15, 0),
  lbatm: bits(15, 31, 16),
} as const;

/** NVM Command Set 1.2, Figures 39 and 40 (source range entries). */
export const rangeFields = {
  snsidDword: 0,
  slbaDword: 2,
  nlb: bits(4, 15, 0),
  fastCopyOnly: bits(5, 31, 31),
} as const;

/** NVM Command Set 1.2: Read, Write, Compare, Write Zeroes. */
export const ioFields = {
  slbaDword: 10,
  nlb: bits(12, 15, 0),
  stc: bits(12, 24, 24),
  deac: bits(12, 25, 25),
  prinfo: bits(12, 29, 26),
  fua: bits(12, 30, 30),
} as const;

/** NVM Command Set 1.2: Dataset Management. */
export const datasetFields = {
  nr: bits(10, 7, 0),
  deallocate: bits(11, 2, 2),
} as const;
