import { describe, expect, it, vi } from "vitest";
import { fromHex, structure, toHex } from "../../src/bytes/index.ts";

// Goal: every kind of field in both directions, with bytes from outside, and every refusal by name.

/** Big-endian bit fields, by RFC 791 section 3.1 (bits renumbered from the least significant). */
const ipv4 = structure({
  name: "IPv4 header",
  bytes: 20,
  endian: "big",
  source: "RFC 791, section 3.1",
  fields: [
    { name: "version", at: "byte 0[7:4]", kind: "constant", value: 4 },
    { name: "ihl", at: "byte 0[3:0]", kind: "uint" },
    { name: "tos", at: "byte 1", kind: "uint" },
    { name: "length", at: "bytes 2..3", kind: "uint" },
    { name: "id", at: "bytes 4..5", kind: "uint" },
    { at: "byte 6[7]", kind: "reserved" },
    { name: "df", at: "byte 6[6]", kind: "flag" },
    { name: "mf", at: "byte 6[5]", kind: "flag" },
    { name: "fragment", at: "bytes 6..7[12:0]", kind: "uint" },
    { name: "ttl", at: "byte 8", kind: "uint" },
    { name: "protocol", at: "byte 9", kind: "enumeration", names: { 6: "TCP", 17: "UDP" } },
    { name: "checksum", at: "bytes 10..11", kind: "uint" },
    { name: "source", at: "bytes 12..15", kind: "bytes" },
    { name: "destination", at: "bytes 16..19", kind: "uint" },
  ],
});

describe("big-endian bit fields", () => {
  // The worked example of https://en.wikipedia.org/wiki/Internet_checksum
  const wire = "45000073000040004011b861c0a80001c0a800c7";
  const value = {
    version: 4,
    ihl: 5,
    tos: 0,
    length: 115,
    id: 0,
    df: true,
    mf: false,
    fragment: 0,
    ttl: 64,
    protocol: 17,
    checksum: 0xb861,
    source: Uint8Array.of(192, 168, 0, 1),
    destination: 0xc0a800c7,
  } as const;
  it("encode", () => expect(toHex(ipv4.encode(value))).toBe(wire));
  it("decode", () => expect(ipv4.decode(fromHex(wire))).toEqual({ ok: true, value }));
});

const kinds = structure({
  name: "S",
  bytes: 48,
  endian: "little",
  source: "test",
  fields: [
    { name: "count", at: "byte 0[3:0]", kind: "zeroBased" },
    { at: "byte 0[7:4]", kind: "reserved" },
    { name: "flag", at: "byte 1[0]", kind: "flag" },
    { name: "bits", at: "byte 1[7:1]", kind: "bitset", names: { 0: "zero", 2: "two" } },
    { name: "small", at: "bytes 03:02", kind: "uint" },
    { name: "large", at: "bytes 11:04", kind: "uint" },
    { name: "tag", at: "bytes 21:12", kind: "wide" },
    { name: "text", at: "bytes 25:22", kind: "ascii" },
    { name: "path", at: "bytes 29:26", kind: "ascii", pad: "nul" },
    { at: "bytes 31:30", kind: "opaque", name: "vendor" },
    { name: "list", at: "bytes 35:32", kind: "uints", bytesEach: 2 },
    {
      name: "pairs",
      at: "bytes 43:36",
      kind: "array",
      each: {
        name: "pair",
        bytes: 4,
        endian: "little",
        source: "test",
        fields: [
          { name: "low", at: "bytes 01:00", kind: "uint" },
          { name: "high", at: "bytes 03:02", kind: "uint", endian: "big" },
        ],
      },
    },
    { at: "bytes 47:44", kind: "reserved" },
  ],
});

const full = {
  count: 16,
  flag: true,
  bits: [0, 2],
  small: 0x1234,
  large: 0x1f_ffff_ffff_ffff,
  tag: 0x0102030405060708090an,
  text: "ab",
  path: "/x",
  list: [1, 0xffff],
  pairs: [
    { low: 1, high: 2 },
    { low: 0xaabb, high: 0xccdd },
  ],
};
// By hand, from the positions above.
const fullHex =
  "0f" +
  "0b" +
  "3412" +
  "ffffffffffff1f00" +
  "0a090807060504030201" +
  "61622020" +
  "2f780000" +
  "0000" +
  "0100ffff" +
  "01000002bbaaccdd" +
  "00000000";

describe.each([
  ["compiled", true],
  ["interpreted", false],
])("every kind, %s", (_, compile) => {
  const table = structure(kinds.layout, { compile });
  const changed = (at: number, byte: number): Uint8Array => {
    const bytes = fromHex(fullHex);
    bytes[at] = byte;
    return bytes;
  };
  // Calls before this warm the structure up to its generated code.
  for (let call = 0; call < 10; call += 1) table.encode({ count: 1 });

  it("encodes", () => expect(toHex(table.encode(full))).toBe(fullHex));
  it("decodes", () => expect(table.decode(fromHex(fullHex))).toEqual({ ok: true, value: full }));
  it("encodes fields left out as zero, over what was there", () => {
    const target = new Uint8Array(50).fill(0xee);
    table.encode({ count: 1 }, target, 1);
    expect(toHex(target)).toBe(`ee${"00".repeat(22)}20202020${"00".repeat(22)}ee`);
  });
  it("takes bigints where 53 bits do not suffice", () => {
    const bytes = table.encode({ count: 1, large: 0xffff_ffff_ffff_ffffn });
    expect(toHex(bytes.subarray(4, 12))).toBe("ffffffffffffffff");
    expect(table.decode(bytes)).toEqual({
      ok: false,
      violated: "S: large (bytes 11:04) is above 2^53-1",
      field: "large",
    });
    expect(table.decode(bytes, 0, { lenient: true }).ok).toBe(false);
  });
  it("says how many bytes are missing", () => {
    expect(table.decode(new Uint8Array(47))).toEqual({ ok: false, need: 1 });
    expect(table.decode(new Uint8Array(50), 10)).toEqual({ ok: false, need: 8 });
  });
  it("refuses trailing bytes if asked to", () => {
    const bytes = new Uint8Array(49);
    expect(table.decode(bytes).ok).toBe(true);
    expect(table.decode(bytes, 0, { exact: true })).toMatchObject({
      violated: "S: must be 48 bytes long, not 49",
    });
  });
  it("names the rule that bytes break", () => {
    const rules: [number, number, string, string][] = [
      [0, 0x1f, "reserved", "S: reserved (byte 0[7:4]) is reserved and must be zero"],
      [47, 1, "reserved", "S: reserved (bytes 47:44) is reserved and must be zero"],
      [22, 0x80, "text", "S: text (bytes 25:22) must be ASCII characters"],
    ];
    for (const [at, byte, field, violated] of rules) {
      expect(table.decode(changed(at, byte))).toEqual({ ok: false, violated, field });
      expect(table.decode(changed(at, byte), 0, { lenient: true }).ok).toBe(true);
    }
  });
  it("leaves opaque bytes alone", () => {
    expect(table.decode(changed(30, 0xff))).toEqual({ ok: true, value: full });
  });
  it("keeps no reference to the input", () => {
    const bytes = fromHex(fullHex);
    const decoded = table.decode(bytes);
    bytes.fill(0);
    expect(decoded).toEqual({ ok: true, value: full });
  });

  it.each([
    [{ count: 0 }, "S: count must be a whole number from 1 to 16, not 0"],
    [{ count: 17 }, "S: count must be a whole number from 1 to 16, not 17"],
    [{ count: 1.5 }, "S: count must be a whole number from 1 to 16, not 1.5"],
    [{ count: 1, small: 65536 }, "S: small must be a whole number from 0 to 65535, not 65536"],
    [{ count: 1, small: -1 }, "S: small must be a whole number from 0 to 65535, not -1"],
    [{ count: 1, small: 0.5 }, "S: small must be a whole number from 0 to 65535, not 0.5"],
    [{ count: 1, small: Number.NaN }, "S: small must be a whole number from 0 to 65535, not NaN"],
    [
      { count: 1, large: 2 ** 53 },
      "S: large must be a whole number from 0 to 18446744073709551615 " +
        "(a bigint above 2^53-1), not 9007199254740992",
    ],
    [
      { count: 1, large: 2n ** 64n },
      "S: large must be a whole number from 0 to 18446744073709551615, not 18446744073709551616",
    ],
    [
      { count: 1, tag: -1n },
      "S: tag must be a whole number from 0 to 1208925819614629174706175, not -1",
    ],
    [{ count: 1, bits: [7] }, "S: bits must be made of bit numbers from 0 to 6, not 7"],
    [{ count: 1, text: "abcde" }, "S: text must be at most 4 characters, not 5: abcde"],
    [{ count: 1, text: "é" }, 'S: text must be ASCII characters, not "é"'],
    [{ count: 1, list: [1, 2, 3] }, "S: list must be at most 2 numbers, not 3"],
    [
      { count: 1, list: [1, 65536] },
      "S: list[1] must be a whole number from 0 to 65535, not 65536",
    ],
    [{ count: 1, pairs: [{}, {}, {}] }, "S: pairs must be at most 2 entries, not 3"],
    [
      { count: 1, pairs: [{ low: 65536 }] },
      "pair: low must be a whole number from 0 to 65535, not 65536",
    ],
  ])("refuses %o", (value, message) => {
    const target = new Uint8Array(48).fill(0xee);
    expect(() => table.encode(value, target)).toThrow(new RangeError(message));
    expect(target.every((byte) => byte === 0xee)).toBe(true);
  });
  it.each([
    [{ count: 1, nope: 1 }, /there is no field "nope"; it has count, flag, bits, small/],
    [{}, /count must be a number \(it has no default\), not undefined/],
    [{ count: 1, small: "1" }, /small must be a number or bigint, not string/],
    [{ count: 1, flag: 1 }, /flag must be a boolean, not number/],
    [{ count: 1, text: 7 }, /text must be a string, not number/],
    [{ count: 1, list: 7 }, /list must be an array of numbers, not number/],
    [null, /must be an object/],
    [7, /must be an object/],
  ])("refuses %o as a mistake of the caller", (value, message) => {
    expect(() => table.encode(value as never)).toThrow(TypeError);
    expect(() => table.encode(value as never)).toThrow(message);
  });
  it("refuses a target that is too small", () => {
    expect(() => table.encode(full, new Uint8Array(47))).toThrow(
      new RangeError("S: 48 bytes at offset 0 do not fit a buffer of 47"),
    );
    expect(() => table.encode(full, new Uint8Array(64), -1)).toThrow(RangeError);
  });
});

describe.each([
  ["compiled", true],
  ["interpreted", false],
])("runs of bytes, %s", (_, compile) => {
  const table = structure(
    {
      name: "S",
      bytes: 150,
      endian: "little",
      source: "test",
      fields: [
        { name: "short", at: "bytes 06:00", kind: "bytes" },
        { name: "long", at: "bytes 106:07", kind: "bytes" },
        { at: "bytes 109:107", kind: "opaque", name: "few" },
        { at: "bytes 149:110", kind: "opaque", name: "many" },
      ],
    },
    { compile },
  );
  const short = Uint8Array.from({ length: 7 }, (_, i) => i + 1);
  const long = Uint8Array.from({ length: 100 }, (_, i) => i + 100);
  for (let call = 0; call < 10; call += 1) table.encode({});

  it("are copied, also out of a Node Buffer", () => {
    const wire = Buffer.concat([short, long, Buffer.alloc(43, 0xee)]);
    const decoded = table.decode(wire);
    wire.fill(0);
    expect(decoded).toEqual({ ok: true, value: { short, long } });
    expect(decoded.ok && Buffer.isBuffer(decoded.value.short)).toBe(false);
  });
  it("are cleared where they are left out", () => {
    expect(table.encode({}, new Uint8Array(150).fill(0xee))).toEqual(new Uint8Array(150));
    const half = table.encode({ long }, new Uint8Array(150).fill(0xee));
    expect(half).toEqual(Uint8Array.from([...new Uint8Array(7), ...long, ...new Uint8Array(43)]));
  });
  it("must have the length of the field", () => {
    expect(() => table.encode({ short: new Uint8Array(8) })).toThrow(
      new RangeError("S: short must be 7 bytes long, not 8"),
    );
    expect(() => table.encode({ short: [1] as never })).toThrow(
      /must be a Uint8Array, not an array/,
    );
  });
});

describe("access to single fields", () => {
  it("patches only what is given", () => {
    const bytes = new Uint8Array(48).fill(0xff);
    kinds.patch(bytes, { count: 1, flag: false });
    expect(toHex(bytes.subarray(0, 3))).toBe("f0feff");
    expect(() => kinds.patch(bytes, { count: 99 })).toThrow(RangeError);
  });
  it("reads one field", () => {
    const bytes = fromHex(fullHex);
    expect(kinds.read(bytes, "count")).toBe(16);
    expect(kinds.read(bytes, "tag")).toBe(0x0102030405060708090an);
    expect(() => kinds.read(changedText(), "text")).toThrow(/must be ASCII/);
  });
  it("gives positions", () => {
    expect(kinds.offsetOf("large")).toBe(4);
    expect(kinds.field("bits")).toMatchObject({ byte: 1, bits: 7, dword: 0, shift: 9 });
    expect(() => kinds.offsetOf("nope" as never)).toThrow(/no field "nope"/);
  });
  const changedText = (): Uint8Array => {
    const bytes = fromHex(fullHex);
    bytes[22] = 0;
    bytes[23] = 1;
    return bytes;
  };
});

describe("where code generation is forbidden", () => {
  it("interprets, and says the same", () => {
    // What `new Function` does under a content security policy without "unsafe-eval".
    const forbidden = vi.fn(function forbid() {
      throw new EvalError("Code generation from strings disallowed for this context");
    });
    vi.stubGlobal("Function", forbidden);
    try {
      const table = structure(kinds.layout);
      for (let call = 0; call < 10; call += 1) expect(toHex(table.encode(full))).toBe(fullHex);
      expect(table.decode(fromHex(fullHex))).toEqual({ ok: true, value: full });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(forbidden).toHaveBeenCalled();
  });
});
