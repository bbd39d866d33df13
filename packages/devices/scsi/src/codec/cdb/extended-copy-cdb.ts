import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/** What EXTENDED COPY(LID1) and (LID4) share: the list identifier is in the data. */
const lists = {
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x83,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    { at: "bytes 2..9", kind: "reserved" },
    {
      name: "parameterListLength",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "PARAMETER LIST LENGTH",
    },
    { at: "byte 14", kind: "reserved" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** What POPULATE TOKEN and WRITE USING TOKEN share. */
const tokens = {
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x83,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    { at: "bytes 2..5", kind: "reserved" },
    { name: "listIdentifier", at: "bytes 6..9", kind: "uint", meaning: "LIST IDENTIFIER" },
    {
      name: "parameterListLength",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "PARAMETER LIST LENGTH",
    },
    { at: "byte 14[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 14[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const lid1 = {
  name: "EXTENDED COPY(LID1)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.5, table 171",
  base: lists as typeof lists,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x00,
      meaning: "SERVICE ACTION",
    },
  ],
} as const;

const lid4 = {
  name: "EXTENDED COPY(LID4)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.4.1",
  base: lists as typeof lists,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x01,
      meaning: "SERVICE ACTION",
    },
  ],
} as const;

const populate = {
  name: "POPULATE TOKEN",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.12.1, table 71",
  base: tokens as typeof tokens,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x10,
      meaning: "SERVICE ACTION",
    },
  ],
} as const;

const write = {
  name: "WRITE USING TOKEN",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.59.1, table 158",
  base: tokens as typeof tokens,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x11,
      meaning: "SERVICE ACTION",
    },
  ],
} as const;

const abort = {
  name: "COPY OPERATION ABORT",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.3",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x83,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x1c,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "bytes 2..5", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 6..14", kind: "reserved" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 83h/00h. */
export const extendedCopyLid1Cdb: Structure<typeof lid1> = structure(lid1);
/** 83h/01h. */
export const extendedCopyLid4Cdb: Structure<typeof lid4> = structure(lid4);
/** 83h/10h. */
export const populateTokenCdb: Structure<typeof populate> = structure(populate);
/** 83h/11h. */
export const writeUsingTokenCdb: Structure<typeof write> = structure(write);
/** 83h/1Ch; no data. */
export const copyOperationAbortCdb: Structure<typeof abort> = structure(abort);

export type ExtendedCopyLid1Cdb = Infer<typeof extendedCopyLid1Cdb>;
export type ExtendedCopyLid4Cdb = Infer<typeof extendedCopyLid4Cdb>;
export type PopulateTokenCdb = Infer<typeof populateTokenCdb>;
export type WriteUsingTokenCdb = Infer<typeof writeUsingTokenCdb>;
export type CopyOperationAbortCdb = Infer<typeof copyOperationAbortCdb>;
