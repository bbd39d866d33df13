// Goal: WRITE GATHERED EXT is exactly what a profile says, and a profile that makes no sense is refused. Method: bytes
// worked out by hand from the built-in profiles' fields, profiles of other shapes, mutations, properties.
import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  annotateWriteGathered,
  checkProfile,
  decodeGatheredList,
  decodeWriteGathered,
  defaultProfile,
  encodeGatheredList,
  gatheredTaskFile,
  isBuiltInProfile,
  parseProfile,
  provisionalLabel,
  provisionalText,
  taskFileFis,
  type WriteGatheredProfile,
  writeGatheredProfile,
  writeGatheredProfiles,
} from "../../src/codec/index.ts";
import { bigEndianProfile, wordsProfile } from "../support/profiles.ts";

const sources = [
  { lba: 0x112233445566, blocks: 8 },
  { lba: 100, blocks: 65_535 },
];

describe("acs6-provisional-66", () => {
  it("lists 8-byte ranges in 512 bytes, like DATA SET MANAGEMENT", () => {
    const list = encodeGatheredList(defaultProfile, sources);
    expect(list.length).toBe(512);
    expect(toHex(list.subarray(0, 24), { group: 8 })).toBe(
      "6655443322110800 640000000000ffff 0000000000000000",
    );
    expect(decodeGatheredList(defaultProfile, list)).toEqual({ ok: true, value: sources });
  });

  it("has the destination in LBA and the list's pages in COUNT", () => {
    const input = { destination: 0x0000aabbccdd, entries: 2, blocks: 65_543 };
    const fis = taskFileFis(gatheredTaskFile(defaultProfile, input));
    expect(toHex(fis, { group: 1 })).toBe(
      "27 80 66 00 dd cc bb 40 aa 00 00 00 01 00 00 00 00 00 00 00",
    );
  });

  it("queued: SEND FPDMA QUEUED, subcommand 05h, pages in FEATURES, tag in COUNT", () => {
    const input = { destination: 1, entries: 2, blocks: 9, tag: 31 };
    const fis = taskFileFis(gatheredTaskFile(defaultProfile, input));
    // COUNT(12:8) = 5, COUNT(7:3) = 31.
    expect(toHex(fis, { group: 1 })).toBe(
      "27 80 64 01 01 00 00 40 00 00 00 00 f8 05 00 00 00 00 00 00",
    );
    expect(() => gatheredTaskFile(defaultProfile, { ...input, tag: 32 })).toThrow("0..31");
  });

  it("is provisional wherever it shows", () => {
    const label = "Provisional (secondary source): acs6-provisional-66";
    expect(provisionalLabel(defaultProfile)).toBe(label);
    expect(provisionalText(defaultProfile)).toContain("no public text defines");
    const fis = taskFileFis(
      gatheredTaskFile(defaultProfile, { destination: 5, entries: 2, blocks: 9 }),
    );
    const list = encodeGatheredList(defaultProfile, sources);
    const [first, ...others] = annotateWriteGathered(defaultProfile, fis, list);
    expect(first).toMatchObject({ field: "profile", value: label });
    expect(others.find((one) => one.field === "command")?.label).toBe(
      `WRITE GATHERED EXT, ${label}`,
    );
    expect(others.find((one) => one.field === "[0].lba")?.value).toBe(0x112233445566);
    const decoded = decodeWriteGathered(defaultProfile, fis, list);
    expect(decoded.ok && decoded.value).toMatchObject({ destination: 5, sources, form: "plain" });
    expect(decoded.ok && decoded.value.provisional).toContain(label);
  });

  it("refuses ranges that it cannot hold", () => {
    const encode = (ranges: readonly { lba: number; blocks: number }[]) => () =>
      encodeGatheredList(defaultProfile, ranges);
    expect(encode([])).toThrow("1 to 64 ranges, not 0");
    expect(encode(new Array(65).fill({ lba: 0, blocks: 1 }))).toThrow("1 to 64 ranges, not 65");
    expect(encode([{ lba: 0, blocks: 65_536 }])).toThrow("range 0: 65536 blocks are not 1..65535");
    expect(encode([{ lba: 2 ** 48, blocks: 1 }])).toThrow("range 0: address 281474976710656");
  });
});

describe("acs6-provisional-68", () => {
  it("differs by its operation code", () => {
    const profile = writeGatheredProfile("acs6-provisional-68");
    expect(gatheredTaskFile(profile, { destination: 0, entries: 1, blocks: 1 }).command).toBe(0x68);
    expect(profile.list).toEqual(defaultProfile.list);
    expect(() => writeGatheredProfile("acs6")).toThrow("acs6-provisional-66, acs6-provisional-68");
  });
});

describe("profiles of other shapes", () => {
  it("16-byte entries behind a head", () => {
    const list = encodeGatheredList(wordsProfile, sources);
    // Head: BFh, number of entries in bytes 4 to 7, blocks in bytes 8 to 15.
    expect(toHex(list.subarray(0, 48), { group: 8 })).toBe(
      "bf00000002000000 0700010000000000 6655443322110000 0800000000000000 6400000000000000 ffff000000000000",
    );
    expect(list.length).toBe(512);
    expect(decodeGatheredList(wordsProfile, list)).toEqual({ ok: true, value: sources });
    const wrong = list.slice();
    wrong[8] ^= 1;
    expect(decodeGatheredList(wordsProfile, wrong)).toMatchObject({ field: "header" });
  });

  it("big-endian, with odd sizes, where 0 blocks mean 256", () => {
    const ranges = [
      { lba: 0x01020304, blocks: 256 },
      { lba: 5, blocks: 255 },
    ];
    const list = encodeGatheredList(bigEndianProfile, ranges);
    expect(toHex(list)).toBe("00 0102030400 00000005ff".replaceAll(" ", ""));
    expect(decodeGatheredList(bigEndianProfile, list)).toEqual({ ok: true, value: ranges });
  });
});

describe("checkProfile", () => {
  it("takes the built-in ones after a journey through JSON", () => {
    for (const profile of Object.values(writeGatheredProfiles)) {
      const again = JSON.parse(JSON.stringify(profile));
      expect(parseProfile(again)).toEqual(profile);
      expect(isBuiltInProfile(again)).toBe(true);
      expect(isBuiltInProfile({ ...again, command: 0x69 })).toBe(false);
    }
  });

  const mutations: readonly [string, (profile: Record<string, never>) => unknown, string][] = [
    ["null", () => null, "must be an object, not null"],
    ["a member too many", (one) => ({ ...one, colour: 1 }), "colour is not one of"],
    ["a member missing", ({ note: _, ...one }) => one, "note is missing"],
    ["an empty note", (one) => ({ ...one, note: " " }), "note must say"],
    ["an unknown origin", (one) => ({ ...one, provenance: "rumour" }), "provenance must be one of"],
    [
      "another command's code",
      (one) => ({ ...one, command: 0x35 }),
      "operation code of WRITE DMA EXT",
    ],
    ["a code of 9 bits", (one) => ({ ...one, command: 256 }), "command must be a whole number"],
    [
      "a field that ends outside its entry",
      (one) => ({
        ...one,
        list: {
          ...defaultProfile.list,
          entry: { bytes: 8, lba: { byte: 3, bytes: 6 }, blocks: { byte: 0, bytes: 2 } },
        },
      }),
      "list.entry.lba ends behind the 8 bytes",
    ],
    [
      "fields that overlap",
      (one) => ({
        ...one,
        list: {
          ...defaultProfile.list,
          entry: { bytes: 8, lba: { byte: 0, bytes: 6 }, blocks: { byte: 5, bytes: 2 } },
        },
      }),
      "its fields overlap",
    ],
    [
      "more blocks than the field holds",
      (one) => ({ ...one, limits: { entries: 1, blocksPerEntry: 65_536, blocks: 65_536 } }),
      "limits.blocksPerEntry is above 65535",
    ],
    [
      "padding that looks like entries",
      (one) => ({ ...one, list: { ...defaultProfile.list, zeroBlocks: "abort" } }),
      "list.zeroBlocks is not skip",
    ],
  ];
  it.each(mutations)("refuses %s", (_what, mutate, message) => {
    const mutated = mutate(structuredClone(defaultProfile) as never);
    const result = checkProfile(mutated);
    expect(result.ok).toBe(false);
    expect(() => parseProfile(mutated)).toThrow(message);
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkProfile(value).ok).toBe(false);
      }),
    );
  });

  it("never throws on a profile with one value replaced", () => {
    const paths = [
      "id",
      "command",
      "registers",
      "queued",
      "list",
      "limits",
      "capability",
      "errors",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
        const result = checkProfile({ ...defaultProfile, [path]: value });
        if (result.ok) expect(parseProfile(result.profile)).toEqual(result.profile);
      }),
    );
  });
});

const profiles: readonly WriteGatheredProfile[] = [
  ...Object.values(writeGatheredProfiles),
  wordsProfile,
  bigEndianProfile,
];

it("every profile's list decodes to what was encoded", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...profiles),
      fc.array(fc.tuple(fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 256 })), {
        minLength: 1,
        maxLength: 20,
      }),
      (profile, pairs) => {
        const ranges = pairs.map(([lba, blocks]) => ({ lba, blocks }));
        const list = encodeGatheredList(profile, ranges);
        expect(decodeGatheredList(profile, list)).toEqual({ ok: true, value: ranges });
      },
    ),
  );
});

it("no list of random bytes makes the decoder throw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...profiles),
      fc.uint8Array({ maxLength: 600 }),
      (profile, bytes) => {
        expect(typeof decodeGatheredList(profile, bytes).ok).toBe("boolean");
        annotateWriteGathered(profile, bytes.subarray(0, 20), bytes);
        expect(typeof decodeWriteGathered(profile, fromHex("27"), bytes).ok).toBe("boolean");
      },
    ),
  );
});
