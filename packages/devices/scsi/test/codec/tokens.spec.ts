import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  copyDataLid1,
  copyDataLid4,
  copyFailureDetails,
  copyOperationStatusNames,
  copyStatusLid1,
  copyStatusLid4,
  earlyRanges,
  identificationCscd,
  populateTokenList,
  ROD_TOKEN_LENGTH,
  ROD_TYPE_POINT_IN_TIME_PERSISTENT,
  rodManagementToken,
  rodToken,
  rodTokenInformation,
  rodTokenList,
  rodTypeNames,
  SENSE_KEY_COPY_ABORTED,
  scsiStructures,
  senseData,
  writeUsingTokenList,
  zeroRodToken,
} from "../../src/codec/index.ts";

// Goal: token copy as SBC-3 and SPC-4 lay it out, and what its only public test tool gets wrong.

describe("POPULATE TOKEN", () => {
  /** LBA 100h, 16 blocks, by SBC-3; offsets as FreeBSD's CTL reads them. */
  const right = `001e${"00".repeat(12)}0010000000000000010000000010${"00".repeat(4)}`;
  it("encodes by the standard", () => {
    expect(toHex(populateTokenList.encode({ ranges: [{ lba: 0x100, blocks: 16 }] }))).toBe(right);
    expect(populateTokenList.decode(fromHex(right), { exact: true })).toMatchObject({
      ok: true,
      value: { rtv: false, immed: false, ranges: [{ lba: 0x100, blocks: 16 }] },
    });
  });
  it("encodes the header that ddptctl sends", () => {
    // ddptctl --pt=… --rtf=pit-pers --timeout=300 --immed, of ddpt 0.97; its ranges are wrong.
    const header = {
      rtv: true,
      immed: true,
      inactivityTimeout: 300,
      rodType: ROD_TYPE_POINT_IN_TIME_PERSISTENT,
    };
    const bytes = populateTokenList.encode({ ...header, ranges: [{}] });
    expect(toHex(bytes.subarray(0, 16))).toBe("001e03000000012c0080000200000010");
  });
  it("refuses lengths that contradict each other", () => {
    const bytes = fromHex(right);
    bytes[1] = 0x0e;
    expect(populateTokenList.decode(bytes)).toMatchObject({
      ok: false,
      field: "rangeDescriptorsLength",
      byte: 14,
    });
    bytes[1] = 0x20;
    expect(populateTokenList.decode(bytes)).toMatchObject({ field: "dataLength", byte: 0 });
  });
  it("leaves out an incomplete last range if lenient, as SBC-5 5.12.2 tells targets to", () => {
    const bytes = fromHex(`002c${"00".repeat(12)}001e${right.slice(32)}${"00".repeat(14)}`);
    expect(populateTokenList.decode(bytes)).toMatchObject({
      ok: false,
      field: "ranges[1]",
      byte: 32,
    });
    const lenient = populateTokenList.decode(bytes, { lenient: true });
    expect(lenient).toMatchObject({ ok: true, value: { ranges: [{ lba: 0x100, blocks: 16 }] } });
  });
});

describe("ranges one byte early, as ddptctl of ddpt 0.97 sends them", () => {
  /** --pt=0x100,16 and --pt=0x100,16,0x12345,7 and --wut=0x200,8, recorded. */
  const one = `001e${"00".repeat(12)}0010000000000001000000001000${"00".repeat(4)}`;
  const two =
    `002e${"00".repeat(12)}002000000000000100000000100000000000` +
    "00000000012345000000070000000000";
  const write = `0226${"00".repeat(532)}0010000000000002000000000800${"00".repeat(4)}`;
  it("mean other blocks", () => {
    expect(populateTokenList.decode(fromHex(one))).toMatchObject({
      value: { ranges: [{ lba: 0x10000, blocks: 0x1000 }] },
    });
    const ranges = [{ lba: 0x100, blocks: 16 }];
    expect(toHex(populateTokenList.encode({ ranges }))).not.toBe(one);
    expect(toHex(writeUsingTokenList.encode({ ranges: [{ lba: 0x200, blocks: 8 }] }))).not.toBe(
      write,
    );
  });
  it.each([
    ["populate-token", one, "LBA 256, 16 blocks"],
    ["populate-token", two, "LBA 256, 16 blocks; LBA 74565, 7 blocks"],
    ["write-using-token", write, "LBA 512, 8 blocks"],
  ])("%s: the explanation says so", (name, hex, meant) => {
    const note = scsiStructures[name].annotate(fromHex(hex)).at(-1);
    expect(note?.meaning).toContain("range descriptors one byte early, as ddpt 0.97 writes them");
    expect(note?.meaning).toContain(meant);
  });
  it("are not suspected where a sender cannot have meant that", () => {
    expect(earlyRanges([{ lba: 0x10000, blocks: 0x1000 }])).toEqual([{ lba: 0x100, blocks: 16 }]);
    expect(earlyRanges([{ lba: 0x100, blocks: 16 }])).toBeUndefined();
    expect(
      earlyRanges([
        { lba: 0x10000, blocks: 0x1000 },
        { lba: 1, blocks: 256 },
      ]),
    ).toBeUndefined();
    expect(earlyRanges([{ lba: 0x100, blocks: 0 }])).toBeUndefined();
    expect(earlyRanges([])).toBeUndefined();
  });
});

describe("WRITE USING TOKEN", () => {
  it("encodes by the standard", () => {
    const token = Uint8Array.from({ length: 512 }, (_, index) => index % 251);
    const bytes = writeUsingTokenList.encode({
      delTkn: true,
      immed: true,
      offsetIntoRod: 0x0102030405060708n,
      rodToken: token,
      ranges: [{ lba: 0x200, blocks: 8 }],
    });
    expect(bytes.length).toBe(552);
    expect(toHex(bytes.subarray(0, 16))).toBe("02260300000000000102030405060708");
    expect(bytes.subarray(16, 528)).toEqual(token);
    expect(toHex(bytes.subarray(528))).toBe(
      `${"00".repeat(6)}001000000000000002000000000800000000`,
    );
  });
  it("any comes back", () => {
    const range = fc.record({
      lba: fc.maxSafeNat(),
      blocks: fc.integer({ min: 0, max: 0xffffffff }),
    });
    const value = fc.record({
      delTkn: fc.boolean(),
      immed: fc.boolean(),
      offsetIntoRod: fc.maxSafeNat(),
      rodToken: fc.uint8Array({ minLength: 512, maxLength: 512 }),
      ranges: fc.array(range, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(value, (given) => {
        const decoded = writeUsingTokenList.decode(writeUsingTokenList.encode(given), {
          exact: true,
        });
        expect(decoded).toEqual({ ok: true, value: given });
      }),
      { numRuns: 50 },
    );
  });
});

describe("ROD token", () => {
  it("zero token: type and length, else nothing (SBC-5 4.28.4)", () => {
    expect(toHex(zeroRodToken())).toBe(`ffff0001000001f8${"00".repeat(504)}`);
    expect(rodToken.decode(zeroRodToken())).toMatchObject({
      ok: true,
      value: { rodType: 0xffff0001 },
    });
  });
  it("stands where CTL's tpc_create_token puts it", () => {
    const creator = identificationCscd.encode({
      codeSet: 1,
      designatorType: 3,
      designatorLength: 8,
    });
    const bytes = rodToken.encode({
      rodType: 0x00800000,
      rodTokenLength: ROD_TOKEN_LENGTH,
      copyManagerRodTokenIdentifier: 0x1122334455667788n,
      creatorLogicalUnit: creator,
      bytesRepresented: 0x2000n,
      blockLength: 512,
      protEn: true,
      logicalBlocksPerPhysicalBlockExponent: 3,
      lbpme: true,
      lbprz: true,
      lowestAlignedLba: 7,
    });
    expect(toHex(bytes.subarray(0, 16))).toBe("00800000000001f81122334455667788");
    expect(toHex(bytes.subarray(16, 24))).toBe("e400000001030008");
    expect(toHex(bytes.subarray(48, 64))).toBe(`${"00".repeat(14)}2000`);
    expect(toHex(bytes.subarray(96, 104))).toBe("000002000103c007");
    // The management token is the token without its extension (SPC-4 5.17.6.4).
    const management = rodManagementToken.decode(bytes);
    expect(management).toMatchObject({ ok: true, value: { bytesRepresented: 0x2000n } });
    if (management.ok)
      expect(rodManagementToken.encode(management.value)).toEqual(bytes.slice(0, 96));
  });
  it("is explained with the descriptors in it", () => {
    const bytes = zeroRodToken();
    bytes.set(fromHex("00800000"));
    bytes.set(fromHex("e4000000010300106001405f0102030405060708090a0b0c"), 16);
    bytes.set(fromHex("0223000a6e61612e31323334353600"), 128);
    const explained = scsiStructures["rod-token"].annotate(bytes);
    const labels = Object.fromEntries(explained.map((one) => [one.field, one.label ?? one.hex]));
    expect(labels.rodType).toBe("point in time copy, default");
    expect(labels["creatorLogicalUnit.designatorType"]).toBe("NAA");
    expect(labels["targetDevice.association"]).toBe("target device");
    expect(labels["targetDevice.designator"]).toBe("6e61612e313233343536");
    expect(explained.find((one) => one.field === "extendedRodTokenData")?.byte).toBe(142);
  });
  it("types have the numbers of SPC-4 table 110", () => {
    const numbers = Object.keys(rodTypeNames).map((code) => Number(code).toString(16));
    expect(numbers).toEqual([
      "0",
      "10000",
      "800000",
      "800001",
      "800002",
      "800003",
      "80ffff",
      "ffff0001",
    ]);
  });
});

describe("RECEIVE ROD TOKEN INFORMATION", () => {
  const token = Uint8Array.from({ length: 512 }, (_, index) => (index * 7) % 256);
  it("after POPULATE TOKEN", () => {
    // SBC-5 table 102: 32 bytes, sense data, length of the descriptors, 2 bytes, the token.
    const hex = "0000023610010002fffffffe001412f100000000000000100000000000000000";
    const sense = senseData.encode({ senseKey: 1, asc: 0x37 });
    const bytes = rodTokenInformation.encode({
      responseToServiceAction: 0x10,
      copyOperationStatus: 0x01,
      operationCounter: 2,
      estimatedStatusUpdateDelay: 0xfffffffe,
      transferCountUnits: 0xf1,
      transferCount: 16,
      senseData: sense,
      rodTokens: [{ rodToken: token }],
    });
    expect(toHex(bytes.subarray(0, 32))).toBe(hex);
    expect(toHex(bytes.subarray(32, 52))).toBe(`${toHex(sense)}0000`);
    expect(toHex(bytes.subarray(52, 58))).toBe("000002020000");
    expect(bytes.subarray(58)).toEqual(token);
    expect(rodTokenInformation.decode(bytes, { exact: true })).toMatchObject({
      ok: true,
      value: { senseData: sense, rodTokens: [{ creatingCscd: 0, rodToken: token }] },
    });
    const explained = scsiStructures["rod-token-information"].annotate(bytes);
    expect(explained.find((one) => one.field === "senseData.ascq")?.label).toBe(
      "ROUNDED PARAMETER",
    );
    expect(explained.find((one) => one.field === "rodTokens[0].rodToken.rodType")?.byte).toBe(58);
  });
  it("without a token, with its length or without", () => {
    const bytes = rodTokenInformation.encode({
      responseToServiceAction: 0x11,
      copyOperationStatus: 3,
    });
    expect(toHex(bytes)).toBe(`000000201103${"00".repeat(30)}`);
    expect(rodTokenInformation.decode(bytes)).toMatchObject({ ok: true, value: { rodTokens: [] } });
    const short = fromHex(`0000001c1103${"00".repeat(26)}`);
    expect(rodTokenInformation.decode(short)).toMatchObject({ ok: true, value: { rodTokens: [] } });
  });
  it("cut off by an allocation length", () => {
    const bytes = rodTokenInformation.encode({ rodTokens: [{ rodToken: token }] });
    expect(rodTokenInformation.decode(bytes.subarray(0, 100))).toEqual({ ok: false, need: 450 });
    const lenient = rodTokenInformation.decode(bytes.subarray(0, 100), { lenient: true });
    expect(lenient).toMatchObject({ ok: true, value: { rodTokens: [] } });
  });
  it.each([
    ["sense data longer than its field", 14, 5, "senseDataLength"],
    ["token list longer than what is left", 35, 9, "rodTokens.length"],
  ])("%s", (_, at, value, field) => {
    const bytes = rodTokenInformation.encode({});
    bytes[at] = value;
    expect(rodTokenInformation.decode(bytes)).toMatchObject({ ok: false, field });
  });
});

describe("other responses", () => {
  it("RECEIVE COPY STATUS(LID4)", () => {
    const bytes = copyStatusLid4.encode({ responseToServiceAction: 1, copyOperationStatus: 0x11 });
    expect(toHex(bytes)).toBe(`0000001c0111${"00".repeat(26)}`);
    expect(scsiStructures["copy-status-lid4"].annotate(bytes)[3]?.label).toBe(
      copyOperationStatusNames[0x11],
    );
  });
  it("RECEIVE COPY STATUS(LID1)", () => {
    const value = {
      hdd: true,
      copyCommandStatus: 2,
      segmentsProcessed: 0x0102,
      transferCountUnits: 1,
    };
    const bytes = copyStatusLid1.encode({ ...value, transferCount: 0x03040506 });
    expect(toHex(bytes)).toBe("000000088201020103040506");
  });
  it("RECEIVE COPY DATA", () => {
    const heldData = Uint8Array.of(1, 2, 3);
    expect(toHex(copyDataLid1.encode({ heldData }))).toBe("00000003010203");
    const bytes = copyDataLid4.encode({ hdd: true, copyOperationStatus: 1, heldData });
    expect(toHex(bytes)).toBe(`000000230081${"00".repeat(26)}00000003010203`);
    expect(copyDataLid4.decode(bytes, { exact: true })).toMatchObject({
      ok: true,
      value: { heldData },
    });
  });
  it("REPORT ALL ROD TOKENS", () => {
    const token = rodManagementToken.encode({ rodType: 0x10000, rodTokenLength: 0x1f8 });
    const decoded = rodTokenList.decode(fromHex(`0000006400000000${toHex(token)}`), {
      exact: true,
    });
    expect(decoded).toMatchObject({ ok: true, value: { tokens: [{ rodType: 0x10000 }] } });
    expect(toHex(rodTokenList.encode({}))).toBe("0000000400000000");
  });
  describe("RECEIVE COPY FAILURE DETAILS(LID1)", () => {
    const sense = senseData.encode({ senseKey: SENSE_KEY_COPY_ABORTED, asc: 0x0d, ascq: 2 });
    const hex = `0000004a${"00".repeat(52)}02000012${toHex(sense)}`;
    it("with sense data", () => {
      const value = { extendedCopyCommandStatus: 2, senseData: sense };
      expect(toHex(copyFailureDetails.encode(value))).toBe(hex);
      expect(copyFailureDetails.decode(fromHex(hex))).toEqual({ ok: true, value });
    });
    it("none", () => {
      expect(copyFailureDetails.decode(new Uint8Array(4))).toMatchObject({
        ok: true,
        value: { extendedCopyCommandStatus: 0 },
      });
    });
    it("with AVAILABLE DATA one too high, as SCST counts it", () => {
      const bytes = fromHex(hex);
      bytes[3] += 1;
      expect(copyFailureDetails.decode(bytes)).toMatchObject({ ok: false, field: "availableData" });
      expect(copyFailureDetails.decode(bytes, { lenient: true })).toMatchObject({
        ok: true,
        value: { senseData: sense },
      });
    });
  });
});
