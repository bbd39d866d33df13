import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const extendedLbaFormat = {
  name: "Extended LBA Format",
  bytes: 4,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 119",
  fields: [
    { name: "sts", at: "dw0[6:0]", kind: "uint", meaning: "Storage Tag Size in bits" },
    {
      name: "pif",
      at: "dw0[8:7]",
      kind: "enumeration",
      names: { 0: "16b guard", 1: "32b guard", 2: "64b guard", 3: "qualified type" },
      meaning: "Protection Information Format",
    },
    {
      name: "qpif",
      at: "dw0[12:9]",
      kind: "enumeration",
      names: { 0: "16b guard", 1: "32b guard", 2: "64b guard" },
      meaning: "Qualified Protection Information Format, where PIF is 3",
    },
    { at: "dw0[31:13]", kind: "opaque", name: "other" },
  ],
} as const;

const layout = {
  name: "Identify Namespace, NVM Command Set",
  bytes: 4096,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 118 (CNS 05h, CSI 00h)",
  fields: [
    { name: "lbstm", at: "bytes 07:00", kind: "wide", meaning: "Logical Block Storage Tag Mask" },
    {
      name: "pists16b",
      at: "byte 8[0]",
      kind: "flag",
      meaning: "16b Guard Protection Information Storage Tag Support",
    },
    {
      name: "pistm16b",
      at: "byte 8[1]",
      kind: "flag",
      meaning: "16b Guard Protection Information Storage Tag Mask: every LBSTM bit is set",
    },
    { name: "stcrs", at: "byte 8[2]", kind: "flag", meaning: "Storage Tag Check Read Support" },
    {
      name: "qpifs",
      at: "byte 8[3]",
      kind: "flag",
      meaning: "Qualified Protection Information Format Support",
    },
    { at: "byte 8[7:4]", kind: "opaque", name: "other" },
    {
      name: "stmla",
      at: "byte 9[2:0]",
      kind: "enumeration",
      names: { 0: "by bit", 1: "by byte", 2: "no masking" },
      meaning: "Storage Tag Masking Level Attribute (of PIFA)",
    },
    { at: "byte 9[7:3]", kind: "opaque", name: "other" },
    { at: "bytes 11:10", kind: "opaque", name: "other" },
    {
      name: "elbaf",
      at: "bytes 267:12",
      kind: "array",
      each: extendedLbaFormat as typeof extendedLbaFormat,
      meaning: "Extended LBA Formats 0 to 63",
    },
    { at: "bytes 4095:268", kind: "opaque", name: "other" },
  ],
} as const;

/** What a namespace's protection information looks like beyond the 16b guard. */
export const identifyNamespaceNvm: Structure<typeof layout> = structure(layout);

export type IdentifyNamespaceNvm = Infer<typeof identifyNamespaceNvm>;
