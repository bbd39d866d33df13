import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/** What all commands of operation code 84h share. */
const receive = {
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0x84,
      meaning: "OPERATION CODE",
    },
    { at: "byte 1[7:5]", kind: "reserved" },
    { name: "allocationLength", at: "bytes 10..13", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 14", kind: "reserved" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const receiveCopyStatusLid1 = {
  name: "RECEIVE COPY STATUS(LID1)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.25, table 252",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x00,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "byte 2", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 3..9", kind: "reserved" },
  ],
} as const;

const receiveCopyDataLid1 = {
  name: "RECEIVE COPY DATA(LID1)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.21, table 241",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x01,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "byte 2", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 3..9", kind: "reserved" },
  ],
} as const;

const receiveCopyOperatingParameters = {
  name: "RECEIVE COPY OPERATING PARAMETERS",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.22, table 243",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x03,
      meaning: "SERVICE ACTION",
    },
    { at: "bytes 2..9", kind: "reserved" },
  ],
} as const;

const receiveCopyFailureDetails = {
  name: "RECEIVE COPY FAILURE DETAILS(LID1)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.23, table 245",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x04,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "byte 2", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 3..9", kind: "reserved" },
  ],
} as const;

const receiveCopyStatusLid4 = {
  name: "RECEIVE COPY STATUS(LID4)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.24, table 247",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x05,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "bytes 2..5", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 6..9", kind: "reserved" },
  ],
} as const;

const receiveCopyDataLid4 = {
  name: "RECEIVE COPY DATA(LID4)",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.20, table 239",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x06,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "bytes 2..5", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 6..9", kind: "reserved" },
  ],
} as const;

const receiveRodTokenInformation = {
  name: "RECEIVE ROD TOKEN INFORMATION",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.26, table 255",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x07,
      meaning: "SERVICE ACTION",
    },
    { name: "listIdentifier", at: "bytes 2..5", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 6..9", kind: "reserved" },
  ],
} as const;

const reportAllRodTokens = {
  name: "REPORT ALL ROD TOKENS",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.31",
  base: receive as typeof receive,
  fields: [
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x08,
      meaning: "SERVICE ACTION",
    },
    { at: "bytes 2..9", kind: "reserved" },
  ],
} as const;

/** 84h/00h. */
export const receiveCopyStatusLid1Cdb: Structure<typeof receiveCopyStatusLid1> =
  structure(receiveCopyStatusLid1);
/** 84h/01h. */
export const receiveCopyDataLid1Cdb: Structure<typeof receiveCopyDataLid1> =
  structure(receiveCopyDataLid1);
/** 84h/03h. */
export const receiveCopyOperatingParametersCdb: Structure<typeof receiveCopyOperatingParameters> =
  structure(receiveCopyOperatingParameters);
/** 84h/04h. */
export const receiveCopyFailureDetailsCdb: Structure<typeof receiveCopyFailureDetails> =
  structure(receiveCopyFailureDetails);
/** 84h/05h. */
export const receiveCopyStatusLid4Cdb: Structure<typeof receiveCopyStatusLid4> =
  structure(receiveCopyStatusLid4);
/** 84h/06h. */
export const receiveCopyDataLid4Cdb: Structure<typeof receiveCopyDataLid4> =
  structure(receiveCopyDataLid4);
/** 84h/07h. */
export const receiveRodTokenInformationCdb: Structure<typeof receiveRodTokenInformation> =
  structure(receiveRodTokenInformation);
/** 84h/08h. */
export const reportAllRodTokensCdb: Structure<typeof reportAllRodTokens> =
  structure(reportAllRodTokens);

export type ReceiveCopyStatusLid1Cdb = Infer<typeof receiveCopyStatusLid1Cdb>;
export type ReceiveCopyDataLid1Cdb = Infer<typeof receiveCopyDataLid1Cdb>;
export type ReceiveCopyOperatingParametersCdb = Infer<typeof receiveCopyOperatingParametersCdb>;
export type ReceiveCopyFailureDetailsCdb = Infer<typeof receiveCopyFailureDetailsCdb>;
export type ReceiveCopyStatusLid4Cdb = Infer<typeof receiveCopyStatusLid4Cdb>;
export type ReceiveCopyDataLid4Cdb = Infer<typeof receiveCopyDataLid4Cdb>;
export type ReceiveRodTokenInformationCdb = Infer<typeof receiveRodTokenInformationCdb>;
export type ReportAllRodTokensCdb = Infer<typeof reportAllRodTokensCdb>;
