import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb, tenByteCdb, twelveByteCdb } from "./block-cdb.ts";

const read6 = {
  name: "READ(6)",
  bytes: 6,
  endian: "big",
  source: "SBC-3, READ (6) command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x08, meaning: "READ(6)" },
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

const read10 = {
  name: "READ(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, READ (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x28, meaning: "READ(10)" },
    { name: "rdprotect", at: "byte 1[7:5]", kind: "uint", meaning: "RDPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { name: "rarc", at: "byte 1[2]", kind: "flag", meaning: "RARC: rebuild assist recovery" },
    { at: "byte 1[1:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 7..8", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const read12 = {
  name: "READ(12)",
  bytes: 12,
  endian: "big",
  source: "SBC-3, READ (12) command",
  base: twelveByteCdb as typeof twelveByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0xa8, meaning: "READ(12)" },
    { name: "rdprotect", at: "byte 1[7:5]", kind: "uint", meaning: "RDPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { name: "rarc", at: "byte 1[2]", kind: "flag", meaning: "RARC: rebuild assist recovery" },
    { at: "byte 1[1:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 6..9", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const read16 = {
  name: "READ(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, READ (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x88, meaning: "READ(16)" },
    { name: "rdprotect", at: "byte 1[7:5]", kind: "uint", meaning: "RDPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { name: "fua", at: "byte 1[3]", kind: "flag", meaning: "FUA: go to the medium" },
    { name: "rarc", at: "byte 1[2]", kind: "flag", meaning: "RARC: rebuild assist recovery" },
    { at: "byte 1[1:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 10..13", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

/** 08h. */
export const read6Cdb: Structure<typeof read6> = structure(read6);
/** 28h. */
export const read10Cdb: Structure<typeof read10> = structure(read10);
/** A8h. */
export const read12Cdb: Structure<typeof read12> = structure(read12);
/** 88h. */
export const read16Cdb: Structure<typeof read16> = structure(read16);

export type Read6Cdb = Infer<typeof read6Cdb>;
export type Read10Cdb = Infer<typeof read10Cdb>;
export type Read12Cdb = Infer<typeof read12Cdb>;
export type Read16Cdb = Infer<typeof read16Cdb>;
