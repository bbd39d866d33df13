import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockSegment,
  type CscdDescriptorInput,
  cscdDescriptor,
  extendedCopyLid1List,
  extendedCopyLid4List,
  fieldPlace,
  operatingParameters,
  rodCscd,
  type SegmentDescriptorInput,
  scsiStructures,
  segmentDescriptor,
} from "../../src/codec/index.ts";
import { anyValueOf } from "./arbitrary-values.ts";

// Goal: EXTENDED COPY as other initiators and targets write it, and every bad list refused with
// the place of what is wrong.

/** What sg_xcopy 1.46 of Debian 12 sends for `if=sg0 of=sg1 bs=512 count=64 skip=256 seek=1024`;
 * ddpt 0.97 builds the same bytes. */
const sgXcopy =
  "01110040000000000000001c00000000" +
  "e4000000010300106001405f0102030405060708090a0b0c0000000000000200".repeat(2) +
  "02000018000000010000004000000000000001000000000000000400";

/** What iscsi-test-cu sent to LIO of Linux 6.1, one byte short: it tests for 1A/00. */
const cutOff =
  "01000020000000000000001c00000000" +
  "e400000001030010600140502345678aaaabbbbcccc000000000000000000200" +
  "0200001800000000000008000000000000000000000000000007f8";

const unit = {
  type: 0xe4,
  codeSet: 1,
  designatorType: 3,
  designatorLength: 16,
  designator: fromHex("6001405f0102030405060708090a0b0c00000000"),
  blockLength: 512,
} as const;

describe("EXTENDED COPY(LID1)", () => {
  const value = {
    listIdentifier: 1,
    listIdUsage: 2,
    priority: 1,
    cscds: [unit, unit],
    segments: [
      {
        type: 0x02,
        sourceCscd: 0,
        destinationCscd: 1,
        blocks: 64,
        sourceLba: 256,
        destinationLba: 1024,
      } as const,
    ],
  };
  it("encodes what sg_xcopy sends", () => {
    expect(toHex(extendedCopyLid1List.encode(value))).toBe(sgXcopy);
    expect(extendedCopyLid1List.sizeOf(value)).toBe(sgXcopy.length / 2);
  });
  it("decodes what sg_xcopy sends", () => {
    const decoded = extendedCopyLid1List.decode(fromHex(sgXcopy), { exact: true });
    expect(decoded).toMatchObject({ ok: true, value });
    if (decoded.ok) expect(toHex(extendedCopyLid1List.encode(decoded.value))).toBe(sgXcopy);
  });
  it("encodes into a buffer at an offset", () => {
    const target = new Uint8Array(200).fill(0xee);
    extendedCopyLid1List.encode(value, target, 10);
    expect(toHex(target.subarray(10, 118))).toBe(sgXcopy);
    expect(target.subarray(0, 10).every((byte) => byte === 0xee)).toBe(true);
    expect(target.subarray(118).every((byte) => byte === 0xee)).toBe(true);
    expect(() => extendedCopyLid1List.encode(value, target, 100)).toThrow(RangeError);
  });
  it("says how much a list that was cut off lacks", () => {
    expect(extendedCopyLid1List.decode(fromHex(cutOff))).toEqual({ ok: false, need: 1 });
    expect(extendedCopyLid1List.decode(fromHex(cutOff).subarray(0, 47))).toEqual({
      ok: false,
      need: 29,
    });
    expect(extendedCopyLid1List.decode(fromHex(`${cutOff}00`))).toMatchObject({
      ok: true,
      value: {
        listIdUsage: 0,
        cscds: [{ type: 0xe4, designatorLength: 16 }],
        segments: [{ type: 0x02, blocks: 2048, destinationLba: 0x7f800 }],
      },
    });
  });
  it("keeps inline data", () => {
    const inlineData = Uint8Array.of(1, 2, 3);
    const bytes = extendedCopyLid1List.encode({ inlineData });
    expect(toHex(bytes)).toBe(`${"00".repeat(15)}03010203`);
    expect(extendedCopyLid1List.decode(bytes)).toMatchObject({ ok: true, value: { inlineData } });
  });
  it("takes no lengths from callers", () => {
    const lengths = { cscdDescriptorListLength: 32 } as object;
    expect(() => extendedCopyLid1List.encode(lengths)).toThrow("follows from the parts");
    expect(() => extendedCopyLid1List.encode({ segment: [] } as object)).toThrow("segment");
  });
});

describe("segment descriptors by their tables", () => {
  const cases: [string, SegmentDescriptorInput, string][] = [
    [
      "02h with DC and CAT",
      { type: 0x02, dc: true, cat: true, sourceCscd: 0xffff, destinationCscd: 2, blocks: 0xfffe },
      `02030018ffff00020000fffe${"00".repeat(16)}`,
    ],
    // The field offsets by which libiscsi fills a 0Ah descriptor.
    [
      "0Ah",
      {
        type: 0x0a,
        cat: true,
        sourceCscd: 1,
        destinationCscd: 0,
        bytes: 0x01020304,
        sourceLba: 0x1112131415161718n,
        destinationLba: 0x2122232425262728n,
        sourceByteOffset: 0x0101,
        destinationByteOffset: 0x0202,
      },
      "0a01001c0001000001020304111213141516171821222324252627280101" + "0202",
    ],
    ["07h", { type: 0x07, sourceCscd: 3, tur: true }, "070000080003000001000000"],
    [
      "14h",
      {
        type: 0x14,
        destinationCscd: 1,
        reservationKey: 0x1122334455667788n,
        serviceActionReservationKey: 0x99n,
      },
      "140000180000000111223344556677880000000000000099" + "00000000",
    ],
    [
      "BEh with two ranges",
      {
        type: 0xbe,
        sourceCscd: 0xffff,
        destinationCscd: 1,
        rangeDescriptorType: 1,
        ranges: [
          { lba: 0x100, blocks: 0x10 },
          { lba: 0x200, blocks: 0x20 },
        ],
      },
      "be00002cffff0001000000000001002000000000000001000000001000000000" +
        "00000000000002000000002000000000",
    ],
    [
      "BFh",
      { type: 0xbf, sourceCscd: 0xffff, destinationCscd: 1, lba: 0x100, blocks: 0x10 },
      "bf000010ffff0001000000000000010000000010",
    ],
    [
      "one without a table",
      { type: "other", code: 0x04, flags: 1, parameters: Uint8Array.of(1, 2, 3, 4) },
      "0401000401020304",
    ],
  ];
  it.each(cases)("%s", (_, value, hex) => {
    expect(toHex(segmentDescriptor.encode(value))).toBe(hex);
    const decoded = segmentDescriptor.decode(fromHex(hex));
    // An LBA above 2^53-1 is refused by name, never rounded.
    if ("bytes" in value)
      expect(decoded).toMatchObject({ ok: false, field: "sourceLba", byte: 12 });
    else expect(decoded).toMatchObject({ ok: true, value });
  });
  it("refuses a table's code in the clothes of another", () => {
    const other = { type: "other", code: 2, flags: 0, parameters: new Uint8Array(24) } as const;
    expect(() => segmentDescriptor.encode(other)).toThrow("has a structure");
    expect(() => segmentDescriptor.encode({ type: 3 } as never)).toThrow(TypeError);
  });
});

describe("CSCD descriptors by their tables", () => {
  const tail = "04000200"; // PAD, 512 bytes a block
  const cases: [string, CscdDescriptorInput, string][] = [
    [
      "E4h, EUI-64",
      {
        type: 0xe4,
        relativeInitiatorPortIdentifier: 0x0102,
        codeSet: 1,
        association: 0,
        designatorType: 2,
        designatorLength: 8,
        designator: fromHex(`0123456789abcdef${"00".repeat(12)}`),
        pad: true,
        blockLength: 512,
      },
      `e4000102010200080123456789abcdef${"00".repeat(12)}${tail}`,
    ],
    [
      "E4h, T10 vendor ID",
      {
        type: 0xe4,
        codeSet: 2,
        designatorType: 1,
        designatorLength: 12,
        designator: fromHex(`4c494f2d4f52472041424344${"00".repeat(8)}`),
        blockLength: 4096,
      },
      `e40000000201000c4c494f2d4f52472041424344${"00".repeat(8)}00001000`,
    ],
    [
      "E4h, SCSI name string",
      {
        type: 0xe4,
        codeSet: 3,
        association: 0,
        designatorType: 8,
        designatorLength: 20,
        designator: fromHex("6e61612e36303031343035303031303230333034"),
      },
      "e4000000030800146e61612e3630303134303530303130323033303400000000",
    ],
    [
      "E0h",
      {
        type: 0xe0,
        luIdentifier: fromHex("0001000000000000"),
        nPortName: fromHex("2100001b32000001"),
      },
      `e000000000010000000000002100001b32000001${"00".repeat(12)}`,
    ],
    ["E1h", { type: 0xe1, nPortId: 0x010203 }, `e1${"00".repeat(20)}010203${"00".repeat(8)}`],
    [
      "E2h",
      { type: 0xe2, nPortName: fromHex("2100001b32000001"), nPortId: 0x010203 },
      `e2${"00".repeat(11)}2100001b3200000100010203${"00".repeat(8)}`,
    ],
    ["E3h", { type: 0xe3, targetIdentifier: 5 }, `e3${"00".repeat(12)}05${"00".repeat(18)}`],
    [
      "E5h",
      { type: 0xe5, address: Uint8Array.of(127, 0, 0, 1), port: 3260, protocol: 6 },
      `e5${"00".repeat(11)}7f000001${"00".repeat(6)}0cbc00000006${"00".repeat(4)}`,
    ],
    [
      "E6h",
      { type: 0xe6, aliasValue: fromHex("0000000000000007") },
      `e6${"00".repeat(18)}07${"00".repeat(12)}`,
    ],
    [
      "E7h",
      { type: 0xe7, targetPortIdentifier: fromHex("00112233445566778899aabbccddeeff") },
      `e7${"00".repeat(11)}00112233445566778899aabbccddeeff${"00".repeat(4)}`,
    ],
    [
      "E8h",
      { type: 0xe8, eui64: fromHex("0123456789abcdef"), directoryId: 0x0a0b0c },
      `e8${"00".repeat(11)}0123456789abcdef0a0b0c${"00".repeat(9)}`,
    ],
    [
      "E9h",
      { type: 0xe9, sasAddress: fromHex("5000c50000000001") },
      `e9${"00".repeat(11)}5000c50000000001${"00".repeat(12)}`,
    ],
    [
      "EAh",
      { type: 0xea, address: fromHex(`${"00".repeat(15)}01`) },
      `ea${"00".repeat(26)}01${"00".repeat(4)}`,
    ],
    ["EBh", { type: 0xeb, ipType: true }, `eb00000001${"00".repeat(27)}`],
    [
      "FEh",
      {
        type: 0xfe,
        rodProducer: 0xffff,
        rodType: 0x00800000,
        requestedLifetime: 0x0102,
        requestedInactivityTimeout: 0x0304,
        rToken: true,
        delTkn: true,
        rodTokenOffset: 0x0506,
      },
      "fe000000ffff00000080000000000102000003040000000300000506" + "00000000",
    ],
    ["FFh", { type: 0xff, information: new Uint8Array(31).fill(1) }, `ff${"01".repeat(31)}`],
    [
      "ECh",
      { type: "other", code: 0xec, parameters: new Uint8Array(31).fill(2) },
      `ec${"02".repeat(31)}`,
    ],
  ];
  it.each(cases)("%s", (_, value, hex) => {
    expect(toHex(cscdDescriptor.encode(value))).toBe(hex);
    expect(cscdDescriptor.decode(fromHex(hex))).toMatchObject({ ok: true, value });
  });
  it("explains an extension by the descriptor before it", () => {
    const bytes = new Uint8Array(64);
    bytes[0] = 0xea;
    bytes.set(fromHex("ff0000000cbc0006"), 32);
    const fields = scsiStructures["cscd-list"].annotate(bytes);
    const port = fields.find((one) => one.field === "[1].port");
    expect(port).toMatchObject({ byte: 36, value: 3260 });
    expect(
      fields.filter((one) => one.byte >= 32).every((one) => !/information/.test(one.field)),
    ).toBe(true);
  });
});

describe("EXTENDED COPY(LID4)", () => {
  it("stands where FreeBSD's CTL reads it", () => {
    // Offsets of struct scsi_extended_copy_lid4_data in FreeBSD's scsi_all.h.
    const bytes = extendedCopyLid4List.encode({
      str: true,
      listIdUsage: 2,
      priority: 1,
      gSense: true,
      immed: true,
      listIdentifier: 0x01020304,
      cscds: [unit],
      segments: [{ type: 0x02 }, { type: 0x07 }],
      inlineData: Uint8Array.of(9),
    });
    expect(toHex(bytes.subarray(0, 48))).toBe(
      `01310020${"00".repeat(11)}03ff00000001020304${"00".repeat(18)}002000280001`,
    );
    expect(bytes.length).toBe(48 + 32 + 28 + 12 + 1);
    const decoded = extendedCopyLid4List.decode(bytes, { exact: true });
    expect(decoded).toMatchObject({ ok: true, value: { immed: true, listIdentifier: 0x01020304 } });
    if (decoded.ok) expect(extendedCopyLid4List.encode(decoded.value)).toEqual(bytes);
  });
  it("refuses another format", () => {
    const bytes = extendedCopyLid4List.encode({});
    bytes[0] = 2;
    expect(extendedCopyLid4List.decode(bytes)).toMatchObject({
      ok: false,
      field: "parameterListFormat",
      byte: 0,
    });
  });
});

describe("bad lists", () => {
  const good = fromHex(sgXcopy);
  const broken = (change: (bytes: Uint8Array) => void): unknown => {
    const bytes = good.slice();
    change(bytes);
    return extendedCopyLid1List.decode(bytes);
  };
  const set =
    (at: number, ...values: number[]) =>
    (bytes: Uint8Array) =>
      bytes.set(values, at);
  it.each<[string, (bytes: Uint8Array) => void, object]>([
    ["reserved bits of the header", set(1, 0x51), { byte: 1, bit: 7 }],
    ["CSCD list of no multiple of 32", set(2, 0, 33), { field: "cscds[1]", byte: 48 }],
    ["designator's code set", set(20, 0xf1), { field: "cscds[0].reserved", byte: 20, bit: 7 }],
    ["second CSCD", set(54, 1), { field: "cscds[1].reserved", byte: 54 }],
    ["reserved bits of a segment", set(81, 4), { field: "segments[0].reserved", byte: 81, bit: 7 }],
    ["segment's own length", set(83, 0x14), { field: "segments[0].descriptorLength", byte: 82 }],
    ["LBA above 2^53-1", set(92, 0x80), { field: "segments[0].sourceLba", byte: 92 }],
    [
      "segment longer than its list",
      (bytes) => bytes.set([0x04, 0, 0, 0x19], 80),
      { field: "segments[0]", byte: 80 },
    ],
  ])("%s", (_, change, place) => {
    expect(broken(change)).toMatchObject({ ok: false, ...place });
  });
  it("names the place of a field as sense data does", () => {
    expect(fieldPlace(blockSegment, "destinationLba")).toEqual({ byte: 20 });
    expect(fieldPlace(blockSegment, "dc")).toEqual({ byte: 1, bit: 1 });
    expect(fieldPlace(rodCscd, "rToken")).toEqual({ byte: 23, bit: 1 });
    expect(() => fieldPlace(rodCscd, "nothing")).toThrow(TypeError);
  });
  it("lenient reads over reserved bits and what was cut off", () => {
    const bytes = good.slice();
    bytes[1] = 0xd1;
    const decoded = extendedCopyLid1List.decode(bytes.subarray(0, 100), { lenient: true });
    expect(decoded).toMatchObject({ ok: true, value: { cscds: [unit, unit], segments: [] } });
  });
});

describe("RECEIVE COPY OPERATING PARAMETERS", () => {
  // LIO of Linux 6.1, as it answered 84h/03h.
  const lio = fromHex(
    `0000002a 01000000 0002 0001 00000400 10000000 ${"00".repeat(14)} 0001 01 09 09 09 000000 02 02 e4`,
  );
  it("of LIO", () => {
    const decoded = operatingParameters.decode(lio, { exact: true });
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        snlid: true,
        maximumCscdDescriptorCount: 2,
        maximumSegmentDescriptorCount: 1,
        maximumDescriptorListLength: 1024,
        maximumSegmentLength: 256 * 2 ** 20,
        totalConcurrentCopies: 1,
        maximumConcurrentCopies: 1,
        dataSegmentGranularity: 9,
        implementedDescriptors: [0x02, 0xe4],
      },
    });
    if (decoded.ok) expect(operatingParameters.encode(decoded.value)).toEqual(lio);
  });
  it("names the descriptors", () => {
    const labels = scsiStructures["operating-parameters"].annotate(lio).map((one) => one.label);
    expect(labels).toContain("block to block");
    expect(labels).toContain("Identification Descriptor CSCD descriptor");
  });
});

it("any list comes back", () => {
  const segment = anyValueOf(blockSegment).map((one) => one as SegmentDescriptorInput);
  const cscd = anyValueOf(rodCscd).map((one) => one as CscdDescriptorInput);
  const list = fc.record({
    listIdentifier: fc.nat(255),
    listIdUsage: fc.nat(3),
    cscds: fc.array(cscd, { maxLength: 4 }),
    segments: fc.array(segment, { maxLength: 4 }),
    inlineData: fc.uint8Array({ maxLength: 9 }),
  });
  fc.assert(
    fc.property(list, (value) => {
      for (const codec of [extendedCopyLid1List, extendedCopyLid4List]) {
        const bytes = codec.encode(value);
        expect(codec.decode(bytes, { exact: true })).toMatchObject({ ok: true, value });
        expect(bytes.length).toBe(codec.sizeOf(value));
      }
    }),
  );
});
