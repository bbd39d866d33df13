import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { modeSelectCdb, modeSenseCdb } from "./block-cdb.ts";

const modeSense6 = {
  name: "MODE SENSE(6)",
  bytes: 6,
  endian: "big",
  source: "SPC-4 6.13",
  base: modeSenseCdb as typeof modeSenseCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x1a,
      meaning: "MODE SENSE(6)",
    },
    { at: "byte 1[7:4]", kind: "reserved" },
    { name: "allocationLength", at: "byte 4", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const modeSense10 = {
  name: "MODE SENSE(10)",
  bytes: 10,
  endian: "big",
  source: "SPC-4 6.14",
  base: modeSenseCdb as typeof modeSenseCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x5a,
      meaning: "MODE SENSE(10)",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    { name: "llbaa", at: "byte 1[4]", kind: "flag", meaning: "LLBAA: long LBA accepted" },
    { at: "bytes 4..6", kind: "reserved" },
    { name: "allocationLength", at: "bytes 7..8", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const modeSelect6 = {
  name: "MODE SELECT(6)",
  bytes: 6,
  endian: "big",
  source: "SPC-4 6.11",
  base: modeSelectCdb as typeof modeSelectCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x15,
      meaning: "MODE SELECT(6)",
    },
    { at: "bytes 2..3", kind: "reserved" },
    { name: "parameterListLength", at: "byte 4", kind: "uint", meaning: "PARAMETER LIST LENGTH" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const modeSelect10 = {
  name: "MODE SELECT(10)",
  bytes: 10,
  endian: "big",
  source: "SPC-4 6.12",
  base: modeSelectCdb as typeof modeSelectCdb,
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x55,
      meaning: "MODE SELECT(10)",
    },
    { at: "bytes 2..6", kind: "reserved" },
    {
      name: "parameterListLength",
      at: "bytes 7..8",
      kind: "uint",
      meaning: "PARAMETER LIST LENGTH",
    },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 1Ah. */
export const modeSense6Cdb: Structure<typeof modeSense6> = structure(modeSense6);
/** 5Ah. */
export const modeSense10Cdb: Structure<typeof modeSense10> = structure(modeSense10);
/** 15h. */
export const modeSelect6Cdb: Structure<typeof modeSelect6> = structure(modeSelect6);
/** 55h. */
export const modeSelect10Cdb: Structure<typeof modeSelect10> = structure(modeSelect10);

export type ModeSense6Cdb = Infer<typeof modeSense6Cdb>;
export type ModeSense10Cdb = Infer<typeof modeSense10Cdb>;
export type ModeSelect6Cdb = Infer<typeof modeSelect6Cdb>;
export type ModeSelect10Cdb = Infer<typeof modeSelect10Cdb>;
