import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const persistentReserveIn = {
  name: "PERSISTENT RESERVE IN",
  bytes: 10,
  endian: "big",
  source: "SPC-4 6.15",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x5e,
      meaning: "PERSISTENT RESERVE IN",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "enumeration",
      names: {
        0: "READ KEYS",
        1: "READ RESERVATION",
        2: "REPORT CAPABILITIES",
        3: "READ FULL STATUS",
      },
      meaning: "SERVICE ACTION",
    },
    { at: "bytes 2..6", kind: "reserved" },
    { name: "allocationLength", at: "bytes 7..8", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const persistentReserveOut = {
  name: "PERSISTENT RESERVE OUT",
  bytes: 10,
  endian: "big",
  source: "SPC-4 6.16",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x5f,
      meaning: "PERSISTENT RESERVE OUT",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "enumeration",
      names: {
        0: "REGISTER",
        1: "RESERVE",
        2: "RELEASE",
        3: "CLEAR",
        4: "PREEMPT",
        5: "PREEMPT AND ABORT",
        6: "REGISTER AND IGNORE EXISTING KEY",
        7: "REGISTER AND MOVE",
        8: "REPLACE LOST RESERVATION",
      },
      meaning: "SERVICE ACTION",
    },
    {
      name: "scope",
      at: "byte 2[7:4]",
      kind: "enumeration",
      names: { 0: "logical unit" },
      meaning: "SCOPE",
    },
    {
      name: "type",
      at: "byte 2[3:0]",
      kind: "enumeration",
      names: {
        1: "Write Exclusive",
        3: "Exclusive Access",
        5: "Write Exclusive - Registrants Only",
        6: "Exclusive Access - Registrants Only",
        7: "Write Exclusive - All Registrants",
        8: "Exclusive Access - All Registrants",
      },
      meaning: "TYPE",
    },
    { at: "bytes 3..4", kind: "reserved" },
    {
      name: "parameterListLength",
      at: "bytes 5..8",
      kind: "uint",
      meaning: "PARAMETER LIST LENGTH",
    },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const reserve6 = {
  name: "RESERVE(6)",
  bytes: 6,
  endian: "big",
  source: "SPC-2, RESERVE (6) command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x16, meaning: "RESERVE(6)" },
    { at: "byte 1", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "bytes 2..4", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const release6 = {
  name: "RELEASE(6)",
  bytes: 6,
  endian: "big",
  source: "SPC-2, RELEASE (6) command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x17, meaning: "RELEASE(6)" },
    { at: "byte 1", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "bytes 2..4", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 5Eh, all service actions. */
export const persistentReserveInCdb: Structure<typeof persistentReserveIn> =
  structure(persistentReserveIn);
/** 5Fh, all service actions. */
export const persistentReserveOutCdb: Structure<typeof persistentReserveOut> =
  structure(persistentReserveOut);
/** 16h; obsolete since SPC-3, still used. */
export const reserve6Cdb: Structure<typeof reserve6> = structure(reserve6);
/** 17h; obsolete since SPC-3, still used. */
export const release6Cdb: Structure<typeof release6> = structure(release6);

export type PersistentReserveInCdb = Infer<typeof persistentReserveInCdb>;
export type PersistentReserveOutCdb = Infer<typeof persistentReserveOutCdb>;
export type Reserve6Cdb = Infer<typeof reserve6Cdb>;
export type Release6Cdb = Infer<typeof release6Cdb>;
