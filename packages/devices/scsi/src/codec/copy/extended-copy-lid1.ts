import { type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, rawBytes } from "../codec.ts";
import { variable } from "../variable.ts";
import { type CscdDescriptor, type CscdDescriptorInput, cscdList } from "./cscd.ts";
import { listFlags } from "./list-flags.ts";
import { type SegmentDescriptor, type SegmentDescriptorInput, segmentList } from "./segment.ts";

/*
 *      7   6   5   4   3   2       0
 * 0  |      list identifier         |
 * 1  |  res  |str|list id us| prio. |
 * 2..3     CSCD descriptor list length
 * 4..7     reserved
 * 8..11    segment descriptor list length
 * 12..15   inline data length
 * 16..     CSCD descriptors, segment descriptors, inline data
 */
const header = {
  name: "EXTENDED COPY(LID1) parameter list",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.5, table 172",
  base: listFlags as typeof listFlags,
  fields: [
    { name: "listIdentifier", at: "byte 0", kind: "uint", meaning: "LIST IDENTIFIER" },
    {
      name: "cscdDescriptorListLength",
      at: "bytes 2..3",
      kind: "uint",
      meaning: "CSCD DESCRIPTOR LIST LENGTH",
    },
    { at: "bytes 4..7", kind: "reserved" },
    {
      name: "segmentDescriptorListLength",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "SEGMENT DESCRIPTOR LIST LENGTH",
    },
    { name: "inlineDataLength", at: "bytes 12..15", kind: "uint", meaning: "INLINE DATA LENGTH" },
  ],
} as const;

/** The fixed part of an EXTENDED COPY(LID1) parameter list. */
export const extendedCopyLid1Header: Structure<typeof header> = structure(header);

/** The data of EXTENDED COPY(LID1). */
export interface ExtendedCopyLid1 {
  readonly listIdentifier: number;
  readonly str: boolean;
  /** 0 hold data, 2 data may be discarded, 3 no list identifier. */
  readonly listIdUsage: number;
  readonly priority: number;
  /** The index is the CSCD descriptor ID. */
  readonly cscds: readonly CscdDescriptor[];
  readonly segments: readonly SegmentDescriptor[];
  readonly inlineData: Uint8Array;
}

/** The data to encode: what is left out is zero or empty. */
export interface ExtendedCopyLid1Input {
  readonly listIdentifier?: number;
  readonly str?: boolean;
  readonly listIdUsage?: number;
  readonly priority?: number;
  readonly cscds?: readonly CscdDescriptorInput[];
  readonly segments?: readonly SegmentDescriptorInput[];
  readonly inlineData?: Uint8Array;
}

/** The data of EXTENDED COPY(LID1). Its length fields follow from the lists. */
export const extendedCopyLid1List: Codec<ExtendedCopyLid1, ExtendedCopyLid1Input> = variable({
  name: header.name,
  source: header.source,
  header: extendedCopyLid1Header,
  parts: [
    { name: "cscds", codec: cscdList, length: "cscdDescriptorListLength" },
    { name: "segments", codec: segmentList, length: "segmentDescriptorListLength" },
    {
      name: "inlineData",
      codec: rawBytes("inlineData", header.source, "Inline data"),
      length: "inlineDataLength",
    },
  ],
});
