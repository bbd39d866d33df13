import { type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";
import {
  type RangeDescriptor,
  type RangeDescriptorInput,
  rangeDescriptor,
} from "./range-descriptor.ts";

const header = {
  name: "WRITE USING TOKEN parameter list",
  bytes: 536,
  endian: "big",
  source: "SBC-5 5.59.2, table 159",
  fields: [
    {
      name: "dataLength",
      at: "bytes 0..1",
      kind: "uint",
      meaning: "WRITE USING TOKEN DATA LENGTH, bytes that follow it",
    },
    { at: "byte 2[7:2]", kind: "reserved" },
    {
      name: "delTkn",
      at: "byte 2[1]",
      kind: "flag",
      meaning: "DEL_TKN: delete the ROD token afterwards",
    },
    { name: "immed", at: "byte 2[0]", kind: "flag", meaning: "IMMED: work in the background" },
    { at: "bytes 3..7", kind: "reserved" },
    {
      name: "offsetIntoRod",
      at: "bytes 8..15",
      kind: "uint",
      meaning: "OFFSET INTO ROD, in blocks of the logical unit that is written",
    },
    { name: "rodToken", at: "bytes 16..527", kind: "bytes", meaning: "ROD TOKEN" },
    { at: "bytes 528..533", kind: "reserved" },
    {
      name: "rangeDescriptorsLength",
      at: "bytes 534..535",
      kind: "uint",
      meaning: "BLOCK DEVICE RANGE DESCRIPTOR LENGTH",
    },
  ],
} as const;

/** The fixed part of a WRITE USING TOKEN parameter list, ROD token included. */
export const writeUsingTokenHeader: Structure<typeof header> = structure(header);

/** The data of WRITE USING TOKEN: where to write what a ROD token represents. */
export interface WriteUsingToken {
  readonly delTkn: boolean;
  readonly immed: boolean;
  /** What to skip of the ROD, in blocks of the logical unit that is written. */
  readonly offsetIntoRod: number;
  /** 512 bytes. */
  readonly rodToken: Uint8Array;
  readonly ranges: readonly RangeDescriptor[];
}

/** The data to encode: what is left out is zero or empty. */
export interface WriteUsingTokenInput {
  readonly delTkn?: boolean;
  readonly immed?: boolean;
  readonly offsetIntoRod?: number | bigint;
  readonly rodToken?: Uint8Array;
  readonly ranges?: readonly RangeDescriptorInput[];
}

/** The data of WRITE USING TOKEN. Its length fields follow from the ranges. */
export const writeUsingTokenList: Codec<WriteUsingToken, WriteUsingTokenInput> = variable({
  name: header.name,
  source: header.source,
  header: writeUsingTokenHeader,
  total: { field: "dataLength", less: 2 },
  parts: [
    {
      name: "ranges",
      codec: descriptorList("range descriptors", evenly(fixed(rangeDescriptor), 16)),
      length: "rangeDescriptorsLength",
    },
  ],
});
