import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb, tenByteCdb, twelveByteCdb } from "./block-cdb.ts";

const write6 = {
  name: "WRITE(6)",
  bytes: 6,
  endian: "big",
  source: "SBC-3, WRITE (6) command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x0a, meaning: "WRITE(6)" },
    { at: "byte 1[7:5]", kind: "reserved" },
    { name: "lba", at: "bytes 1..3[20:0]", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    {
      name: "transferLength",
      at: "byte 4",
      kind: "uint",
      meaning: "TRANSFER LENGTH, blocks; 0 = 256",
    },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const write10 = {
  name: "WRITE(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, WRITE (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x2a, meaning: "WRITE(10)" },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2]", kind: "reserved" },
    { at: "byte 1[1:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 7..8", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const write12 = {
  name: "WRITE(12)",
  bytes: 12,
  endian: "big",
  source: "SBC-3, WRITE (12) command",
  base: twelveByteCdb as typeof twelveByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0xaa, meaning: "WRITE(12)" },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2]", kind: "reserved" },
    { at: "byte 1[1:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 6..9", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const write16 = {
  name: "WRITE(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, WRITE (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x8a, meaning: "WRITE(16)" },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { at: "byte 1[2]", kind: "reserved" },
    { at: "byte 1[1]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 1[0]", kind: "reserved" },
    { name: "transferLength", at: "bytes 10..13", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

/** 0Ah. */
export const write6Cdb: Structure<typeof write6> = structure(write6);
/** 2Ah. */
export const write10Cdb: Structure<typeof write10> = structure(write10);
/** AAh. */
export const write12Cdb: Structure<typeof write12> = structure(write12);
/** 8Ah. */
export const write16Cdb: Structure<typeof write16> = structure(write16);

export type Write6Cdb = Infer<typeof write6Cdb>;
export type Write10Cdb = Infer<typeof write10Cdb>;
export type Write12Cdb = Infer<typeof write12Cdb>;
export type Write16Cdb = Infer<typeof write16Cdb>;
