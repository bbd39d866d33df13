import { describe, expect, it } from "vitest";
import { type Field, structure } from "../../src/bytes/index.ts";

// Goal: a table with a mistake in it never becomes a structure, and the message names the fields.

const define = (bytes: number, fields: readonly Field[]) => () =>
  structure({ name: "S", bytes, endian: "little", source: "test", fields });

describe("the self-check of a table", () => {
  it("names both fields of an overlap", () => {
    const fields: Field[] = [
      { name: "a", at: "cdw0[15:0]", kind: "uint" },
      { name: "b", at: "cdw0[31:15]", kind: "uint" },
    ];
    expect(define(4, fields)).toThrow(
      new TypeError("S: fields a (cdw0[15:0]) and b (cdw0[31:15]) overlap in byte 1"),
    );
  });
  it("names the neighbours of a gap", () => {
    const fields: Field[] = [
      { name: "a", at: "cdw0[14:0]", kind: "uint" },
      { name: "b", at: "cdw0[31:16]", kind: "uint" },
    ];
    expect(define(4, fields)).toThrow(
      new TypeError("S: no field covers byte 1 bits 10000000b, between a and b"),
    );
  });
  it("finds a gap at the end", () => {
    expect(define(2, [{ name: "a", at: "byte 0", kind: "uint" }])).toThrow(/between a and the end/);
  });
  it("refuses a field beyond the size", () => {
    expect(define(2, [{ name: "a", at: "bytes 02:00", kind: "uint" }])).toThrow(
      new TypeError("S: field a (bytes 02:00) lies beyond the 2 bytes"),
    );
  });
  it("refuses a name twice, also through the base", () => {
    const base = { fields: [{ name: "a", at: "byte 0", kind: "uint" }] } as const;
    const fields: Field[] = [{ name: "a", at: "byte 1", kind: "uint" }];
    expect(() =>
      structure({ name: "S", bytes: 2, endian: "little", source: "", base, fields }),
    ).toThrow(new TypeError("S: two fields are named a"));
  });
  it.each<[string, Field]>([
    ["is a flag of 8 bits", { name: "f", at: "byte 0", kind: "flag" }],
    [
      "is constant 256, which 8 bits cannot hold",
      { name: "f", at: "byte 0", kind: "constant", value: 256 },
    ],
    [
      "is constant -1, which 8 bits cannot hold",
      { name: "f", at: "byte 0", kind: "constant", value: -1 },
    ],
    ["is not one run of whole bytes", { name: "f", at: "byte 0[6:0]", kind: "bytes" }],
    ["is 1 bytes, no multiple of 2", { name: "f", at: "byte 0", kind: "uints", bytesEach: 2 }],
  ])("refuses a field that %s", (why, field) => {
    expect(define(1, [field])).toThrow(new TypeError(`S: field f (${field.at}) ${why}`));
  });
  it.each([["is 0's based and wider than 32 bits", "zeroBased" as const]])(
    "refuses a field that %s",
    (why, kind) => {
      expect(define(8, [{ name: "f", at: "cdw0..1", kind }])).toThrow(why);
    },
  );
  it("refuses names that no property of a value can have", () => {
    expect(define(1, [{ name: "a b", at: "byte 0", kind: "uint" }])).toThrow(/"a b" cannot name/);
  });
  it("refuses a size that is none", () => {
    expect(define(0, [])).toThrow(/0 is not a size/);
  });
});
