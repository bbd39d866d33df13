import type { CodecVector } from "@blockferry/conformance/codec";
import { fromHex } from "@blockferry/core/bytes";
import {
  cdbs,
  extendedCopyLid1List,
  operatingParameters,
  populateTokenList,
  standardInquiry,
  vpdSupportedPages,
} from "../../src/codec/index.ts";
import { toolCdbs } from "./tool-cdbs.ts";

const unit = {
  ...{ type: 0xe4, codeSet: 1, designatorType: 3, designatorLength: 16, blockLength: 512 },
  designator: fromHex("6001405f0102030405060708090a0b0c00000000"),
} as const;

const sgXcopyList =
  "01110040 00000000 0000001c 00000000" +
  "e4000000 01030010 6001405f 01020304 05060708 090a0b0c 00000000 00000200".repeat(2) +
  "02000018 00000001 00000040 00000000 00000100 00000000 00000400";

const linux = "LIO of Linux 6.1";

const lists: readonly CodecVector[] = [
  {
    title: "EXTENDED COPY(LID1) list, 64 blocks from LBA 100h to 400h",
    source: "sg_xcopy 1.46; ddpt 0.97 builds the same",
    codec: extendedCopyLid1List,
    hex: sgXcopyList,
    value: {
      ...{ listIdentifier: 1, listIdUsage: 2, priority: 1, cscds: [unit, unit] },
      segments: [
        {
          ...{ type: 0x02, sourceCscd: 0, destinationCscd: 1, blocks: 64 },
          ...{ sourceLba: 256, destinationLba: 1024 },
        },
      ],
    },
  },
  {
    title: "POPULATE TOKEN list, 16 blocks from LBA 100h",
    source: "SBC-3 table 44; offsets as FreeBSD's CTL reads them",
    codec: populateTokenList,
    hex: "001e0000 00000000 00000000 00000010 0000000000000100 00000010 00000000",
    value: { ranges: [{ lba: 0x100, blocks: 16 }] },
  },
  {
    title: "the same list with its range one byte early: LBA and count 256 times as large",
    source: "ddptctl 0.97 --pt=0x100,16",
    codec: populateTokenList,
    hex: "001e0000 00000000 00000000 00000010 0000000000010000 00001000 00000000",
    value: { ranges: [{ lba: 0x10000, blocks: 4096 }] },
  },
  {
    title: "a list whose descriptors are longer than its data",
    source: "SBC-3 table 44: RANGE DESCRIPTOR LENGTH 32, DATA LENGTH 30",
    codec: populateTokenList,
    hex: "001e0000 00000000 00000000 00000020 0000000000000100 00000010 00000000",
    violates: "rangeDescriptorsLength",
  },
  {
    title: "operating parameters",
    source: linux,
    codec: operatingParameters,
    hex: `0000002a 01000000 0002 0001 00000400 10000000 ${"00".repeat(14)} 0001 01 09 09 09 000000 02 02 e4`,
    value: {
      ...{ snlid: true, maximumCscdDescriptorCount: 2, maximumSegmentDescriptorCount: 1 },
      ...{ maximumDescriptorListLength: 1024, maximumSegmentLength: 2 ** 28 },
      ...{ totalConcurrentCopies: 1, maximumConcurrentCopies: 1, dataSegmentGranularity: 9 },
      ...{ inlineDataGranularity: 9, heldDataGranularity: 9, implementedDescriptors: [0x02, 0xe4] },
    },
  },
  {
    title: "supported VPD pages",
    source: linux,
    codec: vpdSupportedPages,
    hex: "0000000800808386b0b1b2b3",
    value: { pages: [0x00, 0x80, 0x83, 0x86, 0xb0, 0xb1, 0xb2, 0xb3] },
  },
  {
    title: "INQUIRY data",
    source: linux,
    codec: standardInquiry,
    hex: `000006025bb810024c494f2d4f52472046494c45494f20202020202020202020342e3020${"00".repeat(22)}00a00960046004c0${"00".repeat(30)}`,
    value: {
      ...{ version: 6, responseDataFormat: 2, sccs: true, tpgs: 3, thirdPartyCopy: true },
      ...{ multip: true, cmdque: true, vendor: "LIO-ORG", product: "FILEIO", revision: "4.0" },
      extension: { versionDescriptors: [0x00a0, 0x0960, 0x0460, 0x04c0, 0, 0, 0, 0] },
    },
  },
];

/** Bytes that tools and targets sent, both ways. A CDB is as long as its own table: what fills up a frame is left away. */
export const codecVectors: readonly CodecVector[] = [
  ...toolCdbs.map(([name, hex, value]) => ({
    ...{ title: name, source: "sg3-utils 1.46, ddpt 0.97 and libiscsi", codec: cdbs[name], value },
    hex: hex.slice(0, 2 * cdbs[name].size),
  })),
  ...lists,
];
