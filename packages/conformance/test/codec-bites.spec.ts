// Goal: the suite passes structures that the wire-table kit makes, and fails each one that breaks one rule of it.
import { type AnyStructure, structure } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import { type CodecVector, codecSuite, type Decoder } from "../src/codec/index.ts";
import { outcomeOf } from "./support/failures.ts";

const good = structure({
  name: "Parcel",
  bytes: 48,
  endian: "little",
  source: "made up",
  fields: [
    { name: "code", at: "byte 0", kind: "constant", value: 0x19, meaning: "Operation code" },
    { name: "urgent", at: "byte 1[0]", kind: "flag", meaning: "Urgent" },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "count", at: "bytes 03:02", kind: "zeroBased", meaning: "Count" },
    { name: "weight", at: "bytes 07:04", kind: "uint", meaning: "Weight" },
    { name: "address", at: "bytes 15:08", kind: "uint", meaning: "Address" },
    { name: "tag", at: "bytes 23:16", kind: "wide", meaning: "Tag" },
    { name: "marks", at: "byte 24", kind: "bitset", meaning: "Marks" },
    { name: "content", at: "bytes 28:25", kind: "bytes", meaning: "Content" },
    { name: "label", at: "bytes 32:29", kind: "ascii", meaning: "Label" },
    { name: "sizes", at: "bytes 38:33", kind: "uints", bytesEach: 2, meaning: "Sizes" },
    { at: "byte 39", kind: "opaque" },
    {
      name: "parts",
      at: "bytes 47:40",
      kind: "array",
      each: {
        name: "Part",
        bytes: 4,
        endian: "little",
        source: "made up",
        fields: [{ name: "id", at: "dw0", kind: "uint", meaning: "Identifier" }],
      },
      meaning: "Parts",
    },
  ],
} as const) as unknown as AnyStructure;

/** A value whose bytes were written down by hand. */
const vector: CodecVector = {
  title: "a parcel",
  source: "by hand",
  codec: good,
  hex:
    "19 01 02 00 78 56 34 12 05 00 00 00 01 00 00 00 08 07 06 05 04 03 02 01 81 aa bb cc dd" +
    "41 42 20 20 01 00 02 00 ff ff 00 07 00 00 00 00 00 00 80",
  value: {
    urgent: true,
    count: 3,
    weight: 0x12345678,
    address: 0x1_0000_0005,
    tag: 0x0102030405060708n,
    marks: [0, 7],
    content: Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd),
    label: "AB",
    sizes: [1, 2, 0xffff],
    parts: [{ id: 7 }, { id: 0x80000000 }],
  },
};

const run = (table: AnyStructure, vectors: readonly CodecVector[] = [], decoders = {}) =>
  outcomeOf((runner) =>
    codecSuite({ ...runner, structures: [table], vectors, decoders, cases: 60, seed: 1 }),
  );

type Value = Record<string, unknown>;

const broken: readonly (readonly [string, RegExp, Partial<AnyStructure>])[] = [
  [
    "masks what is too large",
    /refuses one more/,
    {
      encode: (value, ...place) =>
        good.encode(
          typeof value.weight === "number" && value.weight > 0xffffffff
            ? { ...value, weight: value.weight % 2 ** 32 }
            : value,
          ...place,
        ),
    },
  ],
  [
    "reads over reserved bits",
    /each reserved bit/,
    {
      decode: (bytes, offset, options) => good.decode(bytes, offset, { ...options, lenient: true }),
    },
  ],
  [
    "loses a bit",
    /keeps each other/,
    {
      decode(bytes, offset = 0, options) {
        const less = bytes.slice();
        less[offset + 5] &= 0xfe;
        return good.decode(less, offset, options);
      },
    },
  ],
  [
    "asks for one byte too many",
    /has its size/,
    {
      decode(bytes, offset, options) {
        const decoded = good.decode(bytes, offset, options);
        const isShort = !decoded.ok && decoded.need !== undefined;
        return isShort ? { ok: false, need: decoded.need + 1 } : decoded;
      },
    },
  ],
  [
    "takes bytes behind it for its own",
    /has its size/,
    { decode: (bytes, offset) => good.decode(bytes, offset) },
  ],
  [
    "keeps the bytes that it decoded",
    /keeps none of them|keeps the least/,
    {
      decode(bytes, offset = 0, options) {
        const decoded = good.decode(bytes, offset, options);
        if (!decoded.ok) return decoded;
        const content = bytes.subarray(offset + 25, offset + 29);
        return { ok: true, value: { ...decoded.value, content } };
      },
    },
  ],
  [
    "throws at bytes that it does not know",
    /answers any bytes/,
    {
      decode(bytes, offset, options) {
        if (bytes.length > 0 && bytes[offset ?? 0] > 0xf0) throw new Error("what is this?");
        return good.decode(bytes, offset, options);
      },
    },
  ],
  [
    "writes beside its place",
    /at its place and nowhere else/,
    {
      encode(value, target = new Uint8Array(good.size), offset = 0) {
        good.encode(value, target, offset);
        if (target.length > offset + good.size) target[offset + good.size] = 0;
        return target;
      },
    },
  ],
  [
    "has written half of what it refuses",
    /refuses one more/,
    {
      encode(value, target = new Uint8Array(good.size), offset = 0) {
        target.fill(0, offset);
        return good.encode(value, target, offset);
      },
    },
  ],
  ["explains nothing", /has its size/, { annotate: () => [] }],
];

describe("the suite of codecs", () => {
  it("passes a structure of the kit, and its bytes", async () => {
    const { tests, failures } = await run(good, [vector]);
    expect(failures).toEqual([]);
    expect(tests).toBe(6);
  });

  it.each(broken)("fails a structure that %s", async (_title, test, breakage) => {
    const { failures } = await run({ ...good, ...breakage } as AnyStructure);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it("fails a structure whose fields are in each other's place, by the bytes of others", async () => {
    const swapped = (value: Value): Value => {
      const { weight = 0, address = 0, ...rest } = value;
      return { ...rest, weight: address, address: weight };
    };
    const wrong = {
      ...good,
      encode: (value: Value, ...place: []) => good.encode(swapped(value), ...place),
    } as AnyStructure;
    const { failures } = await run(good, [{ ...vector, codec: wrong }]);
    expect(failures.map((one) => one.test)).toEqual([
      "codec > bytes of others > a parcel (by hand)",
    ]);
  });

  it("fails vectors that are refused for another reason, or not at all", async () => {
    const { hex } = vector;
    const refused = { ...vector, hex: `${hex.slice(0, 3)}03${hex.slice(5)}` };
    const { value: _value, ...bare } = refused;
    const of = async (one: CodecVector) => (await run(good, [one])).failures.length;
    expect(await of({ ...bare, violates: "reserved" })).toBe(0);
    expect(await of({ ...bare, violates: "count" })).toBe(1);
    expect(await of({ ...bare, hex, violates: "reserved" })).toBe(1);
    expect(await of(bare)).toBe(1);
  });

  it("fails a decoder that throws, or says nothing", async () => {
    const of = async (decoder: Decoder) => {
      const { failures } = await run(good, [], { decoder });
      return failures.map((one) => one.test);
    };
    const at = "codec > decoder answers any bytes, and keeps none of them";
    expect(await of({ decode: () => ({ ok: false, need: 1 }) })).toEqual([]);
    expect(await of({ decode: () => ({ ok: false, need: 0 }) })).toEqual([at]);
    expect(await of({ decode: () => ({ ok: false, violated: "", field: "" }) })).toEqual([at]);
    expect(await of({ decode: (bytes) => ({ ok: true, value: bytes[3].toFixed() }) })).toEqual([
      at,
    ]);
    expect(await of({ decode: (bytes) => ({ ok: true, value: bytes }) })).toEqual([at]);
  });
});
