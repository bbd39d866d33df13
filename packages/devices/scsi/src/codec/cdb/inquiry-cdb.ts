import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const testUnitReady = {
  name: "TEST UNIT READY",
  bytes: 6,
  endian: "big",
  source: "SPC-4, TEST UNIT READY command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x00,
      meaning: "TEST UNIT READY",
    },
    { at: "bytes 1..4", kind: "reserved" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const requestSense = {
  name: "REQUEST SENSE",
  bytes: 6,
  endian: "big",
  source: "SPC-4, REQUEST SENSE command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x03,
      meaning: "REQUEST SENSE",
    },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "desc", at: "byte 1[0]", kind: "flag", meaning: "DESC: descriptor format" },
    { at: "bytes 2..3", kind: "reserved" },
    { name: "allocationLength", at: "byte 4", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const inquiry = {
  name: "INQUIRY",
  bytes: 6,
  endian: "big",
  source: "SPC-4 6.6.1, table 173",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0x12, meaning: "INQUIRY" },
    { at: "byte 1[7:2]", kind: "reserved" },
    { at: "byte 1[1]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "evpd", at: "byte 1[0]", kind: "flag", meaning: "EVPD: a vital product data page" },
    { name: "pageCode", at: "byte 2", kind: "uint", meaning: "PAGE CODE" },
    { name: "allocationLength", at: "bytes 3..4", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const reportLuns = {
  name: "REPORT LUNS",
  bytes: 12,
  endian: "big",
  source: "SPC-4, REPORT LUNS command",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "constant", value: 0xa0, meaning: "REPORT LUNS" },
    { at: "byte 1", kind: "reserved" },
    {
      name: "selectReport",
      at: "byte 2",
      kind: "enumeration",
      names: { 0: "logical units", 1: "well known logical units", 2: "both" },
      meaning: "SELECT REPORT",
    },
    { at: "bytes 3..5", kind: "reserved" },
    { name: "allocationLength", at: "bytes 6..9", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 10", kind: "reserved" },
    { name: "control", at: "byte 11", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const reportSupportedOperationCodes = {
  name: "REPORT SUPPORTED OPERATION CODES",
  bytes: 12,
  endian: "big",
  source: "SPC-4 6.35",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0xa3,
      meaning: "REPORT SUPPORTED OPERATION CODES",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x0c,
      meaning: "SERVICE ACTION",
    },
    { name: "rctd", at: "byte 2[7]", kind: "flag", meaning: "RCTD: with timeouts descriptors" },
    { at: "byte 2[6:3]", kind: "reserved" },
    {
      name: "reportingOptions",
      at: "byte 2[2:0]",
      kind: "enumeration",
      names: {
        0: "all commands",
        1: "one operation code",
        2: "one operation code and service action",
        3: "one, with or without service action",
      },
      meaning: "REPORTING OPTIONS",
    },
    {
      name: "requestedOperationCode",
      at: "byte 3",
      kind: "uint",
      meaning: "REQUESTED OPERATION CODE",
    },
    {
      name: "requestedServiceAction",
      at: "bytes 4..5",
      kind: "uint",
      meaning: "REQUESTED SERVICE ACTION",
    },
    { name: "allocationLength", at: "bytes 6..9", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 10", kind: "reserved" },
    { name: "control", at: "byte 11", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const startStopUnit = {
  name: "START STOP UNIT",
  bytes: 6,
  endian: "big",
  source: "SBC-3, START STOP UNIT command",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x1b,
      meaning: "START STOP UNIT",
    },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "immed", at: "byte 1[0]", kind: "flag", meaning: "IMMED" },
    { at: "byte 2", kind: "reserved" },
    { at: "byte 3[7:4]", kind: "reserved" },
    {
      name: "powerConditionModifier",
      at: "byte 3[3:0]",
      kind: "uint",
      meaning: "POWER CONDITION MODIFIER",
    },
    { name: "powerCondition", at: "byte 4[7:4]", kind: "uint", meaning: "POWER CONDITION" },
    { at: "byte 4[3]", kind: "reserved" },
    { name: "noFlush", at: "byte 4[2]", kind: "flag", meaning: "NO_FLUSH" },
    { name: "loej", at: "byte 4[1]", kind: "flag", meaning: "LOEJ: load or eject" },
    { name: "start", at: "byte 4[0]", kind: "flag", meaning: "START" },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const preventAllowMediumRemoval = {
  name: "PREVENT ALLOW MEDIUM REMOVAL",
  bytes: 6,
  endian: "big",
  source: "SBC-5 5.15, table 76",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x1e,
      meaning: "PREVENT ALLOW MEDIUM REMOVAL",
    },
    { at: "bytes 1..3", kind: "reserved" },
    { at: "byte 4[7:2]", kind: "reserved" },
    {
      name: "prevent",
      at: "byte 4[1:0]",
      kind: "enumeration",
      names: { 0: "allowed", 1: "prevented" },
      meaning: "PREVENT",
    },
    { name: "control", at: "byte 5", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** 00h. */
export const testUnitReadyCdb: Structure<typeof testUnitReady> = structure(testUnitReady);
/** 03h. */
export const requestSenseCdb: Structure<typeof requestSense> = structure(requestSense);
/** 12h. */
export const inquiryCdb: Structure<typeof inquiry> = structure(inquiry);
/** A0h. */
export const reportLunsCdb: Structure<typeof reportLuns> = structure(reportLuns);
/** A3h/0Ch. */
export const reportSupportedOperationCodesCdb: Structure<typeof reportSupportedOperationCodes> =
  structure(reportSupportedOperationCodes);
/** 1Bh. */
export const startStopUnitCdb: Structure<typeof startStopUnit> = structure(startStopUnit);
/** 1Eh. */
export const preventAllowMediumRemovalCdb: Structure<typeof preventAllowMediumRemoval> =
  structure(preventAllowMediumRemoval);

export type TestUnitReadyCdb = Infer<typeof testUnitReadyCdb>;
export type RequestSenseCdb = Infer<typeof requestSenseCdb>;
export type InquiryCdb = Infer<typeof inquiryCdb>;
export type ReportLunsCdb = Infer<typeof reportLunsCdb>;
export type ReportSupportedOperationCodesCdb = Infer<typeof reportSupportedOperationCodesCdb>;
export type StartStopUnitCdb = Infer<typeof startStopUnitCdb>;
export type PreventAllowMediumRemovalCdb = Infer<typeof preventAllowMediumRemovalCdb>;
