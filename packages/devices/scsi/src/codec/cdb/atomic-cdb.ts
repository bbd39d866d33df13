import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb } from "./block-cdb.ts";

const compareAndWrite = {
  name: "COMPARE AND WRITE",
  bytes: 16,
  endian: "big",
  source: "SBC-3, COMPARE AND WRITE command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x89,
      meaning: "COMPARE AND WRITE",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2]", kind: "reserved" },
    { at: "byte 1[1]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 1[0]", kind: "reserved" },
    { at: "bytes 10..12", kind: "reserved" },
    { name: "blocks", at: "byte 13", kind: "uint", meaning: "NUMBER OF LOGICAL BLOCKS" },
  ],
} as const;

const orwrite16 = {
  name: "ORWRITE(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, ORWRITE (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x8b, meaning: "ORWRITE(16)" },
    { name: "transferLength", at: "bytes 10..13", kind: "uint", meaning: "TRANSFER LENGTH" },
    { name: "orprotect", at: "byte 1[7:5]", kind: "uint", meaning: "ORPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2]", kind: "reserved" },
    { at: "byte 1[1]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 1[0]", kind: "reserved" },
  ],
} as const;

const writeAtomic16 = {
  name: "WRITE ATOMIC(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-4, WRITE ATOMIC (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x9c,
      meaning: "WRITE ATOMIC(16)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2:0]", kind: "reserved" },
    {
      name: "atomicBoundary",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "ATOMIC BOUNDARY, blocks; 0 = none",
    },
    { name: "transferLength", at: "bytes 12..13", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

/** 89h. */
export const compareAndWriteCdb: Structure<typeof compareAndWrite> = structure(compareAndWrite);
/** 8Bh. */
export const orwrite16Cdb: Structure<typeof orwrite16> = structure(orwrite16);
/** 9Ch. */
export const writeAtomic16Cdb: Structure<typeof writeAtomic16> = structure(writeAtomic16);

export type CompareAndWriteCdb = Infer<typeof compareAndWriteCdb>;
export type Orwrite16Cdb = Infer<typeof orwrite16Cdb>;
export type WriteAtomic16Cdb = Infer<typeof writeAtomic16Cdb>;
