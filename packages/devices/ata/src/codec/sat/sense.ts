import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { errorBits } from "../error-register.ts";
import { statusBits } from "../status-register.ts";

const senseKeyNames: Readonly<Record<number, string>> = {
  0: "NO SENSE",
  1: "RECOVERED ERROR",
  2: "NOT READY",
  3: "MEDIUM ERROR",
  4: "HARDWARE ERROR",
  5: "ILLEGAL REQUEST",
  6: "UNIT ATTENTION",
  7: "DATA PROTECT",
  11: "ABORTED COMMAND",
  14: "MISCOMPARE",
};

const statusReturnLayout = {
  name: "ATA Status Return descriptor",
  bytes: 14,
  endian: "big",
  source: "SAT-4, 12.2.6 (Table 163)",
  fields: [
    { name: "descriptorType", at: "byte 0", kind: "constant", value: 0x09 },
    { name: "additionalLength", at: "byte 1", kind: "constant", value: 0x0c },
    { name: "extend", at: "byte 2[0]", kind: "flag", meaning: "COUNT(15:8) and LBA(47:24) count" },
    { at: "byte 2[7:1]", kind: "reserved" },
    {
      name: "error",
      at: "byte 3",
      kind: "bitset",
      names: errorBits as typeof errorBits,
      meaning: "ERROR",
    },
    { name: "count", at: "bytes 4..5", kind: "uint", meaning: "COUNT(15:0)" },
    {
      name: "lba",
      at: ["byte 10", "byte 8", "byte 6", "byte 11", "byte 9", "byte 7"],
      kind: "uint",
      meaning: "LBA(47:0)",
    },
    { name: "device", at: "byte 12", kind: "uint", meaning: "DEVICE" },
    {
      name: "status",
      at: "byte 13",
      kind: "bitset",
      names: statusBits as typeof statusBits,
      meaning: "STATUS",
    },
  ],
} as const;

/** The registers of a command that has ended, in sense data of descriptor format. */
export const statusReturn: Structure<typeof statusReturnLayout> = structure(statusReturnLayout);
export type StatusReturn = Infer<typeof statusReturn>;

const fixedLayout = {
  name: "Fixed format sense data with ATA registers",
  bytes: 18,
  endian: "big",
  source: "SPC-5, 4.4.3; SAT-4, 12.2.7 (Table 165)",
  fields: [
    { name: "valid", at: "byte 0[7]", kind: "flag", meaning: "INFORMATION is valid" },
    {
      name: "responseCode",
      at: "byte 0[6:0]",
      kind: "enumeration",
      names: { 112: "current", 113: "deferred" },
      meaning: "response code",
    },
    { at: "byte 1", kind: "opaque" },
    {
      name: "senseKey",
      at: "byte 2[3:0]",
      kind: "enumeration",
      names: senseKeyNames as typeof senseKeyNames,
      meaning: "SENSE KEY",
    },
    { at: "byte 2[7:4]", kind: "opaque" },
    {
      name: "error",
      at: "byte 3",
      kind: "bitset",
      names: errorBits as typeof errorBits,
      meaning: "ERROR",
    },
    {
      name: "status",
      at: "byte 4",
      kind: "bitset",
      names: statusBits as typeof statusBits,
      meaning: "STATUS",
    },
    { name: "device", at: "byte 5", kind: "uint", meaning: "DEVICE" },
    { name: "count", at: "byte 6", kind: "uint", meaning: "COUNT(7:0)" },
    { name: "additionalLength", at: "byte 7", kind: "uint", meaning: "bytes after byte 7" },
    { name: "extend", at: "byte 8[7]", kind: "flag", meaning: "the command was 48-bit" },
    { name: "countUpper", at: "byte 8[6]", kind: "flag", meaning: "COUNT(15:8) is not 0" },
    { name: "lbaUpper", at: "byte 8[5]", kind: "flag", meaning: "LBA(47:24) is not 0" },
    { at: "byte 8[4]", kind: "opaque" },
    { name: "logIndex", at: "byte 8[3:0]", kind: "uint", meaning: "log page 16h that has it all" },
    { name: "lba", at: ["byte 11", "byte 10", "byte 9"], kind: "uint", meaning: "LBA(23:0)" },
    { name: "asc", at: "byte 12", kind: "uint", meaning: "ADDITIONAL SENSE CODE" },
    { name: "ascq", at: "byte 13", kind: "uint", meaning: "ADDITIONAL SENSE CODE QUALIFIER" },
    { at: "byte 14", kind: "opaque" },
    { name: "sksv", at: "byte 15[7]", kind: "flag", meaning: "the field pointer is valid" },
    { name: "cd", at: "byte 15[6]", kind: "flag", meaning: "it points into the CDB" },
    { at: "byte 15[5:4]", kind: "opaque" },
    { name: "bpv", at: "byte 15[3]", kind: "flag", meaning: "the bit pointer is valid" },
    { name: "bitPointer", at: "byte 15[2:0]", kind: "uint", meaning: "bit at fault" },
    { name: "fieldPointer", at: "bytes 16..17", kind: "uint", meaning: "byte at fault" },
  ],
} as const;

/** Sense data of fixed format as a pass-through returns it: of an address only the lower 24 bits. */
export const fixedSense: Structure<typeof fixedLayout> = structure(fixedLayout);
export type FixedSense = Infer<typeof fixedSense>;

const headerLayout = {
  name: "Descriptor format sense data",
  bytes: 8,
  endian: "big",
  source: "SPC-5, 4.4.2",
  fields: [
    {
      name: "responseCode",
      at: "byte 0[6:0]",
      kind: "enumeration",
      names: { 114: "current", 115: "deferred" },
      meaning: "response code",
    },
    { at: "byte 0[7]", kind: "opaque" },
    {
      name: "senseKey",
      at: "byte 1[3:0]",
      kind: "enumeration",
      names: senseKeyNames as typeof senseKeyNames,
      meaning: "SENSE KEY",
    },
    { at: "byte 1[7:4]", kind: "opaque" },
    { name: "asc", at: "byte 2", kind: "uint", meaning: "ADDITIONAL SENSE CODE" },
    { name: "ascq", at: "byte 3", kind: "uint", meaning: "ADDITIONAL SENSE CODE QUALIFIER" },
    { at: "bytes 4..6", kind: "opaque" },
    { name: "additionalLength", at: "byte 7", kind: "uint", meaning: "bytes of descriptors" },
  ],
} as const;

/** Head of sense data of descriptor format. */
export const descriptorSenseHeader: Structure<typeof headerLayout> = structure(headerLayout);
export type DescriptorSenseHeader = Infer<typeof descriptorSenseHeader>;

const informationLayout = {
  name: "Information descriptor",
  bytes: 12,
  endian: "big",
  source: "SPC-5, 4.4.2.2",
  fields: [
    { name: "descriptorType", at: "byte 0", kind: "constant", value: 0x00 },
    { name: "additionalLength", at: "byte 1", kind: "constant", value: 0x0a },
    { name: "valid", at: "byte 2[7]", kind: "flag" },
    { at: "byte 2[6:0]", kind: "reserved" },
    { at: "byte 3", kind: "reserved" },
    { name: "information", at: "bytes 4..11", kind: "uint", meaning: "an LBA" },
  ],
} as const;

/** An LBA in sense data of descriptor format. */
export const informationDescriptor: Structure<typeof informationLayout> =
  structure(informationLayout);

const senseKeySpecificLayout = {
  name: "Sense key specific descriptor",
  bytes: 8,
  endian: "big",
  source: "SPC-5, 4.4.2.4",
  fields: [
    { name: "descriptorType", at: "byte 0", kind: "constant", value: 0x02 },
    { name: "additionalLength", at: "byte 1", kind: "constant", value: 0x06 },
    { at: "bytes 2..3", kind: "reserved" },
    { name: "sksv", at: "byte 4[7]", kind: "flag" },
    { name: "cd", at: "byte 4[6]", kind: "flag", meaning: "the pointer points into the CDB" },
    { at: "byte 4[5:4]", kind: "reserved" },
    { name: "bpv", at: "byte 4[3]", kind: "flag", meaning: "the bit pointer is valid" },
    { name: "bitPointer", at: "byte 4[2:0]", kind: "uint" },
    { name: "fieldPointer", at: "bytes 5..6", kind: "uint", meaning: "byte at fault" },
    { at: "byte 7", kind: "reserved" },
  ],
} as const;

/** Where a field at fault is, in sense data of descriptor format. */
export const senseKeySpecific: Structure<typeof senseKeySpecificLayout> =
  structure(senseKeySpecificLayout);
