import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";
import { type ModePage, type ModePageInput, modePage } from "./mode-pages.ts";

/** What both headers say, each at its own place. */
const six = {
  name: "MODE SENSE(6) data",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.5.5",
  fields: [
    {
      name: "modeDataLength",
      at: "byte 0",
      kind: "uint",
      meaning: "MODE DATA LENGTH, bytes that follow it; reserved in MODE SELECT",
    },
    { name: "mediumType", at: "byte 1", kind: "uint", meaning: "MEDIUM TYPE" },
    { name: "wp", at: "byte 2[7]", kind: "flag", meaning: "WP: write protected" },
    { at: "byte 2[6:5]", kind: "reserved" },
    { name: "dpofua", at: "byte 2[4]", kind: "flag", meaning: "DPOFUA: DPO and FUA are supported" },
    { at: "byte 2[3:0]", kind: "reserved" },
    {
      name: "blockDescriptorLength",
      at: "byte 3",
      kind: "uint",
      meaning: "BLOCK DESCRIPTOR LENGTH",
    },
  ],
} as const;

const ten = {
  name: "MODE SENSE(10) data",
  bytes: 8,
  endian: "big",
  source: "SPC-4 7.5.5",
  fields: [
    {
      name: "modeDataLength",
      at: "bytes 0..1",
      kind: "uint",
      meaning: "MODE DATA LENGTH, bytes that follow it; reserved in MODE SELECT",
    },
    { name: "mediumType", at: "byte 2", kind: "uint", meaning: "MEDIUM TYPE" },
    { name: "wp", at: "byte 3[7]", kind: "flag", meaning: "WP: write protected" },
    { at: "byte 3[6:5]", kind: "reserved" },
    { name: "dpofua", at: "byte 3[4]", kind: "flag", meaning: "DPOFUA: DPO and FUA are supported" },
    { at: "byte 3[3:0]", kind: "reserved" },
    { at: "byte 4[7:1]", kind: "reserved" },
    { name: "longLba", at: "byte 4[0]", kind: "flag", meaning: "LONGLBA: 16-byte descriptors" },
    { at: "byte 5", kind: "reserved" },
    {
      name: "blockDescriptorLength",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "BLOCK DESCRIPTOR LENGTH",
    },
  ],
} as const;

const short = {
  name: "Short LBA mode parameter block descriptor",
  bytes: 8,
  endian: "big",
  source: "SBC-3, mode parameter block descriptors",
  fields: [
    {
      name: "blocks",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; all ones = more",
    },
    { at: "byte 4", kind: "reserved" },
    { name: "blockLength", at: "bytes 5..7", kind: "uint", meaning: "LOGICAL BLOCK LENGTH" },
  ],
} as const;

const long = {
  name: "Long LBA mode parameter block descriptor",
  bytes: 16,
  endian: "big",
  source: "SBC-3, mode parameter block descriptors",
  fields: [
    { name: "blocks", at: "bytes 0..7", kind: "uint", meaning: "NUMBER OF LOGICAL BLOCKS" },
    { at: "bytes 8..11", kind: "reserved" },
    { name: "blockLength", at: "bytes 12..15", kind: "uint", meaning: "LOGICAL BLOCK LENGTH" },
  ],
} as const;

const header6: Structure<typeof six> = structure(six);
const header10: Structure<typeof ten> = structure(ten);
const shortDescriptor: Structure<typeof short> = structure(short);
const longDescriptor: Structure<typeof long> = structure(long);

/** How many blocks there are, and how long. */
export type ModeBlockDescriptor = Infer<typeof shortDescriptor>;
export type ModeBlockDescriptorInput = InputOf<typeof short>;

/** The data of MODE SENSE(6). */
export interface ModeData6 {
  readonly mediumType: number;
  readonly wp: boolean;
  readonly dpofua: boolean;
  /** None or one. */
  readonly blockDescriptors: readonly ModeBlockDescriptor[];
  readonly pages: readonly ModePage[];
}

/** The data of MODE SENSE(10). */
export interface ModeData10 extends ModeData6 {
  /** Block descriptors have 16 bytes, for more than 2^32 blocks. */
  readonly longLba: boolean;
}

export interface ModeData6Input {
  readonly mediumType?: number;
  readonly wp?: boolean;
  readonly dpofua?: boolean;
  readonly blockDescriptors?: readonly ModeBlockDescriptorInput[];
  readonly pages?: readonly ModePageInput[];
}

export interface ModeData10Input extends ModeData6Input {
  readonly longLba?: boolean;
}

const shortList = descriptorList("block descriptors", evenly(fixed(shortDescriptor), 8));
const longList = descriptorList("block descriptors", evenly(fixed(longDescriptor), 16));
const pages = { name: "pages", codec: descriptorList("mode pages", modePage) } as const;

/** The response to MODE SENSE(6). */
export const modeData6: Codec<ModeData6, ModeData6Input> = variable({
  name: six.name,
  source: six.source,
  header: header6,
  total: { field: "modeDataLength", less: 1 },
  parts: [{ name: "blockDescriptors", codec: shortList, length: "blockDescriptorLength" }, pages],
});

/** The response to MODE SENSE(10). */
export const modeData10: Codec<ModeData10, ModeData10Input> = variable({
  name: ten.name,
  source: ten.source,
  header: header10,
  total: { field: "modeDataLength", less: 2 },
  parts: [
    {
      name: "blockDescriptors",
      codec: (fields) => (fields.longLba === true ? longList : shortList),
      length: "blockDescriptorLength",
    },
    pages,
  ],
});
