import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb, tenByteCdb, twelveByteCdb } from "./block-cdb.ts";

const verify10 = {
  name: "VERIFY(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, VERIFY (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x2f, meaning: "VERIFY(10)" },
    { name: "vrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "VRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "verificationLength", at: "bytes 7..8", kind: "uint", meaning: "VERIFICATION LENGTH" },
  ],
} as const;

const verify12 = {
  name: "VERIFY(12)",
  bytes: 12,
  endian: "big",
  source: "SBC-3, VERIFY (12) command",
  base: twelveByteCdb as typeof twelveByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0xaf, meaning: "VERIFY(12)" },
    { name: "vrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "VRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "verificationLength", at: "bytes 6..9", kind: "uint", meaning: "VERIFICATION LENGTH" },
  ],
} as const;

const verify16 = {
  name: "VERIFY(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, VERIFY (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x8f, meaning: "VERIFY(16)" },
    { name: "vrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "VRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "reserved" },
    {
      name: "verificationLength",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "VERIFICATION LENGTH",
    },
  ],
} as const;

const writeAndVerify10 = {
  name: "WRITE AND VERIFY(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, WRITE AND VERIFY (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x2e,
      meaning: "WRITE AND VERIFY(10)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 7..8", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const writeAndVerify12 = {
  name: "WRITE AND VERIFY(12)",
  bytes: 12,
  endian: "big",
  source: "SBC-3, WRITE AND VERIFY (12) command",
  base: twelveByteCdb as typeof twelveByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0xae,
      meaning: "WRITE AND VERIFY(12)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "transferLength", at: "bytes 6..9", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

const writeAndVerify16 = {
  name: "WRITE AND VERIFY(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, WRITE AND VERIFY (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x8e,
      meaning: "WRITE AND VERIFY(16)",
    },
    { name: "wrprotect", at: "byte 1[7:5]", kind: "uint", meaning: "WRPROTECT" },
    { name: "dpo", at: "byte 1[4]", kind: "flag", meaning: "DPO: not worth caching" },
    { at: "byte 1[3]", kind: "reserved" },
    { name: "bytchk", at: "byte 1[2:1]", kind: "uint", meaning: "BYTCHK: 1 or 3 compare" },
    { at: "byte 1[0]", kind: "reserved" },
    { name: "transferLength", at: "bytes 10..13", kind: "uint", meaning: "TRANSFER LENGTH" },
  ],
} as const;

/** 2Fh. */
export const verify10Cdb: Structure<typeof verify10> = structure(verify10);
/** AFh. */
export const verify12Cdb: Structure<typeof verify12> = structure(verify12);
/** 8Fh. */
export const verify16Cdb: Structure<typeof verify16> = structure(verify16);
/** 2Eh. */
export const writeAndVerify10Cdb: Structure<typeof writeAndVerify10> = structure(writeAndVerify10);
/** AEh. */
export const writeAndVerify12Cdb: Structure<typeof writeAndVerify12> = structure(writeAndVerify12);
/** 8Eh. */
export const writeAndVerify16Cdb: Structure<typeof writeAndVerify16> = structure(writeAndVerify16);

export type Verify10Cdb = Infer<typeof verify10Cdb>;
export type Verify12Cdb = Infer<typeof verify12Cdb>;
export type Verify16Cdb = Infer<typeof verify16Cdb>;
export type WriteAndVerify10Cdb = Infer<typeof writeAndVerify10Cdb>;
export type WriteAndVerify12Cdb = Infer<typeof writeAndVerify12Cdb>;
export type WriteAndVerify16Cdb = Infer<typeof writeAndVerify16Cdb>;
