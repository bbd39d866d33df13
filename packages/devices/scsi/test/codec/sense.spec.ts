import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  additionalSenseCodes,
  additionalSenseName,
  type SenseDataInput,
  type SenseKeySpecific,
  scsiStructures,
  senseData,
  senseKeyNames,
  statusNames,
} from "../../src/codec/index.ts";
import { ask, has, reason, spaced } from "./referee.ts";

// Goal: sense data of both formats as targets send it, above all COPY ABORTED with its pointers.

const media = fromHex("70000300000000 0a 00000000 1100 00000000".replaceAll(" ", ""));

describe("sense data that LIO of Linux 6.1 sent", () => {
  it.each([
    // Behind a length of two bytes in iSCSI, followed by zeros up to 96 bytes.
    ["INVALID COMMAND OPERATION CODE", "70000500000000 0a 0000000020 00", 0x20, 0x00],
    ["PARAMETER LIST LENGTH ERROR", "70000500000000 0a 000000001a 00", 0x1a, 0x00],
  ])("%s", (name, hex, asc, ascq) => {
    const bytes = new Uint8Array(96);
    bytes.set(fromHex(hex.replaceAll(" ", "")));
    const decoded = senseData.decode(bytes);
    expect(decoded).toEqual({
      ok: true,
      value: { format: "fixed", deferred: false, senseKey: 5, asc, ascq },
    });
    expect(additionalSenseName(asc, ascq)).toBe(name);
    if (decoded.ok) expect(senseData.encode(decoded.value)).toEqual(bytes.slice(0, 18));
  });
});

describe("COPY ABORTED", () => {
  it("fixed format: segment, pointer, residual (SPC-4 5.17.7.4)", () => {
    const value: SenseDataInput = {
      senseKey: 0xa,
      asc: 0x0d,
      ascq: 0x02,
      information: 16,
      copySegment: 3,
      senseKeySpecific: { kind: "segment", inSegment: true, byte: 12 },
    };
    expect(toHex(senseData.encode(value))).toBe("f0000a000000100a000000030d0200a0000c");
  });
  it("fixed format: status and sense data of source and destination", () => {
    const value: SenseDataInput = {
      senseKey: 0xa,
      asc: 0x0d,
      ascq: 0x01,
      copySegment: 0,
      forwarded: [
        { source: "copy destination", status: 2, senseData: media },
        { source: "copy source", status: 8, senseData: new Uint8Array(0) },
      ],
    };
    const bytes = senseData.encode(value);
    // Byte 8 points at the source's status byte, byte 9 at the destination's, from byte 0.
    expect(toHex(bytes)).toBe(
      `70000a00000000 1e 25120000 0d0100000000 02${toHex(media)}08`.replaceAll(" ", ""),
    );
    expect(senseData.decode(bytes)).toMatchObject({
      ok: true,
      value: {
        copySegment: 0,
        forwarded: [
          { source: "copy destination", status: 2, senseData: media },
          { source: "copy source", status: 8, senseData: new Uint8Array(0) },
        ],
      },
    });
    const explained = scsiStructures.sense.annotate(bytes);
    const named = Object.fromEntries(explained.map((one) => [one.field, one.label]));
    expect(named.destinationStatus).toBe("CHECK CONDITION");
    expect(named["destinationSense.ascq"]).toBe("UNRECOVERED READ ERROR");
    expect(named.sourceStatus).toBe("BUSY");
  });
  it("descriptor format: segment in the third and fourth byte, sense data forwarded", () => {
    const value: SenseDataInput = {
      format: "descriptor",
      senseKey: 0xa,
      asc: 0x0d,
      ascq: 0x01,
      information: 16n,
      copySegment: 3,
      senseKeySpecific: { kind: "segment", inSegment: false, byte: 0x2c, bit: 4 },
      forwarded: [{ source: "copy destination", status: 2, senseData: media, truncated: true }],
    };
    const hex =
      "720a0d010000003600 0a80000000000000000010 010a0000 0000000300000000 020600008c002c00" +
      `0c148202${toHex(media)}`;
    expect(toHex(senseData.encode(value))).toBe(hex.replaceAll(" ", ""));
    const decoded = senseData.decode(fromHex(hex.replaceAll(" ", "")));
    expect(decoded).toEqual({ ok: true, value: { deferred: false, ...value } });
  });
  it("lists nothing of another sense key", () => {
    const copy = { senseKey: 5, copySegment: 1 };
    expect(() => senseData.encode(copy)).toThrow("COPY ABORTED");
    expect(() => senseData.encode({ ...copy, format: "descriptor" })).toThrow("COPY ABORTED");
    const other = { senseKey: 0xa, commandSpecificInformation: 1 };
    expect(() => senseData.encode(other)).toThrow("copySegment");
    expect(() => senseData.encode({ ...other, format: "descriptor" })).toThrow("copySegment");
    expect(() => senseData.encode({ senseKey: 0xa, copySegment: 0x10000 })).toThrow(RangeError);
  });
});

describe("descriptor format", () => {
  // Examples of sg3_utils' own test program, tst_sg_lib.c.
  const forwarded = `72052600000000180c160702${"7205260000000 00c00 0a80000000000000000000".replaceAll(" ", "")}`;
  it.each([
    [
      "forwarded sense data",
      forwarded,
      { asc: 0x26, forwarded: [{ source: "unknown", status: 2 }] },
    ],
    [
      "another progress indication, not taken apart",
      "72020400000000 08 0a06020419001234".replaceAll(" ", ""),
      { senseKey: 2, descriptors: [{ type: 0x0a, parameters: fromHex("020419001234") }] },
    ],
    [
      "progress",
      "72020407000000080206000080123400",
      { senseKeySpecific: { kind: "progress", progress: 0x1234 } },
    ],
  ])("%s", (_, hex, value) => {
    expect(senseData.decode(fromHex(hex))).toMatchObject({ ok: true, value });
  });
  it.each([
    ["too long a descriptor", "7205240000000004000a8000", "[0].additionalLength", 9],
    ["too short a descriptor", "7205240000000004020200 00".replaceAll(" ", ""), "[0]", 8],
    ["a bad length", "72052400000000080207000000000000", "[0].additionalLength", 9],
    ["reserved bits", "72052400000000080206010080000000", "[0].reserved", 10],
    [
      "reserved bits of the pointer",
      "720524000000000802060000b0000000",
      "[0].senseKeySpecific.reserved",
      12,
    ],
  ])("%s is refused", (_, hex, field, byte) => {
    expect(senseData.decode(fromHex(hex))).toMatchObject({ ok: false, field, byte });
  });
  it("leaves out what was cut off", () => {
    const whole = senseData.encode({
      format: "descriptor",
      senseKey: 5,
      information: 1,
      fieldReplaceableUnitCode: 9,
    });
    const decoded = senseData.decode(whole.subarray(0, 22));
    expect(decoded).toEqual({
      ok: true,
      value: {
        format: "descriptor",
        deferred: false,
        senseKey: 5,
        asc: 0,
        ascq: 0,
        information: 1n,
      },
    });
  });
});

describe("fixed format", () => {
  it("counts what was cut off as zero", () => {
    expect(senseData.decode(media.subarray(0, 13))).toMatchObject({
      ok: true,
      value: { asc: 0x11 },
    });
    expect(senseData.decode(media.subarray(0, 7))).toEqual({ ok: false, need: 1 });
    expect(senseData.decode(new Uint8Array(0))).toEqual({ ok: false, need: 8 });
  });
  it("leaves out an LBA that it cannot hold (SPC-4 4.5.3)", () => {
    const big = senseData.encode({ senseKey: 5, asc: 0x21, information: 2 ** 32 });
    expect(toHex(big)).toBe("70000500000000 0a 00000000 2100 00000000".replaceAll(" ", ""));
    const most = senseData.encode({ senseKey: 5, asc: 0x21, information: 2 ** 32 - 1 });
    expect(toHex(most.subarray(0, 7))).toBe("f00005ffffffff");
  });
  it.each([0x00, 0x7f, 0x74])("refuses response code %i", (code) => {
    const bytes = new Uint8Array(18);
    bytes[0] = code;
    expect(senseData.decode(bytes)).toMatchObject({ ok: false, field: "responseCode", byte: 0 });
  });
  it("has a greatest length", () => {
    const forwarded = [
      { source: "copy source", status: 2, senseData: new Uint8Array(241) },
    ] as const;
    expect(() => senseData.encode({ senseKey: 0xa, forwarded })).toThrow("at most 252");
    expect(() => senseData.encode({ senseKey: 0xa, format: "descriptor", forwarded })).toThrow();
  });
});

describe("any sense data comes back", () => {
  const pointer = { byte: fc.nat(65535), bit: fc.integer({ min: 0, max: 7 }) };
  const specific: Record<number, fc.Arbitrary<SenseKeySpecific>> = {
    0: fc.record({ kind: fc.constant("progress"), progress: fc.nat(65535) }),
    3: fc.record({ kind: fc.constant("retries"), retries: fc.nat(65535) }),
    5: fc.record(
      { kind: fc.constant("field"), inCdb: fc.boolean(), ...pointer },
      { requiredKeys: ["kind", "inCdb", "byte"] },
    ),
    6: fc.record({ kind: fc.constant("overflow"), overflow: fc.boolean() }),
    7: fc.record({ kind: fc.constant("other"), value: fc.nat(2 ** 23 - 1) }),
    10: fc.record(
      { kind: fc.constant("segment"), inSegment: fc.boolean(), ...pointer },
      { requiredKeys: ["kind", "inSegment", "byte"] },
    ),
  };
  const head = { deferred: fc.boolean(), asc: fc.nat(255), ascq: fc.nat(255) };
  const ofKey = (senseKey: number, bits: 32 | 64, zero: bigint): fc.Arbitrary<object> => {
    const wide = (min: bigint) => fc.bigInt({ min, max: 2n ** BigInt(bits) - 1n });
    const always = { ...head, senseKey: fc.constant(senseKey) };
    const commandSpecific: Record<string, fc.Arbitrary<unknown>> = senseKey === 10
      ? { copySegment: fc.nat(65535) }
      : { commandSpecificInformation: wide(zero) };
    const may = {
      senseKeySpecific: specific[senseKey],
      information: wide(0n),
      fieldReplaceableUnitCode: fc.integer({ min: Number(zero), max: 255 }),
      filemark: fc.constant(true),
      eom: fc.constant(true),
      ili: fc.constant(true),
      overflow: fc.constant(true),
    };
    // Fixed format always has the segment number of COPY ABORTED.
    const given = senseKey === 10 ? { ...always, ...commandSpecific } : always;
    const optional = senseKey === 10 ? may : { ...may, ...commandSpecific };
    return fc
      .tuple(fc.record(given), fc.record(optional, { requiredKeys: [] }))
      .map(([one, other]) => ({ ...one, ...other }));
  };
  const keys = Object.keys(specific).map(Number);
  it.each([
    // Fixed format has no way to say that a number is absent, so zero means that.
    ["fixed", 32, 1n],
    ["descriptor", 64, 0n],
  ] as const)("%s", (format, bits, zero) => {
    const any = fc.oneof(...keys.map((key) => ofKey(key, bits, zero)));
    fc.assert(
      fc.property(any, (value) => {
        const given = { format, ...value } as SenseDataInput;
        expect(senseData.decode(senseData.encode(given))).toEqual({ ok: true, value: given });
      }),
    );
  });
  it("other kinds of pointers are refused", () => {
    const senseKeySpecific = { kind: "segment", inSegment: true, byte: 0 } as const;
    expect(() => senseData.encode({ senseKey: 5, senseKeySpecific })).toThrow(TypeError);
  });
});

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const decodeSense = (bytes: Uint8Array): string =>
  ask("sg_decode_sense", spaced(bytes).split(" ")) ?? "";

describe(`as sg_decode_sense reads it${reason("sg_decode_sense")}`, () => {
  const codes = additionalSenseCodes();
  it.skipIf(!has("sg_decode_sense"))(`names of ${codes.length} codes`, { timeout: 60_000 }, () => {
    const different = codes.filter(({ asc, ascq, name }) => {
      const said = decodeSense(senseData.encode({ senseKey: 5, asc, ascq }));
      return !bare(said).includes(`additionalsense${bare(name)}`);
    });
    expect(different).toEqual([]);
  });
  it.skipIf(!has("sg_decode_sense")).each(Object.entries(senseKeyNames))(
    "key %s %s",
    (key, name) => {
      const said = decodeSense(senseData.encode({ senseKey: Number(key) }));
      expect(bare(said)).toContain(`sensekey${bare(name)}`);
    },
  );
  it.skipIf(!has("sg_decode_sense"))("pointers, information and forwarded sense data", () => {
    const base = { senseKey: 0xa, asc: 0x0d, ascq: 1, information: 0x1234 } as const;
    const fixed = decodeSense(
      senseData.encode({
        ...base,
        copySegment: 3,
        senseKeySpecific: { kind: "segment", inSegment: true, byte: 12, bit: 5 },
      }),
    );
    expect(fixed).toMatch(/Fixed format, current; Sense key: Copy Aborted/i);
    expect(fixed).toMatch(/Info fld=0x1234/);
    expect(fixed).toMatch(
      /Segment pointer: Relative to start of segment descriptor, byte 12 bit 5/,
    );
    const descriptor = decodeSense(
      senseData.encode({
        ...base,
        format: "descriptor",
        copySegment: 3,
        senseKeySpecific: { kind: "segment", inSegment: false, byte: 44 },
        forwarded: [{ source: "copy source", status: 2, senseData: media }],
      }),
    );
    expect(descriptor).toMatch(/Descriptor format, current/);
    expect(descriptor).toMatch(/Command specific: 0x0000000300000000/);
    expect(descriptor).toMatch(/Relative to start of parameter list, byte 44/);
    expect(descriptor).toMatch(/Unrecovered read error/);
    const field = decodeSense(
      senseData.encode({
        senseKey: 5,
        asc: 0x24,
        senseKeySpecific: { kind: "field", inCdb: true, byte: 10, bit: 7 },
      }),
    );
    expect(field).toMatch(/Error in Command.*byte 10 bit 7/);
    const progress = decodeSense(
      senseData.encode({
        senseKey: 2,
        asc: 4,
        ascq: 4,
        senseKeySpecific: { kind: "progress", progress: 0x8000 },
      }),
    );
    expect(progress).toMatch(/50.00%/);
  });
});

it("status codes have the numbers of SAM-5", () => {
  expect(statusNames).toEqual({
    0: "GOOD",
    2: "CHECK CONDITION",
    4: "CONDITION MET",
    8: "BUSY",
    24: "RESERVATION CONFLICT",
    40: "TASK SET FULL",
    48: "ACA ACTIVE",
    64: "TASK ABORTED",
  });
});
