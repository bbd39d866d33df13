import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandNames } from "../commands.ts";

/** PROTOCOL (SAT-4, Table 152). */
export const passThroughProtocol = {
  hardReset: 0,
  softwareReset: 1,
  nonData: 3,
  pioIn: 4,
  pioOut: 5,
  dma: 6,
  dmaQueued: 7,
  diagnostic: 8,
  deviceReset: 9,
  udmaIn: 10,
  udmaOut: 11,
  fpdma: 12,
  returnResponse: 15,
} as const;

const protocolNames: Readonly<Record<number, string>> = {
  0: "hard reset",
  1: "software reset",
  3: "non-data",
  4: "PIO data-in",
  5: "PIO data-out",
  6: "DMA",
  7: "DMA queued",
  8: "execute device diagnostic",
  9: "device reset",
  10: "UDMA data-in",
  11: "UDMA data-out",
  12: "FPDMA",
  15: "return response information",
};

/** T_LENGTH: which field says how much data is transferred (SAT-4, Table 153). */
export const transferLength = { none: 0, feature: 1, count: 2, transport: 3 } as const;

const transferLengthNames: Readonly<Record<number, string>> = {
  0: "no data",
  1: "FEATURES(7:0)",
  2: "COUNT(7:0)",
  3: "the transport (TPSIU)",
};

const meanings = {
  multipleCount: "blocks of a multiple command, as a power of two",
  extend: "the command is 48-bit",
  ckCond: "return the registers in sense data, also of a success",
  tType: "blocks are logical sectors, not 512 bytes",
  tDir: "data comes from the device",
  bytBlok: "the length counts blocks, not bytes",
  tLength: "where the length of the transfer is",
} as const;

/** How the data is transferred, in bytes 1 and 2 of the shorter forms. */
const transfer = {
  fields: [
    { name: "extend", at: "byte 1[0]", kind: "flag", meaning: meanings.extend as string },
    {
      name: "protocol",
      at: "byte 1[4:1]",
      kind: "enumeration",
      names: protocolNames as typeof protocolNames,
      meaning: "PROTOCOL",
    },
    {
      name: "multipleCount",
      at: "byte 1[7:5]",
      kind: "uint",
      meaning: meanings.multipleCount as string,
    },
    {
      name: "tLength",
      at: "byte 2[1:0]",
      kind: "enumeration",
      names: transferLengthNames as typeof transferLengthNames,
      meaning: meanings.tLength as string,
    },
    { name: "bytBlok", at: "byte 2[2]", kind: "flag", meaning: meanings.bytBlok as string },
    { name: "tDir", at: "byte 2[3]", kind: "flag", meaning: meanings.tDir as string },
    { name: "tType", at: "byte 2[4]", kind: "flag", meaning: meanings.tType as string },
    { name: "ckCond", at: "byte 2[5]", kind: "flag", meaning: meanings.ckCond as string },
    { name: "offLine", at: "byte 2[7:6]", kind: "uint", meaning: "OFF_LINE" },
  ],
} as const;

/** The same in bytes 10 and 11 of the longest form. */
const transfer32 = {
  fields: [
    { name: "extend", at: "byte 10[0]", kind: "flag", meaning: meanings.extend as string },
    {
      name: "protocol",
      at: "byte 10[4:1]",
      kind: "enumeration",
      names: protocolNames as typeof protocolNames,
      meaning: "PROTOCOL",
    },
    {
      name: "multipleCount",
      at: "byte 10[7:5]",
      kind: "uint",
      meaning: meanings.multipleCount as string,
    },
    {
      name: "tLength",
      at: "byte 11[1:0]",
      kind: "enumeration",
      names: transferLengthNames as typeof transferLengthNames,
      meaning: meanings.tLength as string,
    },
    { name: "bytBlok", at: "byte 11[2]", kind: "flag", meaning: meanings.bytBlok as string },
    { name: "tDir", at: "byte 11[3]", kind: "flag", meaning: meanings.tDir as string },
    { name: "tType", at: "byte 11[4]", kind: "flag", meaning: meanings.tType as string },
    { name: "ckCond", at: "byte 11[5]", kind: "flag", meaning: meanings.ckCond as string },
    { name: "offLine", at: "byte 11[7:6]", kind: "uint", meaning: "OFF_LINE" },
  ],
} as const;

const layout12 = {
  name: "ATA PASS-THROUGH(12)",
  bytes: 12,
  endian: "big",
  source: "SAT-4, 12.2.2 (Table 151)",
  base: transfer as typeof transfer,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0xa1 },
    { name: "feature", at: "byte 3", kind: "uint", meaning: "FEATURES(7:0)" },
    { name: "count", at: "byte 4", kind: "uint", meaning: "COUNT(7:0)" },
    { name: "lba", at: ["byte 7", "byte 6", "byte 5"], kind: "uint", meaning: "LBA(23:0)" },
    { name: "device", at: "byte 8", kind: "uint", meaning: "DEVICE" },
    {
      name: "command",
      at: "byte 9",
      kind: "enumeration",
      names: commandNames as typeof commandNames,
      meaning: "COMMAND",
    },
    { at: "byte 10", kind: "reserved" },
    { name: "control", at: "byte 11", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const layout16 = {
  name: "ATA PASS-THROUGH(16)",
  bytes: 16,
  endian: "big",
  source: "SAT-4, 12.2.3 (Table 156)",
  base: transfer as typeof transfer,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x85 },
    { name: "feature", at: "bytes 3..4", kind: "uint", meaning: "FEATURES(15:0)" },
    { name: "count", at: "bytes 5..6", kind: "uint", meaning: "COUNT(15:0)" },
    {
      name: "lba",
      at: ["byte 11", "byte 9", "byte 7", "byte 12", "byte 10", "byte 8"],
      kind: "uint",
      meaning: "LBA(47:0)",
    },
    { name: "device", at: "byte 13", kind: "uint", meaning: "DEVICE" },
    {
      name: "command",
      at: "byte 14",
      kind: "enumeration",
      names: commandNames as typeof commandNames,
      meaning: "COMMAND",
    },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const layout32 = {
  name: "ATA PASS-THROUGH(32)",
  bytes: 32,
  endian: "big",
  source: "SAT-4, 12.2.4 (Table 157)",
  base: transfer32 as typeof transfer32,
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x7f },
    { name: "control", at: "byte 1", kind: "uint", meaning: "CONTROL" },
    { at: "bytes 2..6", kind: "reserved" },
    { name: "additionalLength", at: "byte 7", kind: "constant", value: 0x18 },
    { name: "serviceAction", at: "bytes 8..9", kind: "constant", value: 0x1ff0 },
    { at: "bytes 12..13", kind: "reserved" },
    { name: "lba", at: "bytes 14..19", kind: "uint", meaning: "LBA(47:0)" },
    { name: "feature", at: "bytes 20..21", kind: "uint", meaning: "FEATURES(15:0)" },
    { name: "count", at: "bytes 22..23", kind: "uint", meaning: "COUNT(15:0)" },
    { name: "device", at: "byte 24", kind: "uint", meaning: "DEVICE" },
    {
      name: "command",
      at: "byte 25",
      kind: "enumeration",
      names: commandNames as typeof commandNames,
      meaning: "COMMAND",
    },
    { at: "byte 26", kind: "reserved" },
    { name: "icc", at: "byte 27", kind: "uint", meaning: "ICC" },
    { name: "auxiliary", at: "bytes 28..31", kind: "uint", meaning: "AUXILIARY(31:0)" },
  ],
} as const;

/** Carries commands with 28-bit addresses. */
export const passThrough12: Structure<typeof layout12> = structure(layout12);
/** Carries every command but those that need ICC or AUXILIARY. */
export const passThrough16: Structure<typeof layout16> = structure(layout16);
/** Carries every command. */
export const passThrough32: Structure<typeof layout32> = structure(layout32);

export type PassThrough12 = Infer<typeof passThrough12>;
export type PassThrough16 = Infer<typeof passThrough16>;
export type PassThrough32 = Infer<typeof passThrough32>;
