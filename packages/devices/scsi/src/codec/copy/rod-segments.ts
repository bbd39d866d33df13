import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";
import {
  type RangeDescriptor,
  type RangeDescriptorInput,
  rangeDescriptor,
} from "./range-descriptor.ts";
import { segmentEnds } from "./segment-header.ts";

const header = {
  name: "Populate a ROD from one or more block ranges segment descriptor",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.4.6.20, table 167",
  base: segmentEnds as typeof segmentEnds,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xbe, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1", kind: "reserved" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "uint",
      meaning: "DESCRIPTOR LENGTH, bytes that follow it",
    },
    { at: "bytes 8..12", kind: "reserved" },
    {
      name: "rangeDescriptorType",
      at: "byte 13",
      kind: "enumeration",
      names: { 1: "four gibi-block range descriptor" },
      meaning: "RANGE DESCRIPTOR TYPE",
    },
    {
      name: "rangeDescriptorsLength",
      at: "bytes 14..15",
      kind: "uint",
      meaning: "RANGE DESCRIPTORS LENGTH",
    },
  ],
} as const;

const one = {
  name: "Populate a ROD from one block range segment descriptor",
  bytes: 20,
  endian: "big",
  source: "SPC-4 6.4.6.21, table 170",
  base: segmentEnds as typeof segmentEnds,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xbf, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1", kind: "reserved" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x10,
      meaning: "DESCRIPTOR LENGTH",
    },
    { name: "lba", at: "bytes 8..15", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { name: "blocks", at: "bytes 16..19", kind: "uint", meaning: "NUMBER OF LOGICAL BLOCKS" },
  ],
} as const;

/** BEh: add block ranges of the source to the end of the destination, a ROD. */
export interface RodRangesSegment {
  readonly type: 0xbe;
  readonly sourceCscd: number;
  readonly destinationCscd: number;
  /** 1 in all that SPC-4 defines. */
  readonly rangeDescriptorType: number;
  readonly ranges: RangeDescriptor[];
}

export interface RodRangesSegmentInput {
  readonly type: 0xbe;
  readonly sourceCscd?: number;
  readonly destinationCscd?: number;
  readonly rangeDescriptorType?: number;
  readonly ranges?: readonly RangeDescriptorInput[];
}

/** The fixed part of a BEh segment descriptor. */
export const rodRangesSegmentHeader: Structure<typeof header> = structure(header);

/** BEh: add block ranges of the source to the end of the destination, a ROD. */
export const rodRangesSegment: Codec<RodRangesSegment, RodRangesSegmentInput> = variable({
  name: header.name,
  source: header.source,
  header: rodRangesSegmentHeader,
  total: { field: "descriptorLength", less: 4 },
  parts: [
    {
      name: "ranges",
      codec: descriptorList("range descriptors", evenly(fixed(rangeDescriptor), 16)),
      length: "rangeDescriptorsLength",
    },
  ],
});

/** BFh: add one block range of the source to the end of the destination, a ROD. */
export const rodRangeSegment: Structure<typeof one> = structure(one);

export type RodRangeSegment = Infer<typeof rodRangeSegment>;
export type RodRangeSegmentInput = InputOf<typeof one> & { readonly type: 0xbf };
