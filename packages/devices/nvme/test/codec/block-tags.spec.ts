import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  commandTags,
  copyCommand,
  entryTags,
  type GuardBits,
  placeTags,
  prinfo,
  readPrinfo,
  storageTagBits,
  tagSpaceBits,
} from "../../src/codec/index.ts";

// Goal: tags stand in the bits that NVM Command Set 1.2, Figures 158-165 give them.

const dwords = (guard: GuardBits, storage: number, storageTag: bigint, referenceTag: bigint) => {
  const { lbtu, lbtl } = placeTags(guard, storage, { storageTag, referenceTag });
  const bytes = copyCommand.encode({ nr: 1, lbtu, lbtl });
  const view = new DataView(bytes.buffer);
  return [8, 12, 56].map((at) => view.getUint32(at, true).toString(16));
};

describe("tags in CDW2, CDW3 and CDW14", () => {
  it.each<[GuardBits, number, bigint, bigint, string[]]>([
    [16, 0, 0n, 0xdeadbeefn, ["0", "0", "deadbeef"]],
    [16, 8, 0xaan, 0x112233n, ["0", "0", "aa112233"]],
    [16, 32, 0xaabbccddn, 0n, ["0", "0", "aabbccdd"]],
    [32, 16, 0xaabbn, 0x1122334455667788n, ["aabb", "11223344", "55667788"]],
    [32, 64, 0x8899aabbccddeeffn, 0x1234n, ["8899", "aabbccdd", "eeff1234"]],
    [64, 0, 0n, 0x112233445566n, ["0", "1122", "33445566"]],
    // As nvme-cli 2.3 sends them: `nvme write --ref-tag=0x112233 --storage-tag=0xaabb`, STS 16.
    [64, 16, 0xaabbn, 0x112233n, ["0", "aabb", "112233"]],
    [64, 48, 0xaabbccddeeffn, 0n, ["0", "aabb", "ccddeeff"]],
  ])("%ib guard, storage tag of %i bits", (guard, storage, storageTag, referenceTag, cdw) => {
    expect(dwords(guard, storage, storageTag, referenceTag)).toEqual(cdw);
  });
  it("every tag of every width comes back", () => {
    const guards = fc.constantFrom<GuardBits>(16, 32, 64);
    fc.assert(
      fc.property(
        guards,
        fc.nat(64),
        fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }),
        (guard, size, any) => {
          const [least, most] = storageTagBits[guard];
          const storage = Math.min(Math.max(size, least), most);
          const width = BigInt(tagSpaceBits[guard] - storage);
          const storageTag = any % 2n ** BigInt(storage);
          const referenceTag = (any >> 7n) % 2n ** width;
          const placed = placeTags(guard, storage, { storageTag, referenceTag });
          expect(commandTags(guard, storage, placed)).toEqual({ storageTag, referenceTag });
          expect(entryTags(guard, storage, placed.elbt)).toEqual({ storageTag, referenceTag });
        },
      ),
    );
  });
  it("refuses what does not fit", () => {
    const none = { storageTag: 0n, referenceTag: 0n };
    expect(() => placeTags(16, 33, none)).toThrow(
      "a 16b guard has a storage tag of 0 to 32 bits, not 33",
    );
    expect(() => placeTags(32, 15, none)).toThrow(
      "a 32b guard has a storage tag of 16 to 64 bits, not 15",
    );
    expect(() => placeTags(16, 8, { ...none, referenceTag: 2n ** 24n })).toThrow(
      "the reference tag must fit 24 bits, which 16777216 does not",
    );
    expect(() => placeTags(16, 0, { ...none, storageTag: 1n })).toThrow(
      "the storage tag must fit 0 bits",
    );
  });
});

describe("PRINFO", () => {
  // NVM Command Set 1.2, Figure 11: bit 3 PRACT, bits 2:0 guard, application, reference tag.
  it.each([
    [0b1000, { pract: true }],
    [0b0100, { grdchk: true }],
    [0b0010, { atchk: true }],
    [0b0001, { rtchk: true }],
    [0b1111, { pract: true, grdchk: true, atchk: true, rtchk: true }],
  ])("%i", (bits, value) => {
    expect(prinfo(value)).toBe(bits);
    expect(readPrinfo(bits)).toMatchObject(value);
  });
  it.each([16, -1, 0.5, 256 + 8])("refuses %d", (bits) => {
    expect(() => readPrinfo(bits)).toThrow(RangeError);
  });
});
