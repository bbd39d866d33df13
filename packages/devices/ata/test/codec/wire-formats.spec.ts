// Goal: every kind of bytes can be decoded and explained by its name, wrong bytes included, and what is provisional says
// so. Method: captured bytes, and random ones for every kind.
import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AtaWireFormat, ataStructures } from "../../src/codec/index.ts";
import { wordsProfile } from "../support/profiles.ts";
import { identifyVector } from "../support/vector.ts";

const named = (name: string): AtaWireFormat => ataStructures[name];
const shown = (name: string, bytes: Uint8Array, field: string, options = {}) =>
  named(name)
    .annotate(bytes, options)
    .find((one) => one.field === field);

describe("ataStructures", () => {
  it("tells FISes apart", () => {
    expect(shown("ata-fis", fromHex("a1 40 50 00 02 00 00 80"), "completed")?.value).toEqual([
      1, 31,
    ]);
    expect(shown("ata-fis", fromHex("99 00"), "fisType")?.violated).toContain("fisType");
  });

  it("names the commands of a pass-through, WRITE GATHERED EXT as provisional", () => {
    const write = fromHex("85 0d 26 00 00 00 08 00 00 00 00 00 00 40 35 00");
    expect(shown("ata-pass-through", write, "command")?.label).toBe("WRITE DMA EXT");
    const gather = fromHex("85 0d 27 00 00 00 01 33 66 22 55 11 44 40 66 00");
    expect(shown("ata-pass-through", gather, "command")?.label).toBe(
      "WRITE GATHERED EXT, Provisional (secondary source): acs6-provisional-66",
    );
    expect(shown("ata-pass-through", gather, "lba")?.value).toBe(0x112233445566);
    const own = { profile: wordsProfile };
    expect(shown("ata-pass-through", gather, "command", own)?.label).toBeUndefined();
    expect(shown("ata-pass-through", Uint8Array.from([...gather, 1]), "excess")?.hex).toBe("01");
  });

  it("explains sense data of both formats", () => {
    const fixed = fromHex("f0 00 0b 04 41 40 01 0a 80 e8 03 00 00 00 00 00 00 00");
    expect(shown("ata-sense", fixed, "error")?.label).toBe("ABRT");
    const descriptors = fromHex(
      "72 0b 00 00 00 00 00 0e 09 0c 01 04 00 01 33 66 22 55 11 44 40 41",
    );
    expect(shown("ata-sense", descriptors, "lba")?.value).toBe(0x112233445566);
    expect(shown("ata-sense", descriptors, "status")?.label).toBe("ERR, DRDY");
  });

  it("explains identify data and range lists", () => {
    expect(shown("ata-identify", identifyVector("qemu-7.2-identify.txt"), "sectors48")?.value).toBe(
      131_072,
    );
    const list = fromHex("40 00 00 00 00 00 08 00");
    expect(shown("ata-dsm-ranges", list, "[0].blocks")?.value).toBe(8);
    expect(named("ata-write-gathered-list").annotate(list)[0]).toMatchObject({
      field: "profile",
      value: "Provisional (secondary source): acs6-provisional-66",
    });
  });

  it.each(Object.keys(ataStructures))("%s: never throws", (name) => {
    const format = named(name);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, lenient) => {
        expect(typeof format.decode(bytes, { lenient }).ok).toBe("boolean");
        expect(Array.isArray(format.annotate(bytes))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
