import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";

const verify = {
  name: "Verify CSCD segment descriptor",
  bytes: 12,
  endian: "big",
  source: "SPC-4 6.4.6.9",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x07, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1", kind: "reserved" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x08,
      meaning: "DESCRIPTOR LENGTH",
    },
    { name: "sourceCscd", at: "bytes 4..5", kind: "uint", meaning: "SOURCE CSCD DESCRIPTOR ID" },
    { at: "bytes 6..7", kind: "reserved" },
    { at: "byte 8[7:1]", kind: "reserved" },
    { name: "tur", at: "byte 8[0]", kind: "flag", meaning: "TUR: send TEST UNIT READY too" },
    { at: "bytes 9..11", kind: "reserved" },
  ],
} as const;

const register = {
  name: "Register persistent reservation key segment descriptor",
  bytes: 28,
  endian: "big",
  source: "SPC-4 6.4.6.17, table 164",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x14, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1", kind: "reserved" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x18,
      meaning: "DESCRIPTOR LENGTH",
    },
    { at: "bytes 4..5", kind: "reserved" },
    {
      name: "destinationCscd",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "DESTINATION CSCD DESCRIPTOR ID",
    },
    { name: "reservationKey", at: "bytes 8..15", kind: "wide", meaning: "RESERVATION KEY" },
    {
      name: "serviceActionReservationKey",
      at: "bytes 16..23",
      kind: "wide",
      meaning: "SERVICE ACTION RESERVATION KEY",
    },
    { at: "bytes 24..27", kind: "reserved" },
  ],
} as const;

/** 07h: is the source there, and does it have a token's copy manager? Copies nothing. */
export const verifySegment: Structure<typeof verify> = structure(verify);
/** 14h: register a reservation key with the destination, so that copying to it is allowed. */
export const registerKeySegment: Structure<typeof register> = structure(register);

export type VerifySegment = Infer<typeof verifySegment>;
export type VerifySegmentInput = InputOf<typeof verify> & { readonly type: 0x07 };
export type RegisterKeySegment = Infer<typeof registerKeySegment>;
export type RegisterKeySegmentInput = InputOf<typeof register> & { readonly type: 0x14 };
