import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const modeSense6 = {
  name: "MODE SENSE(6)",
  bytes: 6,
  endian: "big",
  source: "SPC-4 6.13",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x1a,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:4]", kind: "reserved" },
    { name: "dbd", at: "byte 1[3]", kind: "flag", meaning: "DBD: no block descriptors" },
    { at: "byte 1[2:0]", kind: "reserved" },
    {
      name: "pageControl",
      at: "byte 2[7:6]",
      kind: "enumeration",
      names: {
        0: "current values",
        1: "changeable values",
        2: "default values",
        3: "saved values",
      },
      meaning: "PC",
    },
    { name: "pageCode", at: "byte 2[5:0]", kind: "uint", meaning: "PAGE CODE" },
    { name: "subpageCode", at: "byte 3", kind: "uint", meaning: "SUBPAGE CODE" },
    { name: "allocationLength", at: "byte 4", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const modeSense10 = {
  name: "MODE SENSE(10)",
  bytes: 10,
  endian: "big",
  source: "SPC-4 6.14",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x5a,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    { name: "llbaa", at: "byte 1[4]", kind: "flag", meaning: "LLBAA: long LBA accepted" },
    { name: "dbd", at: "byte 1[3]", kind: "flag", meaning: "DBD: no block descriptors" },
    { at: "byte 1[2:0]", kind: "reserved" },
    {
      name: "pageControl",
      at: "byte 2[7:6]",
      kind: "enumeration",
      names: {
        0: "current values",
        1: "changeable values",
        2: "default values",
        3: "saved values",
      },
      meaning: "PC",
    },
    { name: "pageCode", at: "byte 2[5:0]", kind: "uint", meaning: "PAGE CODE" },
    { name: "subpageCode", at: "byte 3", kind: "uint", meaning: "SUBPAGE CODE" },
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
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x15,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "pf",
      at: "byte 1[4]",
      kind: "flag",
      meaning: "PF: pages in the format of the standard",
    },
    { at: "byte 1[3:2]", kind: "reserved" },
    { name: "rtd", at: "byte 1[1]", kind: "flag", meaning: "RTD: revert to defaults" },
    { name: "sp", at: "byte 1[0]", kind: "flag", meaning: "SP: save pages" },
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
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x55,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "pf",
      at: "byte 1[4]",
      kind: "flag",
      meaning: "PF: pages in the format of the standard",
    },
    { at: "byte 1[3:2]", kind: "reserved" },
    { name: "rtd", at: "byte 1[1]", kind: "flag", meaning: "RTD: revert to defaults" },
    { name: "sp", at: "byte 1[0]", kind: "flag", meaning: "SP: save pages" },
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
