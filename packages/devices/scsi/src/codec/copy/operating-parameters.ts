import { type Structure, structure } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { numberList } from "../number-list.ts";
import { variable } from "../variable.ts";
import { cscdStructures } from "./cscd.ts";
import { segmentTypeNames } from "./segment.ts";

const header = {
  name: "RECEIVE COPY OPERATING PARAMETERS parameter data",
  bytes: 44,
  endian: "big",
  source: "SPC-4 6.22, table 244",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "AVAILABLE DATA, bytes that follow it",
    },
    { at: "byte 4[7:1]", kind: "reserved" },
    {
      name: "snlid",
      at: "byte 4[0]",
      kind: "flag",
      meaning: "SNLID: copies without a list identifier are supported",
    },
    { at: "bytes 5..7", kind: "reserved" },
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
      name: "maximumSegmentLength",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "MAXIMUM SEGMENT LENGTH, bytes; 0 = no limit",
    },
    {
      name: "maximumInlineDataLength",
      at: "bytes 20..23",
      kind: "uint",
      meaning: "MAXIMUM INLINE DATA LENGTH, bytes",
    },
    { name: "heldDataLimit", at: "bytes 24..27", kind: "uint", meaning: "HELD DATA LIMIT, bytes" },
    {
      name: "maximumStreamDeviceTransferSize",
      at: "bytes 28..31",
      kind: "uint",
      meaning: "MAXIMUM STREAM DEVICE TRANSFER SIZE, bytes",
    },
    { at: "bytes 32..33", kind: "reserved" },
    {
      name: "totalConcurrentCopies",
      at: "bytes 34..35",
      kind: "uint",
      meaning: "TOTAL CONCURRENT COPIES",
    },
    {
      name: "maximumConcurrentCopies",
      at: "byte 36",
      kind: "uint",
      meaning: "MAXIMUM CONCURRENT COPIES, with list identifiers",
    },
    {
      name: "dataSegmentGranularity",
      at: "byte 37",
      kind: "uint",
      meaning: "DATA SEGMENT GRANULARITY, power of two of bytes",
    },
    {
      name: "inlineDataGranularity",
      at: "byte 38",
      kind: "uint",
      meaning: "INLINE DATA GRANULARITY, power of two of bytes",
    },
    {
      name: "heldDataGranularity",
      at: "byte 39",
      kind: "uint",
      meaning: "HELD DATA GRANULARITY, power of two of bytes",
    },
    { at: "bytes 40..42", kind: "reserved" },
    {
      name: "implementedDescriptorListLength",
      at: "byte 43",
      kind: "uint",
      meaning: "IMPLEMENTED DESCRIPTOR LIST LENGTH",
    },
  ],
} as const;

/** The fixed part of the operating parameters. */
export const operatingParametersHeader: Structure<typeof header> = structure(header);

/** What a copy manager supports of EXTENDED COPY. */
export interface OperatingParameters {
  readonly snlid: boolean;
  readonly maximumCscdDescriptorCount: number;
  readonly maximumSegmentDescriptorCount: number;
  /** Bytes of both lists together. */
  readonly maximumDescriptorListLength: number;
  /** Bytes; 0 = no limit. */
  readonly maximumSegmentLength: number;
  readonly maximumInlineDataLength: number;
  readonly heldDataLimit: number;
  readonly maximumStreamDeviceTransferSize: number;
  readonly totalConcurrentCopies: number;
  readonly maximumConcurrentCopies: number;
  /** Power of two of bytes, as the two that follow. */
  readonly dataSegmentGranularity: number;
  readonly inlineDataGranularity: number;
  readonly heldDataGranularity: number;
  /** Type codes of CSCD and segment descriptors, ascending. */
  readonly implementedDescriptors: readonly number[];
}

/** The parameters to encode: what is left out is zero or empty. */
export type OperatingParametersInput = {
  readonly [Field in keyof OperatingParameters]?: OperatingParameters[Field];
};

const nameOfDescriptor = (code: number): string =>
  cscdStructures[code]?.name ?? segmentTypeNames[code] ?? "unknown";

/** Descriptor type codes, one byte each. */
export const descriptorCodes: Codec<number[], readonly number[]> = numberList({
  name: "descriptor type codes",
  source: header.source,
  bytesEach: 1,
  meaning: "DESCRIPTOR TYPE CODE",
  labelOf: nameOfDescriptor,
});

/** The response to RECEIVE COPY OPERATING PARAMETERS. */
export const operatingParameters: Codec<OperatingParameters, OperatingParametersInput> = variable({
  name: header.name,
  source: header.source,
  header: operatingParametersHeader,
  total: { field: "availableData", less: 4 },
  parts: [
    {
      name: "implementedDescriptors",
      codec: descriptorCodes,
      length: "implementedDescriptorListLength",
    },
  ],
});
