import { describe, expect, it } from "vitest";
import { type Endian, structure } from "../../src/bytes/index.ts";

// Goal: a position means what the standards mean by it. Each case sets exactly one field to all
// ones in an otherwise opaque structure and says which bits of the wire that must set.
// The expected bytes were worked out by hand from the notation of NVM Express (dwords, high:low)
// and SPC (first byte most significant).

function bytesOf(endian: Endian, size: number, at: string, rest: string[]): string {
  const bits = structure({
    name: "probe",
    bytes: size,
    endian,
    source: "test",
    fields: [
      { name: "probe", at, kind: "wide" },
      ...rest.map((place) => ({ at: place, kind: "opaque" as const })),
    ],
  });
  const width = BigInt(bits.field("probe").bits);
  return Buffer.from(bits.encode({ probe: 2n ** width - 1n })).toString("hex");
}

describe("positions in little-endian structures", () => {
  it.each([
    ["cdw0[7:0]", ["cdw0[31:8]", "cdw1"], "ff00000000000000"],
    ["cdw0[11:8]", ["cdw0[7:0]", "cdw0[31:12]", "cdw1"], "000f000000000000"],
    ["cdw0[30]", ["cdw0[29:0]", "cdw0[31]", "cdw1"], "0000004000000000"],
    ["dw1[31:17]", ["dw0", "dw1[16:0]"], "000000000000feff"],
    ["cdw0..1", [], "ffffffffffffffff"],
    ["cdw0..1[35:28]", ["cdw0..1[27:0]", "cdw0..1[63:36]"], "000000f00f000000"],
    ["bytes 05:02", ["bytes 01:00", "bytes 07:06"], "0000ffffffff0000"],
    ["byte 3[6:4]", ["bytes 02:00", "byte 3[3:0]", "byte 3[7]", "cdw1"], "0000007000000000"],
    ["word 1[3:0]", ["word 0", "word 1[15:4]", "cdw1"], "00000f0000000000"],
  ])("%s", (at, rest, hex) => {
    expect(bytesOf("little", 8, at, rest)).toBe(hex);
  });
});

describe("positions in big-endian structures", () => {
  it.each([
    ["bytes 2..3", ["bytes 0..1", "bytes 4..7"], "0000ffff00000000"],
    ["bytes 0..3[3:0]", ["bytes 0..3[31:4]", "bytes 4..7"], "0000000f00000000"],
    [
      "bytes 0..1[11:4]",
      ["bytes 0..1[15:12]", "bytes 0..1[3:0]", "bytes 2..7"],
      "0ff0000000000000",
    ],
    ["byte 1[4:0]", ["byte 0", "byte 1[7:5]", "bytes 2..7"], "001f000000000000"],
  ])("%s", (at, rest, hex) => {
    expect(bytesOf("big", 8, at, rest)).toBe(hex);
  });
});

describe("a field in several places", () => {
  const tags = structure({
    name: "tags",
    bytes: 16,
    endian: "little",
    source: "NVM Command Set 1.2, Figures 158-165: the 80 bits of the logical block tags",
    fields: [
      { name: "tags", at: ["cdw0[15:0]", "cdw1", "cdw3"], kind: "wide" },
      { at: "cdw0[31:16]", kind: "reserved" },
      { at: "cdw2", kind: "reserved" },
    ],
  });
  it("takes its most significant bits from the first place", () => {
    const hex = "02010000060504030000000" + "00a090807";
    const bytes = tags.encode({ tags: 0x0102_03040506_0708090an });
    expect(Buffer.from(bytes).toString("hex")).toBe(hex);
    expect(tags.decode(bytes)).toEqual({ ok: true, value: { tags: 0x0102_03040506_0708090an } });
  });
});

describe("texts that are no position", () => {
  const define = (at: string, endian: Endian) => () =>
    structure({
      name: "S",
      bytes: 8,
      endian,
      source: "",
      fields: [{ name: "f", at, kind: "uint" }],
    });
  it.each([
    "",
    "cdw",
    "cdw0[",
    "cdw0[32]",
    "cdw0[3:4]",
    "cdw1..0",
    "bytes 00:03",
    "bytes 3..0",
    "byte 0[8]",
    "Byte 0",
    "bytes 0-3",
    "bytes 0..3[7:0]x",
  ])("%j is refused with the field's name", (at) => {
    expect(define(at, "little")).toThrow(/^S: field "f": position /);
  });
  it("dwords have no meaning in big-endian bytes", () => {
    expect(define("cdw0..1", "big")).toThrow(/little-endian words in a big-endian structure/);
  });
});
