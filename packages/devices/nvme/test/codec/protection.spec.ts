// Protection information: tuples byte by byte as the figures of NVM Command Set Specification 1.2, section 5.3.1 have
// them, with guards of published vectors; generation and checks by the rules of sections 5.3.2 and 5.3.3.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advanceReferenceTag,
  checkProtection,
  generateProtection,
  type ProtectedBlocks,
  type ProtectionCheck,
  type ProtectionSettings,
  protectionFault,
  protectionFormat,
  readTags,
  referenceTagIsLba,
  tagSpace,
} from "../../src/codec/protection/index.ts";

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Blocks with packed data and metadata. */
function blocksOf(settings: ProtectionSettings, data: Uint8Array, bytesPerBlock = data.length) {
  const format = protectionFormat(settings);
  const blocks = data.length / bytesPerBlock;
  const protectedBlocks: ProtectedBlocks = {
    blocks,
    bytesPerBlock,
    data,
    dataAt: 0,
    dataStride: bytesPerBlock,
    metadata: new Uint8Array(blocks * format.metadataBytes),
    metadataAt: 0,
    metadataStride: format.metadataBytes,
  };
  return { format, blocks: protectedBlocks };
}

const flip = (bytes: Uint8Array, at: number, bits: number): void => {
  bytes[at] ^= bits;
};

const everything: ProtectionCheck = {
  guard: true,
  application: true,
  reference: true,
  storage: true,
  applicationTag: 0x1234,
  applicationTagMask: 0xffff,
};

const counting = Uint8Array.from({ length: 4096 }, (_, index) => index & 0xff);

describe("tuples", () => {
  it.each<[string, ProtectionSettings, Uint8Array, bigint, bigint, string]>([
    // Guard of zeroes: CRC-16/T10 starts from 0 and stays there. Application tag, reference tag: big-endian.
    ["16b guard", { type: 1 }, new Uint8Array(512), 0n, 0x01020304n, "0000 1234 01020304"],
    // STS 8: the storage tag is the top 8 of the 32 bits.
    [
      "16b guard, STS 8",
      { type: 1, storageTagBits: 8 },
      new Uint8Array(512),
      0xabn,
      0x20304n,
      "0000 1234 ab020304",
    ],
    // STS 4: not a whole byte.
    [
      "16b guard, STS 4",
      { type: 1, storageTagBits: 4 },
      new Uint8Array(512),
      0xan,
      0x1020304n,
      "0000 1234 a1020304",
    ],
    // CRC-64 of 4 KiB counting up: section 5.3.1.3. STS 16 of 48 bits.
    [
      "64b guard, STS 16",
      { type: 1, guardBits: 64, storageTagBits: 16 },
      counting,
      0xbeefn,
      0x01020304n,
      "3e729f5f6750449c 1234 beef 01020304",
    ],
    [
      "64b guard, STS 0",
      { type: 2, guardBits: 64 },
      new Uint8Array(4096),
      0n,
      0x010203040506n,
      "6482d367eb22b64e 1234 010203040506",
    ],
    // CRC-32C of 4 KiB of zeroes: 98f94189 (bit-by-bit definition, as in protection-crc.spec.ts). STS 16 of 80 bits.
    [
      "32b guard, STS 16",
      { type: 1, guardBits: 32 },
      new Uint8Array(4096),
      0xbeefn,
      0x0102030405060708n,
      "98f94189 1234 beef 0102030405060708",
    ],
    [
      "32b guard, STS 64",
      { type: 1, guardBits: 32, storageTagBits: 64 },
      new Uint8Array(4096),
      0x1122334455667788n,
      0xabcdn,
      "98f94189 1234 1122334455667788 abcd",
    ],
  ])("%s", (_, settings, data, storageTag, referenceTag, expected) => {
    const { format, blocks } = blocksOf(settings, data);
    const space = tagSpace(format, { storageTag, referenceTag });
    expect(readTags(format, space)).toEqual({ storageTag, referenceTag });
    generateProtection(format, blocks, 0x1234, space);
    expect(toHex(blocks.metadata)).toBe(expected.replaceAll(" ", ""));
  });

  it("go first or last in larger metadata, and the guard covers what is before them", () => {
    // 4096 bytes counting up are the block and the leading metadata together: 3584 + 512.
    const settings = { type: 1, guardBits: 64, metadataBytes: 528 } as const;
    const last = blocksOf(settings, counting.slice(0, 3584));
    last.blocks.metadata.set(counting.subarray(3584));
    generateProtection(last.format, last.blocks, 0, tagSpace(last.format, {}));
    expect(toHex(last.blocks.metadata.subarray(512, 520))).toBe("3e729f5f6750449c");
    expect(last.blocks.metadata.subarray(0, 512)).toEqual(counting.subarray(3584));

    const first = blocksOf({ ...settings, first: true }, counting);
    first.blocks.metadata.fill(0x77);
    generateProtection(first.format, first.blocks, 0, tagSpace(first.format, {}));
    expect(toHex(first.blocks.metadata.subarray(0, 8))).toBe("3e729f5f6750449c");
    expect(first.blocks.metadata.subarray(16).every((byte) => byte === 0x77)).toBe(true);
  });
});

describe("reference tags", () => {
  const tagsOf = (settings: ProtectionSettings, start: bigint): bigint[] => {
    const { format, blocks } = blocksOf(settings, new Uint8Array(3 * 512), 512);
    generateProtection(format, blocks, 0, tagSpace(format, { referenceTag: start }));
    return [0, 1, 2].map((block) => {
      const at = block * format.metadataBytes + format.guardBytes + 2;
      return readTags(format, blocks.metadata.subarray(at, at + format.spaceBytes)).referenceTag;
    });
  };

  it("count up in types 1 and 2, and stand in type 3", () => {
    expect(tagsOf({ type: 1 }, 255n)).toEqual([255n, 256n, 257n]);
    expect(tagsOf({ type: 2 }, 0xfffen)).toEqual([0xfffen, 0xffffn, 0x10000n]);
    expect(tagsOf({ type: 3 }, 255n)).toEqual([255n, 255n, 255n]);
  });

  it("wrap within their own bits and leave the storage tag alone", () => {
    const format = protectionFormat({ type: 1, storageTagBits: 20 });
    const space = tagSpace(format, { storageTag: 0xabcden, referenceTag: 0xffen });
    advanceReferenceTag(format, space);
    expect(toHex(space)).toBe("abcdefff");
    advanceReferenceTag(format, space);
    expect(toHex(space)).toBe("abcde000");
  });

  it("advance by any number as by so many ones", () => {
    const guards = fc.constantFrom(16, 32, 64).chain((guardBits) => {
      const [min, max] = { 16: [0, 32], 32: [16, 64], 64: [0, 48] }[guardBits] as [number, number];
      return fc.record({
        guardBits: fc.constant(guardBits as 16 | 32 | 64),
        storageTagBits: fc.integer({ min, max }),
      });
    });
    const property = fc.property(
      guards,
      fc.bigInt({ min: 0n, max: (1n << 80n) - 1n }),
      fc.nat({ max: 2 ** 31 }),
      (guard, seed, blocks) => {
        const format = protectionFormat({ type: 1, ...guard });
        const bits = BigInt(format.referenceTagBits);
        const modulus = 1n << bits;
        const storageTag = (seed >> bits) % (1n << BigInt(guard.storageTagBits));
        const referenceTag = seed % modulus;
        const space = tagSpace(format, { storageTag, referenceTag });
        advanceReferenceTag(format, space, blocks);
        expect(readTags(format, space)).toEqual({
          storageTag,
          referenceTag: (referenceTag + BigInt(blocks)) % modulus,
        });
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("are compared with an address in as many bits as they have", () => {
    const format = protectionFormat({ type: 1, storageTagBits: 8 });
    const lba = 2 ** 40 + 0x123456;
    expect(referenceTagIsLba(format, fromHex("ff123456"), lba)).toBe(true);
    expect(referenceTagIsLba(format, fromHex("ff123457"), lba)).toBe(false);
    const wide = protectionFormat({ type: 1, guardBits: 32 });
    expect(referenceTagIsLba(wide, fromHex("ffff 0000010000123456"), lba)).toBe(true);
    expect(referenceTagIsLba(wide, fromHex("ffff 0000000000123456"), lba)).toBe(false);
  });
});

describe("checks", () => {
  const settings = { type: 1, storageTagBits: 8 } as const;
  const tags = { storageTag: 0xabn, referenceTag: 7n };

  /** Two blocks with right protection information, then changed. */
  function check(
    change: (metadata: Uint8Array, data: Uint8Array) => void,
    part: Partial<ProtectionCheck> = {},
    other: Partial<ProtectionSettings> = {},
  ) {
    const { format, blocks } = blocksOf({ ...settings, ...other }, new Uint8Array(1024), 512);
    generateProtection(format, blocks, 0x1234, tagSpace(format, tags));
    change(blocks.metadata, blocks.data);
    return checkProtection(format, blocks, { ...everything, ...part }, tagSpace(format, tags));
  }

  it("find nothing wrong with what was generated", () => {
    expect(check(() => {})).toBe(protectionFault.none);
  });

  it.each<[string, keyof typeof protectionFault, (metadata: Uint8Array, data: Uint8Array) => void]>(
    [
      ["a bit of the data of the second block", "guard", (_, data) => flip(data, 1023, 1)],
      ["the guard", "guard", (metadata) => flip(metadata, 8, 1)],
      ["the application tag", "applicationTag", (metadata) => flip(metadata, 11, 1)],
      ["the reference tag", "referenceTag", (metadata) => flip(metadata, 15, 1)],
      ["the storage tag", "storageTag", (metadata) => flip(metadata, 12, 1)],
    ],
  )("find %s changed, and only where they look", (_, fault, change) => {
    expect(check(change)).toBe(protectionFault[fault]);
    const part = {
      guard: "guard",
      applicationTag: "application",
      referenceTag: "reference",
      storageTag: "storage",
      none: "guard",
    }[fault];
    expect(check(change, { [part]: false })).toBe(protectionFault.none);
  });

  it("mask the application tag and the storage tag", () => {
    const change = (metadata: Uint8Array) => flip(metadata, 11, 0x0f);
    expect(check(change, { applicationTagMask: 0xfff0 })).toBe(protectionFault.none);
    expect(check(change, { applicationTagMask: 0x0001 })).toBe(protectionFault.applicationTag);
    const storage = (metadata: Uint8Array) => flip(metadata, 12, 0x80);
    const masked = { storageTagMask: fromHex("7f000000") };
    expect(check(storage, masked)).toBe(protectionFault.none);
  });

  it("are off for a block whose application tag is FFFFh, in types 1 and 2", () => {
    const spoil = (metadata: Uint8Array) => metadata.fill(0xff, 8, 12);
    expect(check(spoil)).toBe(protectionFault.none);
    expect(check(spoil, {}, { type: 2 })).toBe(protectionFault.none);
    const both = (metadata: Uint8Array) => {
      spoil(metadata);
      metadata[0] ^= 1;
    };
    expect(check(both)).toBe(protectionFault.guard);
  });

  it("are off in type 3 only if the reference tag is all ones too", () => {
    const spoil = (metadata: Uint8Array) => metadata.fill(0xff, 8, 12);
    expect(check(spoil, {}, { type: 3 })).toBe(protectionFault.guard);
    const all = (metadata: Uint8Array) => metadata.fill(0xff, 8, 16);
    expect(check(all, {}, { type: 3 })).toBe(protectionFault.none);
  });

  it("do not look at the reference tag of type 3", () => {
    expect(check((metadata) => flip(metadata, 15, 1), {}, { type: 3 })).toBe(protectionFault.none);
  });
});

describe("formats that cannot be", () => {
  it.each<[ProtectionSettings, RegExp]>([
    [{ type: 0 as 1 }, /type/],
    [{ type: 1, guardBits: 8 as 16 }, /guardBits/],
    [{ type: 1, storageTagBits: 33 }, /storageTagBits/],
    [{ type: 1, guardBits: 32, storageTagBits: 15 }, /storageTagBits/],
    [{ type: 1, guardBits: 32, storageTagBits: 65 }, /storageTagBits/],
    [{ type: 1, guardBits: 64, storageTagBits: 49 }, /storageTagBits/],
    [{ type: 1, metadataBytes: 7 }, /metadataBytes/],
    [{ type: 1, guardBits: 64, metadataBytes: 15 }, /metadataBytes/],
  ])("%o", (settings, message) => {
    expect(() => protectionFormat(settings)).toThrow(message);
  });

  it("and tags that are too wide", () => {
    const format = protectionFormat({ type: 1, storageTagBits: 8 });
    expect(() => tagSpace(format, { storageTag: 256n })).toThrow(/storageTag/);
    expect(() => tagSpace(format, { referenceTag: 1n << 24n })).toThrow(/referenceTag/);
  });
});
