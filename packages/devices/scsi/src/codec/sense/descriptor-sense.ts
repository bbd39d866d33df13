import { type AnyStructure, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, rawBytes } from "../codec.ts";
import { variable } from "../variable.ts";

const header = {
  name: "Descriptor format sense data",
  bytes: 8,
  endian: "big",
  source: "SPC-4 4.5.2.1",
  fields: [
    { at: "byte 0[7]", kind: "reserved" },
    {
      name: "responseCode",
      at: "byte 0[6:0]",
      kind: "enumeration",
      names: { 114: "current error, descriptor format", 115: "deferred error, descriptor format" },
      meaning: "RESPONSE CODE",
    },
    { at: "byte 1[7:4]", kind: "reserved" },
    {
      name: "senseKey",
      at: "byte 1[3:0]",
      kind: "enumeration",
      names: {
        0: "NO SENSE",
        1: "RECOVERED ERROR",
        2: "NOT READY",
        3: "MEDIUM ERROR",
        4: "HARDWARE ERROR",
        5: "ILLEGAL REQUEST",
        6: "UNIT ATTENTION",
        7: "DATA PROTECT",
        8: "BLANK CHECK",
        9: "VENDOR SPECIFIC",
        10: "COPY ABORTED",
        11: "ABORTED COMMAND",
        13: "VOLUME OVERFLOW",
        14: "MISCOMPARE",
        15: "COMPLETED",
      },
      meaning: "SENSE KEY",
    },
    { name: "asc", at: "byte 2", kind: "uint", meaning: "ADDITIONAL SENSE CODE" },
    { name: "ascq", at: "byte 3", kind: "uint", meaning: "ADDITIONAL SENSE CODE QUALIFIER" },
    { name: "sdatOvfl", at: "byte 4[7]", kind: "flag", meaning: "SDAT_OVFL: sense data cut off" },
    { at: "byte 4[6:0]", kind: "reserved" },
    { at: "bytes 5..6", kind: "reserved" },
    {
      name: "additionalSenseLength",
      at: "byte 7",
      kind: "uint",
      meaning: "ADDITIONAL SENSE LENGTH, bytes that follow it",
    },
  ],
} as const;

const information = {
  name: "Information sense data descriptor",
  bytes: 12,
  endian: "big",
  source: "SPC-4 4.5.2.2",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x00, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x0a, meaning: "ADDITIONAL LENGTH" },
    { name: "valid", at: "byte 2[7]", kind: "flag", meaning: "VALID" },
    { at: "byte 2[6:0]", kind: "reserved" },
    { at: "byte 3", kind: "reserved" },
    { name: "information", at: "bytes 4..11", kind: "wide", meaning: "INFORMATION" },
  ],
} as const;

const commandSpecific = {
  name: "Command-specific information sense data descriptor",
  bytes: 12,
  endian: "big",
  source: "SPC-4 4.5.2.3",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x01, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x0a, meaning: "ADDITIONAL LENGTH" },
    { at: "bytes 2..3", kind: "reserved" },
    {
      name: "information",
      at: "bytes 4..11",
      kind: "wide",
      meaning: "COMMAND-SPECIFIC INFORMATION; of COPY ABORTED bytes 6..7 are the segment number",
    },
  ],
} as const;

const keySpecific = {
  name: "Sense key specific sense data descriptor",
  bytes: 8,
  endian: "big",
  source: "SPC-4 4.5.2.4.1",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x02, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x06, meaning: "ADDITIONAL LENGTH" },
    { at: "bytes 2..3", kind: "reserved" },
    {
      name: "senseKeySpecific",
      at: "bytes 4..6",
      kind: "bytes",
      meaning: "SKSV and SENSE KEY SPECIFIC",
    },
    { at: "byte 7", kind: "reserved" },
  ],
} as const;

const replaceable = {
  name: "Field replaceable unit sense data descriptor",
  bytes: 4,
  endian: "big",
  source: "SPC-4 4.5.2.5",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x03, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x02, meaning: "ADDITIONAL LENGTH" },
    { at: "byte 2", kind: "reserved" },
    { name: "code", at: "byte 3", kind: "uint", meaning: "FIELD REPLACEABLE UNIT CODE" },
  ],
} as const;

const stream = {
  name: "Stream commands sense data descriptor",
  bytes: 4,
  endian: "big",
  source: "SSC-4, sense data",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x04, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x02, meaning: "ADDITIONAL LENGTH" },
    { at: "byte 2", kind: "reserved" },
    { name: "filemark", at: "byte 3[7]", kind: "flag", meaning: "FILEMARK" },
    { name: "eom", at: "byte 3[6]", kind: "flag", meaning: "EOM" },
    { name: "ili", at: "byte 3[5]", kind: "flag", meaning: "ILI" },
    { at: "byte 3[4:0]", kind: "reserved" },
  ],
} as const;

const block = {
  name: "Block commands sense data descriptor",
  bytes: 4,
  endian: "big",
  source: "SBC-3 4.18, sense data",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x05, meaning: "DESCRIPTOR TYPE" },
    { name: "length", at: "byte 1", kind: "constant", value: 0x02, meaning: "ADDITIONAL LENGTH" },
    { at: "byte 2", kind: "reserved" },
    { at: "byte 3[7:6]", kind: "reserved" },
    { name: "ili", at: "byte 3[5]", kind: "flag", meaning: "ILI" },
    { at: "byte 3[4:0]", kind: "reserved" },
  ],
} as const;

const forwarded = {
  name: "Forwarded sense data descriptor",
  bytes: 4,
  endian: "big",
  source: "SPC-4 4.5.2.7",
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x0c, meaning: "DESCRIPTOR TYPE" },
    { name: "additionalLength", at: "byte 1", kind: "uint", meaning: "ADDITIONAL LENGTH" },
    { name: "fsdt", at: "byte 2[7]", kind: "flag", meaning: "FSDT: the sense data is cut off" },
    { at: "byte 2[6:4]", kind: "reserved" },
    {
      name: "source",
      at: "byte 2[3:0]",
      kind: "enumeration",
      names: { 0: "unknown", 1: "copy source", 2: "copy destination" },
      meaning: "SENSE DATA SOURCE",
    },
    { name: "status", at: "byte 3", kind: "uint", meaning: "FORWARDED STATUS" },
  ],
} as const;

const other = {
  name: "Sense data descriptor",
  bytes: 2,
  endian: "big",
  source: "SPC-4 4.5.2.1",
  fields: [
    { name: "type", at: "byte 0", kind: "uint", meaning: "DESCRIPTOR TYPE" },
    { name: "additionalLength", at: "byte 1", kind: "uint", meaning: "ADDITIONAL LENGTH" },
  ],
} as const;

/** The first 8 bytes of descriptor format sense data. */
export const descriptorSense: Structure<typeof header> = structure(header);
export const informationDescriptor: Structure<typeof information> = structure(information);
export const commandSpecificDescriptor: Structure<typeof commandSpecific> =
  structure(commandSpecific);
export const keySpecificDescriptor: Structure<typeof keySpecific> = structure(keySpecific);
export const replaceableUnitDescriptor: Structure<typeof replaceable> = structure(replaceable);
export const streamDescriptor: Structure<typeof stream> = structure(stream);
export const blockDescriptor: Structure<typeof block> = structure(block);
const forwardedHeader: Structure<typeof forwarded> = structure(forwarded);
const otherHeader: Structure<typeof other> = structure(other);

/** 0Ch as it stands in the bytes. */
export interface ForwardedDescriptor {
  readonly type: 0x0c;
  readonly fsdt: boolean;
  readonly source: number;
  readonly status: number;
  readonly senseData: Uint8Array;
}

/** 0Ch: status and sense data of the copy source or destination. */
export const forwardedDescriptor: Codec<ForwardedDescriptor> = variable({
  name: forwarded.name,
  source: forwarded.source,
  header: forwardedHeader,
  total: { field: "additionalLength", less: 2 },
  parts: [
    { name: "senseData", codec: rawBytes("senseData", forwarded.source, "FORWARDED SENSE DATA") },
  ],
});

/** A descriptor of any type, not taken apart. */
export interface OtherSenseDescriptor {
  readonly type: number;
  /** Bytes from byte 2 on. */
  readonly parameters: Uint8Array;
}

/** A descriptor of any type. */
export const otherDescriptor: Codec<OtherSenseDescriptor> = variable({
  name: other.name,
  source: other.source,
  header: otherHeader,
  total: { field: "additionalLength", less: 2 },
  parts: [{ name: "parameters", codec: rawBytes("parameters", other.source, "Whatever it holds") }],
});

/** Descriptors of fixed length by type. */
export const senseDescriptorStructures: Readonly<Record<number, AnyStructure>> = {
  0: informationDescriptor,
  1: commandSpecificDescriptor,
  2: keySpecificDescriptor,
  3: replaceableUnitDescriptor,
  4: streamDescriptor,
  5: blockDescriptor,
};
