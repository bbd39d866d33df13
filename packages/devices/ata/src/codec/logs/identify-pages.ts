import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/** Qword 0 of every page but the list of pages (ACS-4, A.11.3.1). */
const header = {
  fields: [
    { name: "revision", at: "bytes 07:00[15:0]", kind: "uint", meaning: "0001h" },
    { name: "page", at: "bytes 07:00[23:16]", kind: "uint", meaning: "page number" },
    { at: "bytes 07:00[62:24]", kind: "opaque" },
    { name: "headerValid", at: "bytes 07:00[63]", kind: "flag" },
  ],
} as const;

const listLayout = {
  name: "IDENTIFY DEVICE data log, list of pages",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.11.2 (Table A.23)",
  fields: [
    { name: "revision", at: "bytes 07:00[15:0]", kind: "uint", meaning: "0001h" },
    { name: "page", at: "bytes 07:00[23:16]", kind: "uint", meaning: "page number: 00h" },
    { at: "bytes 07:00[63:24]", kind: "opaque" },
    { name: "entries", at: "byte 8", kind: "uint", meaning: "number of pages" },
    { name: "pages", at: "bytes 9..511", kind: "bytes", meaning: "their numbers, ascending" },
  ],
} as const;

/** Page 00h. */
export const identifyPageList: Structure<typeof listLayout> = structure(listLayout);
export type IdentifyPageList = Infer<typeof identifyPageList>;

const capacityLayout = {
  name: "IDENTIFY DEVICE data log, Capacity",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.11.4 (Table A.25)",
  base: header as typeof header,
  fields: [
    { name: "sectors", at: "bytes 15:08[47:0]", kind: "uint", meaning: "accessible capacity" },
    { at: "bytes 15:08[62:48]", kind: "opaque" },
    { name: "sectorsValid", at: "bytes 15:08[63]", kind: "flag" },
    { name: "alignment", at: "bytes 23:16[15:0]", kind: "uint", meaning: "logical sector offset" },
    { name: "physicalExponent", at: "bytes 23:16[19:16]", kind: "uint" },
    { at: "bytes 23:16[60:20]", kind: "opaque" },
    { name: "sectorSizeSupported", at: "bytes 23:16[61]", kind: "flag" },
    { name: "relationshipSupported", at: "bytes 23:16[62]", kind: "flag" },
    { name: "sizesValid", at: "bytes 23:16[63]", kind: "flag" },
    {
      name: "wordsPerSector",
      at: "bytes 31:24[31:0]",
      kind: "uint",
      meaning: "logical sector size",
    },
    { at: "bytes 31:24[62:32]", kind: "opaque" },
    { name: "wordsPerSectorValid", at: "bytes 31:24[63]", kind: "flag" },
    { name: "bufferBytes", at: "bytes 39:32[62:0]", kind: "wide", meaning: "nominal buffer size" },
    { name: "bufferBytesValid", at: "bytes 39:32[63]", kind: "flag" },
    { at: "bytes 511:40", kind: "opaque" },
  ],
} as const;

/** Page 02h. */
export const identifyCapacity: Structure<typeof capacityLayout> = structure(capacityLayout);
export type IdentifyCapacity = Infer<typeof identifyCapacity>;

const capabilitiesLayout = {
  name: "IDENTIFY DEVICE data log, Supported Capabilities",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.11.5 (Table A.26); bits 44 and above: ACS-5",
  base: header as typeof header,
  fields: [
    { at: "bytes 15:08[28:0]", kind: "opaque" },
    { name: "nop", at: "bytes 15:08[29]", kind: "flag", meaning: "NOP" },
    { at: "bytes 15:08[45:30]", kind: "opaque" },
    { name: "deviceLifeControl", at: "bytes 15:08[46]", kind: "flag" },
    {
      name: "successfulNcqSense",
      at: "bytes 15:08[47]",
      kind: "flag",
      meaning: "log 0Fh is filled",
    },
    { name: "zeroExt", at: "bytes 15:08[48]", kind: "flag", meaning: "ZERO EXT" },
    { name: "setSectorConfiguration", at: "bytes 15:08[49]", kind: "flag" },
    { name: "dsmXl", at: "bytes 15:08[50]", kind: "flag", meaning: "DATA SET MANAGEMENT XL" },
    { at: "bytes 15:08[53:51]", kind: "opaque" },
    { name: "backgroundOperations", at: "bytes 15:08[54]", kind: "flag" },
    { name: "mutate", at: "bytes 15:08[55]", kind: "flag", meaning: "MUTATE EXT" },
    { at: "bytes 15:08[62:56]", kind: "opaque" },
    { name: "capabilitiesValid", at: "bytes 15:08[63]", kind: "flag" },
    { at: "bytes 103:16", kind: "opaque" },
    {
      name: "zoned",
      at: "bytes 111:104[1:0]",
      kind: "enumeration",
      names: { 0: "not reported", 1: "host aware", 2: "device managed" },
    },
    { at: "bytes 111:104[62:2]", kind: "opaque" },
    { name: "zonedValid", at: "bytes 111:104[63]", kind: "flag" },
    { at: "bytes 511:112", kind: "opaque" },
  ],
} as const;

/** Page 03h. */
export const identifyCapabilities: Structure<typeof capabilitiesLayout> =
  structure(capabilitiesLayout);
export type IdentifyCapabilities = Infer<typeof identifyCapabilities>;

const settingsLayout = {
  name: "IDENTIFY DEVICE data log, Current Settings",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.11.6 (Table A.27)",
  base: header as typeof header,
  fields: [
    { at: "bytes 15:08[16:0]", kind: "opaque" },
    { name: "deviceLifeControl", at: "bytes 15:08[17]", kind: "flag" },
    { at: "bytes 15:08[62:18]", kind: "opaque" },
    { name: "settingsValid", at: "bytes 15:08[63]", kind: "flag" },
    { at: "bytes 511:16", kind: "opaque" },
  ],
} as const;

/** Page 04h. */
export const identifySettings: Structure<typeof settingsLayout> = structure(settingsLayout);
export type IdentifySettings = Infer<typeof identifySettings>;

const plainLayout = {
  name: "IDENTIFY DEVICE data log, page header",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.11.3.1",
  base: header as typeof header,
  fields: [{ at: "bytes 511:08", kind: "opaque" }],
} as const;

/** Any page, of which only the header is read. */
export const identifyPageHeader: Structure<typeof plainLayout> = structure(plainLayout);
export type IdentifyPageHeader = Infer<typeof identifyPageHeader>;
