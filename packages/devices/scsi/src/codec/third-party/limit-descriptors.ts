import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";

/** Third-party copy descriptors of fixed length. */

const rodLimits = {
  name: "Block Device ROD Limits descriptor",
  bytes: 36,
  endian: "big",
  source: "SBC-3, Block Device ROD Token Limits descriptor",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0000, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "constant", value: 0x0020, meaning: "LENGTH" },
    { name: "vendorSpecific", at: "bytes 4..9", kind: "bytes", meaning: "Vendor specific" },
    {
      name: "maximumRangeDescriptors",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "MAXIMUM RANGE DESCRIPTORS",
    },
    {
      name: "maximumInactivityTimeout",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "MAXIMUM INACTIVITY TIMEOUT, seconds",
    },
    {
      name: "defaultInactivityTimeout",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "DEFAULT INACTIVITY TIMEOUT, seconds",
    },
    {
      name: "maximumTokenTransferSize",
      at: "bytes 20..27",
      kind: "wide",
      meaning: "MAXIMUM TOKEN TRANSFER SIZE, blocks; 0 = not reported",
    },
    {
      name: "optimalTransferCount",
      at: "bytes 28..35",
      kind: "wide",
      meaning: "OPTIMAL TRANSFER COUNT, blocks; 0 = not reported",
    },
  ],
} as const;

const parameterData = {
  name: "Parameter Data third-party copy descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.8.17.5, table 648",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0004, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "constant", value: 0x001c, meaning: "LENGTH" },
    { at: "bytes 4..7", kind: "reserved" },
    {
      name: "maximumCscdDescriptorCount",
      at: "bytes 8..9",
      kind: "uint",
      meaning: "MAXIMUM CSCD DESCRIPTOR COUNT",
    },
    {
      name: "maximumSegmentDescriptorCount",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "MAXIMUM SEGMENT DESCRIPTOR COUNT",
    },
    {
      name: "maximumDescriptorListLength",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "MAXIMUM DESCRIPTOR LIST LENGTH, bytes of both lists",
    },
    {
      name: "maximumInlineDataLength",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "MAXIMUM INLINE DATA LENGTH, bytes",
    },
    { at: "bytes 20..31", kind: "reserved" },
  ],
} as const;

const general = {
  name: "General Copy Operations third-party copy descriptor",
  bytes: 36,
  endian: "big",
  source: "SPC-4 7.8.17.10, table 658",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x8001, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "constant", value: 0x0020, meaning: "LENGTH" },
    {
      name: "totalConcurrentCopies",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "TOTAL CONCURRENT COPIES",
    },
    {
      name: "maximumIdentifiedConcurrentCopies",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "MAXIMUM IDENTIFIED CONCURRENT COPIES",
    },
    {
      name: "maximumSegmentLength",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "MAXIMUM SEGMENT LENGTH, bytes; 0 = no limit",
    },
    {
      name: "dataSegmentGranularity",
      at: "byte 16",
      kind: "uint",
      meaning: "DATA SEGMENT GRANULARITY, power of two of bytes",
    },
    {
      name: "inlineDataGranularity",
      at: "byte 17",
      kind: "uint",
      meaning: "INLINE DATA GRANULARITY, power of two of bytes",
    },
    { at: "bytes 18..35", kind: "reserved" },
  ],
} as const;

const stream = {
  name: "Stream Copy Operations third-party copy descriptor",
  bytes: 16,
  endian: "big",
  source: "SPC-4 7.8.17.11, table 659",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x9101, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "constant", value: 0x000c, meaning: "LENGTH" },
    {
      name: "maximumStreamDeviceTransferSize",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "MAXIMUM STREAM DEVICE TRANSFER SIZE, bytes",
    },
    { at: "bytes 8..15", kind: "reserved" },
  ],
} as const;

const held = {
  name: "Held Data third-party copy descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.8.17.12, table 660",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0xc001, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "constant", value: 0x001c, meaning: "LENGTH" },
    { name: "heldDataLimit", at: "bytes 4..7", kind: "uint", meaning: "HELD DATA LIMIT, bytes" },
    {
      name: "heldDataGranularity",
      at: "byte 8",
      kind: "uint",
      meaning: "HELD DATA GRANULARITY, power of two of bytes",
    },
    { at: "bytes 9..31", kind: "reserved" },
  ],
} as const;

/** 0000h: limits of POPULATE TOKEN and WRITE USING TOKEN. */
export const blockRodLimitsDescriptor: Structure<typeof rodLimits> = structure(rodLimits);
/** 0004h: limits of EXTENDED COPY's parameter list. */
export const parameterDataDescriptor: Structure<typeof parameterData> = structure(parameterData);
/** 8001h: limits of all copies. */
export const generalCopyDescriptor: Structure<typeof general> = structure(general);
/** 9101h: limits of copies with stream devices. */
export const streamCopyDescriptor: Structure<typeof stream> = structure(stream);
/** C001h: limits of held data. */
export const heldDataDescriptor: Structure<typeof held> = structure(held);

export type BlockRodLimits = Infer<typeof blockRodLimitsDescriptor>;
export type BlockRodLimitsInput = InputOf<typeof rodLimits> & { readonly type: 0x0000 };
export type ParameterDataLimits = Infer<typeof parameterDataDescriptor>;
export type ParameterDataLimitsInput = InputOf<typeof parameterData> & { readonly type: 0x0004 };
export type GeneralCopyLimits = Infer<typeof generalCopyDescriptor>;
export type GeneralCopyLimitsInput = InputOf<typeof general> & { readonly type: 0x8001 };
export type StreamCopyLimits = Infer<typeof streamCopyDescriptor>;
export type StreamCopyLimitsInput = InputOf<typeof stream> & { readonly type: 0x9101 };
export type HeldDataLimits = Infer<typeof heldDataDescriptor>;
export type HeldDataLimitsInput = InputOf<typeof held> & { readonly type: 0xc001 };
