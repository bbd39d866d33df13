import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import {
  type RangeDescriptor,
  type RangeDescriptorInput,
  rangeDescriptor,
} from "../copy/range-descriptor.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";

const unmap = {
  name: "UNMAP parameter list",
  bytes: 8,
  endian: "big",
  source: "SBC-3, UNMAP command",
  fields: [
    {
      name: "dataLength",
      at: "bytes 0..1",
      kind: "uint",
      meaning: "UNMAP DATA LENGTH, bytes that follow it",
    },
    {
      name: "blockDescriptorDataLength",
      at: "bytes 2..3",
      kind: "uint",
      meaning: "UNMAP BLOCK DESCRIPTOR DATA LENGTH",
    },
    { at: "bytes 4..7", kind: "reserved" },
  ],
} as const;

const status = {
  name: "GET LBA STATUS parameter data",
  bytes: 8,
  endian: "big",
  source: "SBC-3, GET LBA STATUS command",
  fields: [
    {
      name: "parameterDataLength",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "PARAMETER DATA LENGTH, bytes that follow it",
    },
    { at: "bytes 4..7", kind: "reserved" },
  ],
} as const;

const one = {
  name: "LBA status descriptor",
  bytes: 16,
  endian: "big",
  source: "SBC-3, GET LBA STATUS command",
  fields: [
    { name: "lba", at: "bytes 0..7", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { name: "blocks", at: "bytes 8..11", kind: "uint", meaning: "NUMBER OF LOGICAL BLOCKS" },
    { at: "byte 12[7:4]", kind: "reserved" },
    {
      name: "provisioningStatus",
      at: "byte 12[3:0]",
      kind: "enumeration",
      names: { 0: "mapped or unknown", 1: "deallocated", 2: "anchored" },
      meaning: "PROVISIONING STATUS",
    },
    { at: "bytes 13..15", kind: "reserved" },
  ],
} as const;

const scattered = {
  name: "WRITE SCATTERED parameter list",
  bytes: 32,
  endian: "big",
  source: "SBC-5 5.55.2, table 151",
  fields: [{ at: "bytes 0..31", kind: "reserved" }],
} as const;

const range = {
  name: "LBA range descriptor",
  bytes: 32,
  endian: "big",
  source: "SBC-5 5.55.2, table 152",
  fields: [
    { name: "lba", at: "bytes 0..7", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { name: "blocks", at: "bytes 8..11", kind: "uint", meaning: "NUMBER OF LOGICAL BLOCKS" },
    { at: "bytes 12..31", kind: "reserved" },
  ],
} as const;

/** The first 8 bytes of an UNMAP parameter list. */
export const unmapHeader: Structure<typeof unmap> = structure(unmap);
/** The first 8 bytes of the response to GET LBA STATUS. */
export const lbaStatusHeader: Structure<typeof status> = structure(status);
/** How blocks are provisioned. */
export const lbaStatusDescriptor: Structure<typeof one> = structure(one);
const scatteredHeader: Structure<typeof scattered> = structure(scattered);
/** Where WRITE SCATTERED writes a part of its data. */
export const lbaRangeDescriptor: Structure<typeof range> = structure(range);

export type LbaStatus = Infer<typeof lbaStatusDescriptor>;
export type LbaRange = Infer<typeof lbaRangeDescriptor>;

/** The data of UNMAP. */
export interface Unmap {
  readonly ranges: readonly RangeDescriptor[];
}

export interface UnmapInput {
  readonly ranges?: readonly RangeDescriptorInput[];
}

/** The data of UNMAP: blocks that are no longer needed. */
export const unmapList: Codec<Unmap, UnmapInput> = variable({
  name: unmap.name,
  source: unmap.source,
  header: unmapHeader,
  total: { field: "dataLength", less: 2 },
  parts: [
    {
      name: "ranges",
      codec: descriptorList("unmap block descriptors", evenly(fixed(rangeDescriptor), 16)),
      length: "blockDescriptorDataLength",
    },
  ],
});

/** The response to GET LBA STATUS. */
export interface LbaStatusData {
  readonly statuses: readonly LbaStatus[];
}

export interface LbaStatusDataInput {
  readonly statuses?: readonly InputOf<typeof one>[];
}

/** The response to GET LBA STATUS. */
export const lbaStatusData: Codec<LbaStatusData, LbaStatusDataInput> = variable({
  name: status.name,
  source: status.source,
  header: lbaStatusHeader,
  total: { field: "parameterDataLength", less: 4 },
  parts: [
    {
      name: "statuses",
      codec: descriptorList("LBA status descriptors", evenly(fixed(lbaStatusDescriptor), 16)),
    },
  ],
});

/** The front of WRITE SCATTERED's data. */
export interface WriteScattered {
  readonly ranges: readonly LbaRange[];
}

export interface WriteScatteredInput {
  readonly ranges?: readonly InputOf<typeof range>[];
}

/**
 * The front of the data of WRITE SCATTERED: header and ranges. The CDB says how many ranges there
 * are; give `decode` the bytes up to the last. Padding to whole blocks and the data follow.
 */
export const writeScatteredList: Codec<WriteScattered, WriteScatteredInput> = variable({
  name: scattered.name,
  source: scattered.source,
  header: scatteredHeader,
  parts: [
    {
      name: "ranges",
      codec: descriptorList("LBA range descriptors", evenly(fixed(lbaRangeDescriptor), 32)),
    },
  ],
});
