import { defaultProfile, type WriteGatheredProfile } from "../../src/codec/index.ts";

/** Invented: dword-aligned entries behind a head that counts them. */
export const wordsProfile: WriteGatheredProfile = {
  ...defaultProfile,
  id: "test-words",
  provenance: "invented",
  note: "for tests",
  command: 0x69,
  registers: { count: "entries", feature: "pages" },
  list: {
    pageBytes: 512,
    endian: "little",
    header: {
      bytes: 16,
      entries: { byte: 4, bytes: 4 },
      blocks: { byte: 8, bytes: 8 },
      constants: [{ byte: 0, value: 0xbf }],
    },
    entry: { bytes: 16, lba: { byte: 0, bytes: 6 }, blocks: { byte: 8, bytes: 4 } },
    zeroBlocks: "abort",
  },
  limits: { entries: 31, blocksPerEntry: 100_000, blocks: 1_000_000 },
  errors: { badRange: "ABRT", overlap: "sequential", afterError: "prefix", lba: "destination" },
};

/** Invented: nothing is aligned, 0 blocks mean 256, the registers say little. */
export const bigEndianProfile: WriteGatheredProfile = {
  ...defaultProfile,
  id: "test-big-endian",
  provenance: "invented",
  note: "for tests",
  command: 0x6a,
  registers: { count: "blocks", feature: "entries" },
  queued: null,
  list: {
    pageBytes: 1,
    endian: "big",
    header: { bytes: 1, entries: null, blocks: null, constants: [] },
    entry: { bytes: 5, lba: { byte: 0, bytes: 4 }, blocks: { byte: 4, bytes: 1 } },
    zeroBlocks: "maximum",
  },
  limits: { entries: 40, blocksPerEntry: 256, blocks: 10_240 },
  errors: { badRange: "IDNF", overlap: "snapshot", afterError: "unspecified", lba: "unchanged" },
};
