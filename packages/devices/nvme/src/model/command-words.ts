import type { FieldInfo } from "@blockferry/core/bytes";
import { copyCommand } from "../codec/copy-command.ts";
import { datasetManagementCommand } from "../codec/dataset-management-command.ts";
import { datasetManagementRange } from "../codec/dataset-management-range.ts";
import { genericCommand } from "../codec/generic-command.ts";
import { getFeaturesCommand } from "../codec/get-features-command.ts";
import { identifyCommand } from "../codec/identify-command.ts";
import { setFeaturesCommand } from "../codec/set-features-command.ts";
import { sourceRange2 } from "../codec/source-range.ts";
import { writeZeroesCommand } from "../codec/write-zeroes-command.ts";

/*
 * Where fields lie, taken from the codec's tables, to be read out of dwords without making an object for each command.
 * Fields that several commands share are taken from one of them.
 */

/** A field of at most 31 bits within one dword. */
export interface Bits {
  readonly dword: number;
  readonly shift: number;
  readonly mask: number;
}

const bitsOf = ({ dword, shift = 0, bits }: FieldInfo): Bits => ({
  dword,
  shift,
  mask: 2 ** bits - 1,
});

/** Small fields by name, and numbers (of dwords, of bytes) by name. */
type Fields<Small extends string, Numbers extends string = never> = Readonly<
  Record<Small, Bits> & Record<Numbers, number>
>;

export const readBits = (words: Int32Array, at: number, field: Bits): number =>
  (words[at + field.dword] >>> field.shift) & field.mask;

/** A field of 32 bits, unsigned. */
export const readWord = (words: Int32Array, dword: number): number => words[dword] >>> 0;

/**
 * A field of 64 bits. Above 2^53 the number is rounded, which is as good: no namespace has that many blocks.
 */
export const readLong = (words: Int32Array, dword: number): number =>
  (words[dword + 1] >>> 0) * 4294967296 + (words[dword] >>> 0);

export const common: Fields<"opcode" | "fuse" | "psdt", "nsidDword"> = {
  opcode: bitsOf(genericCommand.field("opc")),
  fuse: bitsOf(genericCommand.field("fuse")),
  psdt: bitsOf(genericCommand.field("psdt")),
  nsidDword: genericCommand.field("nsid").dword,
};

export const copyFields: Fields<
  "nr" | "desfmt" | "prinfor" | "stcw" | "stcr" | "prinfow" | "fua" | "lbat" | "lbatm",
  "sdlbaDword"
> = {
  sdlbaDword: copyCommand.field("sdlba").dword,
  nr: bitsOf(copyCommand.field("nr")),
  desfmt: bitsOf(copyCommand.field("desfmt")),
  prinfor: bitsOf(copyCommand.field("prinfor")),
  stcw: bitsOf(copyCommand.field("stcw")),
  stcr: bitsOf(copyCommand.field("stcr")),
  prinfow: bitsOf(copyCommand.field("prinfow")),
  fua: bitsOf(copyCommand.field("fua")),
  lbat: bitsOf(copyCommand.field("lbat")),
  lbatm: bitsOf(copyCommand.field("lbatm")),
};

/** The same in every format; SNSID and FCO are reserved in formats 0h and 1h. */
export const rangeFields: Fields<"nlb" | "fastCopyOnly", "snsidDword" | "slbaDword"> = {
  snsidDword: sourceRange2.field("snsid").dword,
  slbaDword: sourceRange2.field("slba").dword,
  nlb: bitsOf(sourceRange2.field("nlb")),
  fastCopyOnly: bitsOf(sourceRange2.field("fco")),
};

/** Read, Write, Compare and Write Zeroes, which alone has DEAC. */
export const ioFields: Fields<"nlb" | "stc" | "deac" | "prinfo" | "fua", "slbaDword"> = {
  slbaDword: writeZeroesCommand.field("slba").dword,
  nlb: bitsOf(writeZeroesCommand.field("nlb")),
  stc: bitsOf(writeZeroesCommand.field("stc")),
  deac: bitsOf(writeZeroesCommand.field("deac")),
  prinfo: bitsOf(writeZeroesCommand.field("prinfo")),
  fua: bitsOf(writeZeroesCommand.field("fua")),
};

export const datasetFields: Fields<
  "nr" | "deallocate",
  "rangeBytes" | "blocksDword" | "slbaDword"
> = {
  nr: bitsOf(datasetManagementCommand.field("nr")),
  deallocate: bitsOf(datasetManagementCommand.field("ad")),
  rangeBytes: datasetManagementRange.size,
  blocksDword: datasetManagementRange.field("llb").dword,
  slbaDword: datasetManagementRange.field("slba").dword,
};

export const identifyFields: Fields<"cns" | "csi"> = {
  cns: bitsOf(identifyCommand.field("cns")),
  csi: bitsOf(identifyCommand.field("csi")),
};

export const featureFields: Fields<"fid" | "save" | "select"> = {
  fid: bitsOf(setFeaturesCommand.field("fid")),
  save: bitsOf(setFeaturesCommand.field("sv")),
  select: bitsOf(getFeaturesCommand.field("sel")),
};
