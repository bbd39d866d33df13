import { fromHex, toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  extendedCopyLid1Cdb,
  extendedCopyLid1List,
  extendedCopyLid4List,
  operatingParameters,
  segmentDescriptor,
} from "../../src/codec/index.ts";

// Goal: EXTENDED COPY as other initiators and targets write it.

/** What sg_xcopy 1.46 of Debian 12 sends for `if=sg0 of=sg1 bs=512 count=64 skip=256 seek=1024`;
 * ddpt 0.97 builds the same bytes. */
const sgXcopy = {
  cdb: "830000000000000000000000006c0000",
  data:
    "01110040000000000000001c00000000" +
    "e4000000010300106001405f0102030405060708090a0b0c0000000000000200".repeat(2) +
    "02000018000000010000004000000000000001000000000000000400",
};

const unit = {
  type: 0xe4,
  codeSet: 1,
  designatorType: 3,
  designatorLength: 16,
  designator: fromHex("6001405f0102030405060708090a0b0c00000000"),
  blockLength: 512,
} as const;

describe("EXTENDED COPY(LID1)", () => {
  it("encodes what sg_xcopy sends", () => {
    const data = extendedCopyLid1List.encode({
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
        },
      ],
    });
    expect(toHex(data)).toBe(sgXcopy.data);
    expect(toHex(extendedCopyLid1Cdb.encode({ parameterListLength: data.length }))).toBe(
      sgXcopy.cdb,
    );
  });

  it("decodes what sg_xcopy sends", () => {
    const decoded = extendedCopyLid1List.decode(fromHex(sgXcopy.data));
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        listIdentifier: 1,
        str: false,
        listIdUsage: 2,
        priority: 1,
        cscds: [unit, unit],
        segments: [{ type: 0x02, dc: false, cat: false, blocks: 64, sourceLba: 256 }],
        inlineData: new Uint8Array(0),
      },
    });
  });
});

describe("RECEIVE COPY OPERATING PARAMETERS", () => {
  // LIO of Linux 6.1, as it answered 84h/03h.
  const lio =
    "0000002a 01000000 0002 0001 00000400 10000000" +
    "00".repeat(14) +
    "0001 01 09 09 09 000000 02 02 e4";
  it("decodes LIO's", () => {
    const bytes = fromHex(lio);
    const decoded = operatingParameters.decode(bytes, { exact: true });
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
    if (decoded.ok) expect(toHex(operatingParameters.encode(decoded.value))).toBe(toHex(bytes));
  });
});

it("lists round trip in LID4", () => {
  const bytes = extendedCopyLid4List.encode({
    cscds: [unit],
    segments: [{ type: 0x07, tur: true }],
  });
  expect(bytes.length).toBe(48 + 32 + 12);
  expect(segmentDescriptor.decode(bytes.subarray(80)).ok).toBe(true);
});
