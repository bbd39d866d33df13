import { expect, expectTypeOf, it } from "vitest";
import {
  type AnyStructure,
  type Infer,
  type InputOf,
  type Structure,
  structure,
} from "../../src/bytes/index.ts";

// Goal: a table gives the types of its values, so that nothing is written down twice.

const header = { fields: [{ name: "opc", at: "byte 0", kind: "constant", value: 0x19 }] } as const;

const layout = {
  name: "S",
  bytes: 16,
  endian: "little",
  source: "test",
  base: header as typeof header,
  fields: [
    { name: "flag", at: "byte 1[0]", kind: "flag" },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "count", at: "byte 2", kind: "zeroBased" },
    { name: "tag", at: "byte 3", kind: "wide" },
    { name: "raw", at: "bytes 05:04", kind: "bytes" },
    { name: "text", at: "bytes 07:06", kind: "ascii" },
    {
      name: "pairs",
      at: "bytes 15:08",
      kind: "array",
      each: {
        name: "pair",
        bytes: 2,
        endian: "little",
        source: "test",
        fields: [{ name: "low", at: "bytes 01:00", kind: "uint" }],
      },
    },
  ],
} as const;

it("types the values of a table", () => {
  const table: Structure<typeof layout> = structure(layout);
  interface Wanted {
    opc: 0x19;
    flag: boolean;
    count: number;
    tag: bigint;
    raw: Uint8Array;
    text: string;
    pairs: { low: number }[];
  }
  expectTypeOf<Infer<typeof table>>().toEqualTypeOf<Wanted>();
  expectTypeOf<{ count: number }>().toExtend<InputOf<typeof layout>>();
  expectTypeOf<{ flag: boolean }>().not.toExtend<InputOf<typeof layout>>();
  expectTypeOf(table.offsetOf).parameter(0).toEqualTypeOf<keyof Wanted>();
  expectTypeOf(table).toExtend<AnyStructure>();
  expectTypeOf(table.read(new Uint8Array(16), "flag")).toEqualTypeOf<boolean>();

  const decoded = table.decode(table.encode({ count: 7, pairs: [{ low: 1 }] }));
  expect(decoded.ok && decoded.value.pairs[0].low + decoded.value.count).toBe(8);
});
