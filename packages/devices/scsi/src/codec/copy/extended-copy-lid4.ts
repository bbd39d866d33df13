import { type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, rawBytes } from "../codec.ts";
import { variable } from "../variable.ts";
import { type CscdDescriptor, type CscdDescriptorInput, cscdList } from "./cscd.ts";
import { listFlags } from "./list-flags.ts";
import { type SegmentDescriptor, type SegmentDescriptorInput, segmentList } from "./segment.ts";

/*
 * 0        parameter list format 01h
 * 1        as in LID1: str, list id usage, priority
 * 2..3     header CSCD descriptor list length 0020h
 * 15       g_sense, immed
 * 16       header CSCD descriptor type code FFh
 * 20..23   list identifier
 * 42..43   CSCD descriptor list length
 * 44..45   segment descriptor list length
 * 46..47   inline data length
 * 48..     CSCD descriptors, segment descriptors, inline data
 */
const header = {
  name: "EXTENDED COPY(LID4) parameter list",
  bytes: 48,
  endian: "big",
  source: "SPC-4 6.4.2, table 126",
  base: listFlags as typeof listFlags,
  fields: [
    {
      name: "parameterListFormat",
      at: "byte 0",
      kind: "constant",
      value: 0x01,
      meaning: "PARAMETER LIST FORMAT",
    },
    {
      name: "headerCscdDescriptorListLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x0020,
      meaning: "HEADER CSCD DESCRIPTOR LIST LENGTH",
    },
    { at: "bytes 4..14", kind: "reserved" },
    { at: "byte 15[7:2]", kind: "reserved" },
    {
      name: "gSense",
      at: "byte 15[1]",
      kind: "flag",
      meaning: "G_SENSE: GOOD status comes with sense data",
    },
    {
      name: "immed",
      at: "byte 15[0]",
      kind: "flag",
      meaning: "IMMED: copy in the background",
    },
    {
      name: "headerCscdDescriptorTypeCode",
      at: "byte 16",
      kind: "constant",
      value: 0xff,
      meaning: "HEADER CSCD DESCRIPTOR TYPE CODE",
    },
    { at: "bytes 17..19", kind: "reserved" },
    { name: "listIdentifier", at: "bytes 20..23", kind: "uint", meaning: "LIST IDENTIFIER" },
    { at: "bytes 24..41", kind: "reserved" },
    {
      name: "cscdDescriptorListLength",
      at: "bytes 42..43",
      kind: "uint",
      meaning: "CSCD DESCRIPTOR LIST LENGTH",
    },
    {
      name: "segmentDescriptorListLength",
      at: "bytes 44..45",
      kind: "uint",
      meaning: "SEGMENT DESCRIPTOR LIST LENGTH",
    },
    { name: "inlineDataLength", at: "bytes 46..47", kind: "uint", meaning: "INLINE DATA LENGTH" },
  ],
} as const;

/** The fixed part of an EXTENDED COPY(LID4) parameter list. */
export const extendedCopyLid4Header: Structure<typeof header> = structure(header);

/** The data of EXTENDED COPY(LID4). */
export interface ExtendedCopyLid4 {
  readonly parameterListFormat: 0x01;
  readonly str: boolean;
  /** 0 hold data, 2 data may be discarded, 3 no list identifier. */
  readonly listIdUsage: number;
  readonly priority: number;
  readonly headerCscdDescriptorListLength: 0x0020;
  readonly gSense: boolean;
  readonly immed: boolean;
  readonly headerCscdDescriptorTypeCode: 0xff;
  readonly listIdentifier: number;
  /** The index is the CSCD descriptor ID. */
  readonly cscds: readonly CscdDescriptor[];
  readonly segments: readonly SegmentDescriptor[];
  readonly inlineData: Uint8Array;
}

/** The data to encode: what is left out is zero, empty, or the constant that it must be. */
export interface ExtendedCopyLid4Input {
  readonly parameterListFormat?: 0x01;
  readonly str?: boolean;
  readonly listIdUsage?: number;
  readonly priority?: number;
  readonly headerCscdDescriptorListLength?: 0x0020;
  readonly gSense?: boolean;
  readonly immed?: boolean;
  readonly headerCscdDescriptorTypeCode?: 0xff;
  readonly listIdentifier?: number;
  readonly cscds?: readonly CscdDescriptorInput[];
  readonly segments?: readonly SegmentDescriptorInput[];
  readonly inlineData?: Uint8Array;
}

/** The data of EXTENDED COPY(LID4). Its length fields follow from the lists. */
export const extendedCopyLid4List: Codec<ExtendedCopyLid4, ExtendedCopyLid4Input> = variable({
  name: header.name,
  source: header.source,
  header: extendedCopyLid4Header,
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
