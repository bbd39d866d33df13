import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { segmentEnds } from "./segment-header.ts";

/*
 *        02h, 28 bytes                     0Ah, 32 bytes
 *  0   |  type 02h                       |  type 0Ah                      |
 *  1   |  reserved         | dc | cat    |  reserved             | cat    |
 *  2..3   descriptor length 0018h           descriptor length 001Ch
 *  4..5   source CSCD descriptor id         source CSCD descriptor id
 *  6..7   destination CSCD descriptor id    destination CSCD descriptor id
 *  8..9   reserved                       \  number of bytes
 * 10..11  number of blocks               /
 * 12..19  source lba                        source lba
 * 20..27  destination lba                   destination lba
 * 28..29                                    source byte offset
 * 30..31                                    destination byte offset
 */
const whole = {
  name: "Block to block segment descriptor",
  bytes: 28,
  endian: "big",
  source: "SPC-4 6.4.6.4, table 151",
  base: segmentEnds as typeof segmentEnds,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x02, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1[7:2]", kind: "reserved" },
    {
      name: "dc",
      at: "byte 1[1]",
      kind: "flag",
      meaning: "DC: the number of blocks counts destination blocks, else source blocks",
    },
    { name: "cat", at: "byte 1[0]", kind: "flag", meaning: "CAT: keep residual data" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x18,
      meaning: "DESCRIPTOR LENGTH",
    },
    { at: "bytes 8..9", kind: "reserved" },
    {
      name: "blocks",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "BLOCK DEVICE NUMBER OF BLOCKS; 0 copies nothing",
    },
    {
      name: "sourceLba",
      at: "bytes 12..19",
      kind: "uint",
      meaning: "SOURCE BLOCK DEVICE LOGICAL BLOCK ADDRESS",
    },
    {
      name: "destinationLba",
      at: "bytes 20..27",
      kind: "uint",
      meaning: "DESTINATION BLOCK DEVICE LOGICAL BLOCK ADDRESS",
    },
  ],
} as const;

const offset = {
  name: "Block with offset to block with offset segment descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.6.12",
  base: segmentEnds as typeof segmentEnds,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0x0a, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 1[7:1]", kind: "reserved" },
    { name: "cat", at: "byte 1[0]", kind: "flag", meaning: "CAT: keep residual data" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x1c,
      meaning: "DESCRIPTOR LENGTH",
    },
    { name: "bytes", at: "bytes 8..11", kind: "uint", meaning: "NUMBER OF BYTES" },
    {
      name: "sourceLba",
      at: "bytes 12..19",
      kind: "uint",
      meaning: "SOURCE BLOCK DEVICE LOGICAL BLOCK ADDRESS",
    },
    {
      name: "destinationLba",
      at: "bytes 20..27",
      kind: "uint",
      meaning: "DESTINATION BLOCK DEVICE LOGICAL BLOCK ADDRESS",
    },
    {
      name: "sourceByteOffset",
      at: "bytes 28..29",
      kind: "uint",
      meaning: "SOURCE BLOCK DEVICE BYTE OFFSET",
    },
    {
      name: "destinationByteOffset",
      at: "bytes 30..31",
      kind: "uint",
      meaning: "DESTINATION BLOCK DEVICE BYTE OFFSET",
    },
  ],
} as const;

/** 02h: whole blocks from one block device to another, at most 65535 of them. */
export const blockSegment: Structure<typeof whole> = structure(whole);
/** 0Ah: bytes from any offset in a block to any offset in a block. */
export const byteOffsetSegment: Structure<typeof offset> = structure(offset);

export type BlockSegment = Infer<typeof blockSegment>;
export type BlockSegmentInput = InputOf<typeof whole> & { readonly type: 0x02 };
export type ByteOffsetSegment = Infer<typeof byteOffsetSegment>;
export type ByteOffsetSegmentInput = InputOf<typeof offset> & { readonly type: 0x0a };
