import { describe, expect, it } from "vitest";
import { fromHex, structure } from "../../src/bytes/index.ts";

// Goal: bytes are explained field by field, and most of all when they are wrong.

const table = structure({
  name: "S",
  bytes: 16,
  endian: "little",
  source: "test",
  fields: [
    { name: "code", at: "byte 0", kind: "enumeration", names: { 1: "one" }, meaning: "what to do" },
    { name: "count", at: "byte 1[3:0]", kind: "zeroBased" },
    { at: "byte 1[7:4]", kind: "reserved" },
    { name: "formats", at: "bytes 03:02", kind: "bitset", names: { 0: "zero" } },
    { name: "lba", at: "bytes 11:04", kind: "uint" },
    {
      name: "pairs",
      at: "bytes 15:12",
      kind: "array",
      each: {
        name: "pair",
        bytes: 2,
        endian: "little",
        source: "test",
        fields: [
          { name: "low", at: "byte 0", kind: "uint" },
          { at: "byte 1", kind: "reserved" },
        ],
      },
    },
  ],
});

describe("annotate", () => {
  it("gives position, bytes, value and meaning of every field", () => {
    expect(table.annotate(fromHex("ee 010f 0300 0800000000000000 05000600"), 1)).toEqual([
      {
        field: "code",
        at: "byte 0",
        byte: 1,
        hex: "01",
        value: 1,
        label: "one",
        meaning: "what to do",
      },
      { field: "count", at: "byte 1[3:0]", byte: 2, hex: "0f", value: 16, meaning: "" },
      { field: "reserved", at: "byte 1[7:4]", byte: 2, hex: "0f", meaning: "" },
      {
        field: "formats",
        at: "bytes 03:02",
        byte: 3,
        hex: "0300",
        value: [0, 1],
        label: "zero, bit 1",
        meaning: "",
      },
      { field: "lba", at: "bytes 11:04", byte: 5, hex: "0800000000000000", value: 8, meaning: "" },
      { field: "pairs[0].low", at: "byte 0", byte: 13, hex: "05", value: 5, meaning: "" },
      { field: "pairs[0].reserved", at: "byte 1", byte: 14, hex: "00", meaning: "" },
      { field: "pairs[1].low", at: "byte 0", byte: 15, hex: "06", value: 6, meaning: "" },
      { field: "pairs[1].reserved", at: "byte 1", byte: 16, hex: "00", meaning: "" },
    ]);
  });
  it("names the rules that bytes break, and still shows them", () => {
    const broken = table.annotate(fromHex("09 f0 0000 ffffffffffffffff 00010000"));
    expect(broken.filter((one) => one.violated !== undefined)).toEqual([
      {
        field: "reserved",
        at: "byte 1[7:4]",
        byte: 1,
        hex: "f0",
        value: 15,
        meaning: "",
        violated: "S: reserved (byte 1[7:4]) is reserved and must be zero",
      },
      {
        field: "lba",
        at: "bytes 11:04",
        byte: 4,
        hex: "ffffffffffffffff",
        value: 0xffff_ffff_ffff_ffffn,
        meaning: "",
        violated: "S: lba (bytes 11:04) is above 2^53-1",
      },
      {
        field: "pairs[0].reserved",
        at: "byte 1",
        byte: 13,
        hex: "01",
        value: 1,
        meaning: "",
        violated: "pair: reserved (byte 1) is reserved and must be zero",
      },
    ]);
    expect(broken[0].label).toBeUndefined();
  });
  it("says which fields are missing from bytes that end early", () => {
    const [code, , , formats] = table.annotate(fromHex("0100 03"));
    expect(code.violated).toBeUndefined();
    expect(formats).toEqual({
      field: "formats",
      at: "bytes 03:02",
      byte: 2,
      hex: "03",
      meaning: "",
      violated: "S: formats (bytes 03:02) is missing: 16 bytes are needed, 3 given",
    });
  });
});
