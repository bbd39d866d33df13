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
  name: "POPULATE TOKEN parameter list",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.12.2, table 72",
  fields: [
    {
      name: "dataLength",
      at: "bytes 0..1",
      kind: "uint",
      meaning: "POPULATE TOKEN DATA LENGTH, bytes that follow it",
    },
    { at: "byte 2[7:2]", kind: "reserved" },
    { name: "rtv", at: "byte 2[1]", kind: "flag", meaning: "RTV: the ROD type is valid" },
    { name: "immed", at: "byte 2[0]", kind: "flag", meaning: "IMMED: work in the background" },
    { at: "byte 3", kind: "reserved" },
    {
      name: "inactivityTimeout",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "INACTIVITY TIMEOUT, seconds; 0 = the copy manager's default",
    },
    {
      name: "rodType",
      at: "bytes 8..11",
      kind: "enumeration",
      names: {
        65536: "access upon reference",
        8388608: "point in time copy, default",
        8388609: "point in time copy, change vulnerable",
        8388610: "point in time copy, persistent",
        8388611: "point in time copy, copy on write",
        8454143: "point in time copy, any",
        4294901761: "block device zero",
      },
      meaning: "ROD TYPE, if RTV",
    },
    { at: "bytes 12..13", kind: "reserved" },
    {
      name: "rangeDescriptorsLength",
      at: "bytes 14..15",
      kind: "uint",
      meaning: "BLOCK DEVICE RANGE DESCRIPTOR LENGTH",
    },
  ],
} as const;

/** The fixed part of a POPULATE TOKEN parameter list. */
export const populateTokenHeader: Structure<typeof header> = structure(header);

/** The data of POPULATE TOKEN: which blocks a ROD token shall represent. */
export interface PopulateToken {
  readonly rtv: boolean;
  readonly immed: boolean;
  /** Seconds; 0 = the copy manager's default. */
  readonly inactivityTimeout: number;
  readonly rodType: number;
  readonly ranges: readonly RangeDescriptor[];
}

/** The data to encode: what is left out is zero or empty. */
export interface PopulateTokenInput {
  readonly rtv?: boolean;
  readonly immed?: boolean;
  readonly inactivityTimeout?: number;
  readonly rodType?: number;
  readonly ranges?: readonly RangeDescriptorInput[];
}

/** The data of POPULATE TOKEN. Its length fields follow from the ranges. */
export const populateTokenList: Codec<PopulateToken, PopulateTokenInput> = variable({
  name: header.name,
  source: header.source,
  header: populateTokenHeader,
  total: { field: "dataLength", less: 2 },
  parts: [
    {
      name: "ranges",
      codec: descriptorList("range descriptors", evenly(fixed(rangeDescriptor), 16)),
      length: "rangeDescriptorsLength",
    },
  ],
});
