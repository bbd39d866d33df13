import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb, tenByteCdb } from "./block-cdb.ts";

const writeSame10 = {
  name: "WRITE SAME(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, WRITE SAME (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x41,
      meaning: "WRITE SAME(10)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "anchor", at: "byte 1[4]", kind: "flag", meaning: "ANCHOR" },
    { name: "unmap", at: "byte 1[3]", kind: "flag", meaning: "UNMAP: may deallocate instead" },
    { at: "byte 1[2:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    {
      name: "blocks",
      at: "bytes 7..8",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; 0 = to the end, if WSNZ allows",
    },
  ],
} as const;

const writeSame16 = {
  name: "WRITE SAME(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, WRITE SAME (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x93,
      meaning: "WRITE SAME(16)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "anchor", at: "byte 1[4]", kind: "flag", meaning: "ANCHOR" },
    { name: "unmap", at: "byte 1[3]", kind: "flag", meaning: "UNMAP: may deallocate instead" },
    { at: "byte 1[2:1]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "ndob", at: "byte 1[0]", kind: "flag", meaning: "NDOB: no data, write zeros" },
    {
      name: "blocks",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; 0 = to the end, if WSNZ allows",
    },
  ],
} as const;

const writeScattered16 = {
  name: "WRITE SCATTERED(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.55.1, table 150",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x9f,
      meaning: "WRITE SCATTERED(16)",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x12,
      meaning: "SERVICE ACTION",
    },
    { name: "wrprotect", at: "byte 2[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 2[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 2[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 2[2:0]", kind: "reserved" },
    { at: "byte 3", kind: "reserved" },
    {
      name: "dataOffset",
      at: "bytes 4..5",
      kind: "uint",
      meaning: "LOGICAL BLOCK DATA OFFSET, blocks before the data",
    },
    { at: "bytes 6..7", kind: "reserved" },
    {
      name: "rangeDescriptors",
      at: "bytes 8..9",
      kind: "uint",
      meaning: "NUMBER OF LBA RANGE DESCRIPTORS",
    },
    {
      name: "bufferTransferLength",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "BUFFER TRANSFER LENGTH, blocks with the descriptors",
    },
    { at: "byte 14[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 14[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const unmap = {
  name: "UNMAP",
  bytes: 10,
  endian: "big",
  source: "SBC-3, UNMAP command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x42, meaning: "UNMAP" },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "anchor", at: "byte 1[0]", kind: "flag", meaning: "ANCHOR" },
    { at: "bytes 2..5", kind: "reserved" },
    { at: "byte 6[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 6[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    {
      name: "parameterListLength",
      at: "bytes 7..8",
      kind: "uint",
      meaning: "PARAMETER LIST LENGTH",
    },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 41h. */
export const writeSame10Cdb: Structure<typeof writeSame10> = structure(writeSame10);
/** 93h. */
export const writeSame16Cdb: Structure<typeof writeSame16> = structure(writeSame16);
/** 9Fh/12h. */
export const writeScattered16Cdb: Structure<typeof writeScattered16> = structure(writeScattered16);
/** 42h. */
export const unmapCdb: Structure<typeof unmap> = structure(unmap);

export type WriteSame10Cdb = Infer<typeof writeSame10Cdb>;
export type WriteSame16Cdb = Infer<typeof writeSame16Cdb>;
export type WriteScattered16Cdb = Infer<typeof writeScattered16Cdb>;
export type UnmapCdb = Infer<typeof unmapCdb>;
