import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { sixteenByteCdb, tenByteCdb } from "./block-cdb.ts";

const synchronizeCache10 = {
  name: "SYNCHRONIZE CACHE(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-3, SYNCHRONIZE CACHE (10) command",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x35,
      meaning: "SYNCHRONIZE CACHE(10)",
    },
    { at: "byte 1[7:3]", kind: "reserved" },
    { at: "byte 1[2]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "immed", at: "byte 1[1]", kind: "flag", meaning: "IMMED" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    {
      name: "blocks",
      at: "bytes 7..8",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; 0 = to the end",
    },
  ],
} as const;

const synchronizeCache16 = {
  name: "SYNCHRONIZE CACHE(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-3, SYNCHRONIZE CACHE (16) command",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x91,
      meaning: "SYNCHRONIZE CACHE(16)",
    },
    { at: "byte 1[7:3]", kind: "reserved" },
    { at: "byte 1[2]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "immed", at: "byte 1[1]", kind: "flag", meaning: "IMMED" },
    { at: "byte 1[0]", kind: "reserved" },
    {
      name: "blocks",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; 0 = to the end",
    },
  ],
} as const;

const preFetch10 = {
  name: "PRE-FETCH(10)",
  bytes: 10,
  endian: "big",
  source: "SBC-5 5.13, table 74",
  base: tenByteCdb as typeof tenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x34,
      meaning: "PRE-FETCH(10)",
    },
    { at: "byte 1[7:2]", kind: "reserved" },
    { name: "immed", at: "byte 1[1]", kind: "flag", meaning: "IMMED" },
    { at: "byte 1[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    {
      name: "prefetchLength",
      at: "bytes 7..8",
      kind: "uint",
      meaning: "PREFETCH LENGTH, blocks; 0 = to the end",
    },
  ],
} as const;

const preFetch16 = {
  name: "PRE-FETCH(16)",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.14, table 75",
  base: sixteenByteCdb as typeof sixteenByteCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x90,
      meaning: "PRE-FETCH(16)",
    },
    { at: "byte 1[7:2]", kind: "reserved" },
    { name: "immed", at: "byte 1[1]", kind: "flag", meaning: "IMMED" },
    { at: "byte 1[0]", kind: "reserved" },
    {
      name: "prefetchLength",
      at: "bytes 10..13",
      kind: "uint",
      meaning: "PREFETCH LENGTH, blocks; 0 = to the end",
    },
  ],
} as const;

/** 35h. */
export const synchronizeCache10Cdb: Structure<typeof synchronizeCache10> =
  structure(synchronizeCache10);
/** 91h. */
export const synchronizeCache16Cdb: Structure<typeof synchronizeCache16> =
  structure(synchronizeCache16);
/** 34h. */
export const preFetch10Cdb: Structure<typeof preFetch10> = structure(preFetch10);
/** 90h. */
export const preFetch16Cdb: Structure<typeof preFetch16> = structure(preFetch16);

export type SynchronizeCache10Cdb = Infer<typeof synchronizeCache10Cdb>;
export type SynchronizeCache16Cdb = Infer<typeof synchronizeCache16Cdb>;
export type PreFetch10Cdb = Infer<typeof preFetch10Cdb>;
export type PreFetch16Cdb = Infer<typeof preFetch16Cdb>;
