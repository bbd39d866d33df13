import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const readCapacity10 = {
  name: "READ CAPACITY(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, READ CAPACITY (10) command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x25,
      meaning: "READ CAPACITY(10)",
    },
    { at: "byte 1[7:1]", kind: "reserved" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "lba", at: "bytes 2..5", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS, obsolete" },
    { at: "bytes 6..7", kind: "reserved" },
    { at: "byte 8[7:1]", kind: "reserved" },
    { name: "pmi", at: "byte 8[0]", kind: "flag", meaning: "PMI, obsolete" },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const readCapacity16 = {
  name: "READ CAPACITY(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, READ CAPACITY (16) command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x9e,
      meaning: "READ CAPACITY(16)",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x10,
      meaning: "SERVICE ACTION",
    },
    { name: "lba", at: "bytes 2..9", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS, obsolete" },
    { name: "allocationLength", at: "bytes 10..13", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 14[7:1]", kind: "reserved" },
    { name: "pmi", at: "byte 14[0]", kind: "flag", meaning: "PMI, obsolete" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const getLbaStatus = {
  name: "GET LBA STATUS",
  bytes: 16,
  endian: "big",
  source: "SBC-3, GET LBA STATUS command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x9e,
      meaning: "GET LBA STATUS",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x12,
      meaning: "SERVICE ACTION",
    },
    {
      name: "startingLba",
      at: "bytes 2..9",
      kind: "uint",
      meaning: "STARTING LOGICAL BLOCK ADDRESS",
    },
    { name: "allocationLength", at: "bytes 10..13", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 14", kind: "reserved" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 25h. */
export const readCapacity10Cdb: Structure<typeof readCapacity10> = structure(readCapacity10);
/** 9Eh/10h. */
export const readCapacity16Cdb: Structure<typeof readCapacity16> = structure(readCapacity16);
/** 9Eh/12h. */
export const getLbaStatusCdb: Structure<typeof getLbaStatus> = structure(getLbaStatus);

export type ReadCapacity10Cdb = Infer<typeof readCapacity10Cdb>;
export type ReadCapacity16Cdb = Infer<typeof readCapacity16Cdb>;
export type GetLbaStatusCdb = Infer<typeof getLbaStatusCdb>;
