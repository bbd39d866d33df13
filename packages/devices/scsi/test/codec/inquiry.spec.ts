import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cscdOfDesignator,
  type Designator,
  identificationCscd,
  isCscdOf,
  scsiStructures,
  standardInquiry,
  type ThirdPartyDescriptorInput,
  vpdBlockCharacteristics,
  vpdBlockLimits,
  vpdBlockProvisioning,
  vpdDeviceIdentification,
  vpdSupportedPages,
  vpdThirdPartyCopy,
  vpdUnitSerialNumber,
} from "../../src/codec/index.ts";
import { ask, has, reason, spaced } from "./referee.ts";

// Goal: INQUIRY data as LIO sends it, and as sg3-utils reads what we write.

const vpdOf = (page: string, bytes: Uint8Array): string =>
  ask("sg_vpd", [`--page=${page}`, "--inhex=-"], spaced(bytes)) ?? "";

describe("what LIO of Linux 6.1 answered", () => {
  it("standard INQUIRY", () => {
    const hex = `000006025bb810024c494f2d4f52472046494c45494f20202020202020202020342e3020${"00".repeat(22)}00a00960046004c0${"00".repeat(30)}`;
    const decoded = standardInquiry.decode(fromHex(hex), { exact: true });
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        peripheralDeviceType: 0,
        version: 6,
        responseDataFormat: 2,
        sccs: true,
        tpgs: 3,
        thirdPartyCopy: true,
        multip: true,
        cmdque: true,
        vendor: "LIO-ORG",
        product: "FILEIO",
        revision: "4.0",
        extension: { versionDescriptors: [0x00a0, 0x0960, 0x0460, 0x04c0, 0, 0, 0, 0] },
      },
    });
    // MULTIP and CMDQUE stand in bytes 6 and 7, whose obsolete bits LIO leaves clear.
    if (decoded.ok) expect(toHex(standardInquiry.encode(decoded.value))).toBe(hex);
  });
  it("VPD page 00h", () => {
    const hex = "0000000800808386b0b1b2b3";
    const pages = [0x00, 0x80, 0x83, 0x86, 0xb0, 0xb1, 0xb2, 0xb3];
    expect(vpdSupportedPages.decode(fromHex(hex), { exact: true })).toMatchObject({
      value: { pages },
    });
    expect(toHex(vpdSupportedPages.encode({ pages }))).toBe(hex);
  });
  it("VPD page 83h, cut off after 64 bytes", () => {
    const bytes = fromHex(
      "008300a801030010600140502345678aaaabbbbcccc00000020100344c494f2d4f5247204649" +
        "4c45494f3a30323334353637382d616161612d626262622d6363",
    );
    expect(vpdDeviceIdentification.decode(bytes)).toEqual({ ok: false, need: 108 });
    const naa = {
      codeSet: 1,
      piv: false,
      association: 0,
      designatorType: 3,
      designator: fromHex("600140502345678aaaabbbbcccc00000"),
    };
    expect(vpdDeviceIdentification.decode(bytes, { lenient: true })).toMatchObject({
      ok: true,
      value: { designators: [naa] },
    });
  });
  it("VPD page B0h", () => {
    const captured = fromHex(
      "00b0003c0101000100004000000040000000000000002000000000010000000100000000000000000000" +
        "10000000000000000000000000000000000000000000",
    );
    expect(vpdBlockLimits.decode(captured, { exact: true })).toMatchObject({
      ok: true,
      value: {
        wsnz: true,
        maximumCompareAndWriteLength: 1,
        optimalTransferLengthGranularity: 1,
        maximumTransferLength: 0x4000,
        optimalTransferLength: 0x4000,
        maximumUnmapLbaCount: 0x2000,
        maximumUnmapBlockDescriptorCount: 1,
        optimalUnmapGranularity: 1,
        maximumWriteSameLength: 0x1000n,
      },
    });
  });
  it("VPD pages B1h and B2h", () => {
    expect(vpdBlockCharacteristics.decode(fromHex(`00b1003c${"00".repeat(60)}`))).toMatchObject({
      ok: true,
      value: { mediumRotationRate: 0 },
    });
    const decoded = vpdBlockProvisioning.decode(fromHex("00b2000400e00000"), { exact: true });
    expect(decoded).toMatchObject({
      ok: true,
      value: { lbpu: true, lbpws: true, lbpws10: true, lbprz: 0, provisioningType: 0 },
    });
    if (decoded.ok)
      expect(toHex(vpdBlockProvisioning.encode(decoded.value))).toBe("00b2000400e00000");
  });
});

describe("pages of other lengths", () => {
  it("an older, shorter Block Limits page reads as zero where it ends (SBC-2: 12 bytes)", () => {
    const old = fromHex("00b0000c000000010000ffff00000080");
    expect(vpdBlockLimits.decode(old, { exact: true })).toMatchObject({
      ok: true,
      value: {
        maximumTransferLength: 0xffff,
        optimalTransferLength: 0x80,
        maximumUnmapLbaCount: 0,
      },
    });
    expect(vpdBlockLimits.decode(old.subarray(0, 10))).toEqual({ ok: false, need: 6 });
    expect(scsiStructures["vpd-b0"].annotate(old).every((one) => one.violated === undefined)).toBe(
      true,
    );
  });
  it("INQUIRY data of 36 bytes", () => {
    const bytes = standardInquiry.encode({
      version: 5,
      responseDataFormat: 2,
      vendor: "V",
      product: "P",
    });
    const blank = "20";
    expect(toHex(bytes)).toBe(
      `000005021f00000056${blank.repeat(7)}50${blank.repeat(15)}${blank.repeat(4)}`,
    );
    expect(standardInquiry.decode(bytes, { exact: true })).toMatchObject({
      ok: true,
      value: { extension: undefined },
    });
  });
  it("a page length cannot be given", () => {
    expect(() => vpdBlockLimits.encode({ pageLength: 12 } as never)).toThrow(TypeError);
  });
});

describe("designators and CSCD descriptors", () => {
  const naa: Designator = {
    protocolIdentifier: 0,
    codeSet: 1,
    piv: false,
    association: 0,
    designatorType: 3,
    designator: fromHex("6001405f0102030405060708090a0b0c"),
  };
  it("a CSCD descriptor names the unit of its designator", () => {
    const cscd = identificationCscd.encode(cscdOfDesignator(naa, { blockLength: 512 }));
    // The CSCD descriptor that sg_xcopy builds of this designator.
    expect(toHex(cscd)).toBe("e4000000010300106001405f0102030405060708090a0b0c0000000000000200");
    const decoded = identificationCscd.decode(cscd);
    expect(decoded.ok && isCscdOf(decoded.value, naa)).toBe(true);
  });
  it.each<[string, Partial<Designator>]>([
    ["code set", { codeSet: 2 }],
    ["association", { association: 1 }],
    ["type", { designatorType: 2 }],
    ["length", { designator: naa.designator.slice(0, 15) }],
    ["last byte", { designator: naa.designator.with(15, 0x0d) }],
  ])("but not of another %s", (_, change) => {
    const decoded = identificationCscd.decode(identificationCscd.encode(cscdOfDesignator(naa)));
    expect(decoded.ok && isCscdOf(decoded.value, { ...naa, ...change })).toBe(false);
  });
  it("a designator above 20 bytes has none", () => {
    const long = { ...naa, designator: new Uint8Array(21) };
    expect(() => cscdOfDesignator(long)).toThrow("holds 20");
  });
  it("any comes back", () => {
    const designator = fc.record({
      protocolIdentifier: fc.nat(15),
      codeSet: fc.nat(15),
      piv: fc.boolean(),
      association: fc.nat(3),
      designatorType: fc.nat(15),
      designator: fc.uint8Array({ maxLength: 255 }),
    });
    fc.assert(
      fc.property(fc.array(designator, { maxLength: 4 }), (designators) => {
        const bytes = vpdDeviceIdentification.encode({ designators });
        expect(vpdDeviceIdentification.decode(bytes, { exact: true })).toMatchObject({
          ok: true,
          value: { designators },
        });
      }),
    );
  });
});

/** One descriptor of each kind, with a number of its own in every field. */
const descriptors: ThirdPartyDescriptorInput[] = [
  {
    type: 0x0000,
    maximumRangeDescriptors: 64,
    maximumInactivityTimeout: 1001,
    defaultInactivityTimeout: 1002,
    maximumTokenTransferSize: 1003n,
    optimalTransferCount: 1004n,
  },
  {
    type: 0x0001,
    commands: [
      { operationCode: 0x83, serviceActions: [0x00, 0x01, 0x10, 0x11, 0x1c] },
      { operationCode: 0x84, serviceActions: [0x00, 0x03, 0x04, 0x05, 0x07, 0x08] },
    ],
  },
  {
    type: 0x0004,
    maximumCscdDescriptorCount: 1005,
    maximumSegmentDescriptorCount: 1006,
    maximumDescriptorListLength: 1007,
    maximumInlineDataLength: 1008,
  },
  { type: 0x0008, codes: [0x02, 0x0a, 0xe4] },
  { type: 0x000c, ids: [0xc000, 0xf800, 0xffff] },
  {
    type: 0x0106,
    remoteTokens: 4,
    minimumTokenLifetime: 1009,
    maximumTokenLifetime: 1010,
    maximumTokenInactivityTimeout: 1011,
    devices: [
      {
        optimalLengthGranularity: 1012,
        maximumBytesInRod: 1013n,
        optimalBytesInRodTransfer: 1014n,
        optimalBytesToTokenPerSegment: 1015n,
        optimalBytesFromTokenPerSegment: 1016n,
      },
    ],
  },
  {
    type: 0x0108,
    rodTypes: [
      { rodType: 0x00010000, tokenIn: true, tokenOut: true, preferenceIndicator: 1017 },
      { rodType: 0xffff0001, ecpyInt: true, tokenIn: true },
    ],
  },
  {
    type: 0x8001,
    totalConcurrentCopies: 1018,
    maximumIdentifiedConcurrentCopies: 1019,
    maximumSegmentLength: 1020,
    dataSegmentGranularity: 9,
    inlineDataGranularity: 10,
  },
  { type: 0x9101, maximumStreamDeviceTransferSize: 1021 },
  { type: 0xc001, heldDataLimit: 1022, heldDataGranularity: 11 },
  { type: "other", code: 0xe001, parameters: Uint8Array.of(1, 2, 3, 4) },
];

describe("VPD page 8Fh", () => {
  const page = vpdThirdPartyCopy.encode({ descriptors });
  it("has descriptors of the lengths that SPC-4 gives them, all multiples of four", () => {
    const lengths: number[] = [];
    for (let at = 4; at < page.length; at += 4 + lengths[lengths.length - 1]) {
      lengths.push(page[at + 2] * 256 + page[at + 3]);
    }
    // 7.8.17.4 to 7.8.17.12; 0001h: 1 + 7 + 8 bytes; 0008h: 1 + 3; 000Ch: 2 + 6.
    expect(lengths).toEqual([32, 16, 28, 4, 8, 92, 132, 32, 12, 28, 4]);
  });
  it("comes back", () => {
    const decoded = vpdThirdPartyCopy.decode(page, { exact: true });
    expect(decoded).toMatchObject({ ok: true, value: { descriptors } });
    if (decoded.ok) expect(vpdThirdPartyCopy.encode(decoded.value)).toEqual(page);
  });
  it("pads to four bytes and refuses padding that is none", () => {
    const one = vpdThirdPartyCopy.encode({ descriptors: [{ type: 0x0008, codes: [0xe4] }] });
    expect(toHex(one)).toBe("008f00080008000401e40000");
    const changed = (at: number, value: number): unknown =>
      vpdThirdPartyCopy.decode(one.with(at, value));
    expect(changed(10, 1)).toMatchObject({ ok: false, field: "descriptors[0].padding", byte: 10 });
    expect(changed(8, 0)).toMatchObject({ ok: false, field: "descriptors[0].padding", byte: 9 });
    expect(changed(8, 4)).toMatchObject({ ok: false, field: "descriptors[0].listLength", byte: 8 });
    expect(changed(7, 0)).toMatchObject({ ok: false });
  });
  it.skipIf(!has("sg_vpd"))(`as sg_vpd reads it${reason("sg_vpd")}`, () => {
    const said = vpdOf("tpc", page);
    const wanted = [
      "Block Device ROD Token Limits",
      "Maximum range descriptors: 64",
      "Maximum inactivity timeout: 1001 seconds",
      "Default inactivity timeout: 1002 seconds",
      "Maximum token transfer size: 1003",
      "Optimal transfer count: 1004",
      "Populate token",
      "Write using token",
      "Receive ROD token information",
      "Maximum CSCD descriptor count: 1005",
      "Maximum segment descriptor count: 1006",
      "Maximum descriptor list length: 1007",
      "Maximum inline data length: 1008",
      "block<o> -> block<o> [0xa]",
      "copy src or dst is copy manager LU [0xffff]",
      "Remote tokens: 4",
      "Minimum token lifetime: 1009 seconds",
      "Maximum token lifetime: 1010 seconds",
      "Maximum token inactivity timeout: 1011",
      "Optimal block ROD length granularity: 1012",
      "Maximum bytes in block ROD: 1013",
      "Optimal bytes in block ROD transfer: 1014",
      "Optimal bytes to token per segment: 1015",
      "Optimal bytes from token per segment: 1016",
      "Internal: no",
      "Preference: 1017",
      "Total concurrent copies: 1018",
      "Maximum identified concurrent copies: 1019",
      "Maximum segment length: 1020",
      "Data segment granularity: 512",
      "Inline data granularity: 1024",
      "Maximum stream device transfer size: 1021",
      "Held data limit: 1022",
      "Held data granularity: 2048",
    ];
    const lower = said.toLowerCase();
    expect(wanted.filter((text) => !lower.includes(text.toLowerCase()))).toEqual([]);
  });
});

describe(`pages as sg_vpd reads them${reason("sg_vpd")}`, () => {
  const tool = it.skipIf(!has("sg_vpd"));
  tool("80h", () => {
    expect(vpdOf("sn", vpdUnitSerialNumber.encode({ serialNumber: "BF-0042" }))).toContain(
      "BF-0042",
    );
  });
  tool("83h", () => {
    const said = vpdOf(
      "di",
      vpdDeviceIdentification.encode({
        designators: [
          {
            codeSet: 1,
            designatorType: 3,
            designator: fromHex("6001405f0102030405060708090a0b0c"),
          },
          { codeSet: 1, designatorType: 2, designator: fromHex("0123456789abcdef") },
          { codeSet: 2, designatorType: 1, designator: new TextEncoder().encode("BLKFERRYunit 0") },
          {
            codeSet: 3,
            association: 2,
            designatorType: 8,
            designator: new TextEncoder().encode("iqn.2026-01.example:x\0\0\0"),
          },
          {
            protocolIdentifier: 5,
            piv: true,
            codeSet: 1,
            association: 1,
            designatorType: 4,
            designator: fromHex("00000001"),
          },
        ],
      }),
    );
    for (const text of [
      /0x6001405f0102030405060708090a0b0c\n/,
      /0x0123456789abcdef/,
      /vendor id: BLKFERRY/,
      /vendor specific: unit 0/,
      /iqn\.2026-01\.example:x/,
      /Relative target port: 0x1/,
      /iSCSI/,
    ]) {
      expect(said).toMatch(text);
    }
  });
  tool("B0h", () => {
    const said = vpdOf(
      "bl",
      vpdBlockLimits.encode({
        wsnz: true,
        maximumCompareAndWriteLength: 21,
        optimalTransferLengthGranularity: 22,
        maximumTransferLength: 23,
        optimalTransferLength: 24,
        maximumPrefetchLength: 25,
        maximumUnmapLbaCount: 26,
        maximumUnmapBlockDescriptorCount: 27,
        optimalUnmapGranularity: 28,
        ugavalid: true,
        unmapGranularityAlignment: 29,
        maximumWriteSameLength: 0x1_0000_0000n,
        maximumAtomicTransferLength: 30,
        atomicAlignment: 31,
        atomicTransferLengthGranularity: 32,
        maximumAtomicTransferLengthWithAtomicBoundary: 33,
        maximumAtomicBoundarySize: 34,
      }),
    );
    for (const text of [
      /\(WSNZ\): 1/,
      /compare and write length: 21 blocks/,
      /transfer length granularity: 22 blocks/,
      /Maximum transfer length: 23 blocks/,
      /Optimal transfer length: 24 blocks/,
      /prefetch (transfer )?length: 25 blocks/i,
      /unmap LBA count: 26/,
      /unmap block descriptor count: 27/,
      /unmap granularity: 28/,
      /alignment valid: (true|1)/,
      /granularity alignment: 29/,
      /write same length: (0x100000000|4294967296) blocks/,
      /atomic transfer length: 30/,
      /Atomic alignment: 31/,
      /Atomic transfer length granularity: 32/,
      /with atomic boundary: 33/,
      /boundary size: 34/,
    ]) {
      expect(said).toMatch(text);
    }
  });
  tool("B1h and B2h", () => {
    const rotating = vpdOf(
      "bdc",
      vpdBlockCharacteristics.encode({
        mediumRotationRate: 1,
        nominalFormFactor: 3,
        fuab: true,
        vbuls: true,
        depopulationTime: 77,
      }),
    );
    for (const text of [/Non-rotating/, /2\.5 inch/, /FUAB=1/, /VBULS=1/, /77/])
      expect(rotating).toMatch(text);
    const thin = vpdOf(
      "lbpv",
      vpdBlockProvisioning.encode({
        thresholdExponent: 5,
        lbpu: true,
        lbpws10: true,
        lbprz: 1,
        ancSup: true,
        provisioningType: 2,
      }),
    );
    for (const text of [
      /\(LBPU\): 1/,
      /\(LBPWS\): 0/,
      /\(LBPWS10\): 1/,
      /\(LBPRZ\): 1/,
      /ANC_SUP\): 1/,
      /Threshold exponent: 5/,
      /Provisioning type: 2/,
    ]) {
      expect(thin).toMatch(text);
    }
  });
  it.skipIf(!has("sg_inq"))("standard INQUIRY, by sg_inq", () => {
    const bytes = standardInquiry.encode({
      rmb: true,
      version: 6,
      responseDataFormat: 2,
      hisup: true,
      thirdPartyCopy: true,
      protect: true,
      cmdque: true,
      vendor: "BLKFERRY",
      product: "MODEL UNIT",
      revision: "0001",
      extension: { versionDescriptors: [0x0460] },
    });
    const said = ask("sg_inq", ["--inhex=-", "-d"], spaced(bytes)) ?? "";
    for (const text of [
      /RMB=1/,
      /3PC=1/,
      /Protect=1/,
      /CmdQue=1/,
      /HiSUP=1/,
      /BLKFERRY/,
      /MODEL UNIT/,
      /0001/,
      /SPC-4/,
    ]) {
      expect(said).toMatch(text);
    }
  });
});
