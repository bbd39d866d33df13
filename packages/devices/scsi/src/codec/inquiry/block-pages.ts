import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { growingPage } from "./growing-page.ts";
import { peripheral } from "./page-header.ts";

const limits = {
  name: "Block Limits VPD page",
  bytes: 64,
  endian: "big",
  source: "SBC-4, Block Limits VPD page",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0xb0, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
    { at: "byte 4[7:1]", kind: "reserved" },
    {
      name: "wsnz",
      at: "byte 4[0]",
      kind: "flag",
      meaning: "WSNZ: WRITE SAME of 0 blocks is refused",
    },
    {
      name: "maximumCompareAndWriteLength",
      at: "byte 5",
      kind: "uint",
      meaning: "MAXIMUM COMPARE AND WRITE LENGTH, blocks; 0 = not supported",
    },
    {
      name: "optimalTransferLengthGranularity",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "OPTIMAL TRANSFER LENGTH GRANULARITY, blocks",
    },
    {
      name: "maximumTransferLength",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "MAXIMUM TRANSFER LENGTH, blocks; 0 = not reported",
    },
    {
      name: "optimalTransferLength",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "OPTIMAL TRANSFER LENGTH, blocks",
    },
    {
      name: "maximumPrefetchLength",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "MAXIMUM PREFETCH LENGTH, blocks",
    },
    {
      name: "maximumUnmapLbaCount",
      at: "bytes 20..23",
      kind: "uint",
      meaning: "MAXIMUM UNMAP LBA COUNT; all ones = no limit",
    },
    {
      name: "maximumUnmapBlockDescriptorCount",
      at: "bytes 24..27",
      kind: "uint",
      meaning: "MAXIMUM UNMAP BLOCK DESCRIPTOR COUNT; all ones = no limit",
    },
    {
      name: "optimalUnmapGranularity",
      at: "bytes 28..31",
      kind: "uint",
      meaning: "OPTIMAL UNMAP GRANULARITY, blocks",
    },
    {
      name: "ugavalid",
      at: "byte 32[7]",
      kind: "flag",
      meaning: "UGAVALID: the unmap granularity alignment is valid",
    },
    {
      name: "unmapGranularityAlignment",
      at: "bytes 32..35[30:0]",
      kind: "uint",
      meaning: "UNMAP GRANULARITY ALIGNMENT, LBA",
    },
    {
      name: "maximumWriteSameLength",
      at: "bytes 36..43",
      kind: "wide",
      meaning: "MAXIMUM WRITE SAME LENGTH, blocks; 0 = not reported",
    },
    {
      name: "maximumAtomicTransferLength",
      at: "bytes 44..47",
      kind: "uint",
      meaning: "MAXIMUM ATOMIC TRANSFER LENGTH, blocks",
    },
    {
      name: "atomicAlignment",
      at: "bytes 48..51",
      kind: "uint",
      meaning: "ATOMIC ALIGNMENT, blocks",
    },
    {
      name: "atomicTransferLengthGranularity",
      at: "bytes 52..55",
      kind: "uint",
      meaning: "ATOMIC TRANSFER LENGTH GRANULARITY, blocks",
    },
    {
      name: "maximumAtomicTransferLengthWithAtomicBoundary",
      at: "bytes 56..59",
      kind: "uint",
      meaning: "MAXIMUM ATOMIC TRANSFER LENGTH WITH ATOMIC BOUNDARY, blocks",
    },
    {
      name: "maximumAtomicBoundarySize",
      at: "bytes 60..63",
      kind: "uint",
      meaning: "MAXIMUM ATOMIC BOUNDARY SIZE, blocks",
    },
  ],
} as const;

const characteristics = {
  name: "Block Device Characteristics VPD page",
  bytes: 64,
  endian: "big",
  source: "SBC-4, Block Device Characteristics VPD page",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0xb1, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
    {
      name: "mediumRotationRate",
      at: "bytes 4..5",
      kind: "enumeration",
      names: { 0: "not reported", 1: "non-rotating" },
      meaning: "MEDIUM ROTATION RATE, per minute",
    },
    { name: "productType", at: "byte 6", kind: "uint", meaning: "PRODUCT TYPE" },
    { name: "wabereq", at: "byte 7[7:6]", kind: "uint", meaning: "WABEREQ" },
    { name: "wacereq", at: "byte 7[5:4]", kind: "uint", meaning: "WACEREQ" },
    {
      name: "nominalFormFactor",
      at: "byte 7[3:0]",
      kind: "enumeration",
      names: { 0: "not reported", 1: "5.25 inch", 2: "3.5 inch", 3: "2.5 inch", 4: "1.8 inch" },
      meaning: "NOMINAL FORM FACTOR",
    },
    { at: "byte 8[7:6]", kind: "reserved" },
    { name: "zoned", at: "byte 8[5:4]", kind: "uint", meaning: "ZONED" },
    { name: "rbwz", at: "byte 8[3]", kind: "flag", meaning: "RBWZ" },
    { name: "bocs", at: "byte 8[2]", kind: "flag", meaning: "BOCS" },
    { name: "fuab", at: "byte 8[1]", kind: "flag", meaning: "FUAB" },
    { name: "vbuls", at: "byte 8[0]", kind: "flag", meaning: "VBULS" },
    { at: "bytes 9..11", kind: "reserved" },
    {
      name: "depopulationTime",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "DEPOPULATION TIME, seconds",
    },
    { at: "bytes 16..63", kind: "reserved" },
  ],
} as const;

const provisioning = {
  name: "Logical Block Provisioning VPD page",
  bytes: 8,
  endian: "big",
  source: "SBC-4, Logical Block Provisioning VPD page",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0xb2, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
    { name: "thresholdExponent", at: "byte 4", kind: "uint", meaning: "THRESHOLD EXPONENT" },
    { name: "lbpu", at: "byte 5[7]", kind: "flag", meaning: "LBPU: UNMAP is supported" },
    { name: "lbpws", at: "byte 5[6]", kind: "flag", meaning: "LBPWS: WRITE SAME(16) unmaps" },
    { name: "lbpws10", at: "byte 5[5]", kind: "flag", meaning: "LBPWS10: WRITE SAME(10) unmaps" },
    {
      name: "lbprz",
      at: "byte 5[4:2]",
      kind: "enumeration",
      names: { 0: "anything", 1: "zeros" },
      meaning: "LBPRZ: what unmapped blocks read as",
    },
    { name: "ancSup", at: "byte 5[1]", kind: "flag", meaning: "ANC_SUP: anchored blocks" },
    { name: "dp", at: "byte 5[0]", kind: "flag", meaning: "DP: a provisioning group follows" },
    { name: "minimumPercentage", at: "byte 6[7:3]", kind: "uint", meaning: "MINIMUM PERCENTAGE" },
    {
      name: "provisioningType",
      at: "byte 6[2:0]",
      kind: "enumeration",
      names: { 0: "not reported or full", 1: "resource", 2: "thin" },
      meaning: "PROVISIONING TYPE",
    },
    { name: "thresholdPercentage", at: "byte 7", kind: "uint", meaning: "THRESHOLD PERCENTAGE" },
  ],
} as const;

const limitsTable: Structure<typeof limits> = structure(limits);
const characteristicsTable: Structure<typeof characteristics> = structure(characteristics);
const provisioningTable: Structure<typeof provisioning> = structure(provisioning);

export type BlockLimits = Omit<Infer<typeof limitsTable>, "pageLength">;
export type BlockLimitsInput = Omit<InputOf<typeof limits>, "pageLength">;
export type BlockCharacteristics = Omit<Infer<typeof characteristicsTable>, "pageLength">;
export type BlockCharacteristicsInput = Omit<InputOf<typeof characteristics>, "pageLength">;
export type BlockProvisioning = Omit<Infer<typeof provisioningTable>, "pageLength">;
export type BlockProvisioningInput = Omit<InputOf<typeof provisioning>, "pageLength">;

/** VPD page B0h. */
export const vpdBlockLimits: Codec<BlockLimits, BlockLimitsInput> = growingPage(limitsTable);
/** VPD page B1h. */
export const vpdBlockCharacteristics: Codec<BlockCharacteristics, BlockCharacteristicsInput> =
  growingPage(characteristicsTable);
/** VPD page B2h, without the provisioning group descriptor. */
export const vpdBlockProvisioning: Codec<BlockProvisioning, BlockProvisioningInput> =
  growingPage(provisioningTable);
