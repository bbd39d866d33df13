import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const ten = {
  name: "READ CAPACITY(10) parameter data",
  bytes: 8,
  endian: "big",
  source: "SBC-3, READ CAPACITY (10) command",
  fields: [
    {
      name: "lastLba",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "RETURNED LOGICAL BLOCK ADDRESS; FFFFFFFFh = use READ CAPACITY(16)",
    },
    {
      name: "blockLength",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "LOGICAL BLOCK LENGTH IN BYTES",
    },
  ],
} as const;

const sixteen = {
  name: "READ CAPACITY(16) parameter data",
  bytes: 32,
  endian: "big",
  source: "SBC-4, READ CAPACITY (16) command",
  fields: [
    {
      name: "lastLba",
      at: "bytes 0..7",
      kind: "uint",
      meaning: "RETURNED LOGICAL BLOCK ADDRESS, of the last block",
    },
    {
      name: "blockLength",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "LOGICAL BLOCK LENGTH IN BYTES",
    },
    { at: "byte 12[7:6]", kind: "reserved" },
    { name: "rcBasis", at: "byte 12[5:4]", kind: "uint", meaning: "RC BASIS, of zoned devices" },
    { name: "pType", at: "byte 12[3:1]", kind: "uint", meaning: "P_TYPE: protection type less 1" },
    { name: "protEn", at: "byte 12[0]", kind: "flag", meaning: "PROT_EN: protection is enabled" },
    { name: "pIExponent", at: "byte 13[7:4]", kind: "uint", meaning: "P_I_EXPONENT" },
    {
      name: "logicalBlocksPerPhysicalBlockExponent",
      at: "byte 13[3:0]",
      kind: "uint",
      meaning: "LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT",
    },
    { name: "lbpme", at: "byte 14[7]", kind: "flag", meaning: "LBPME: thin" },
    { name: "lbprz", at: "byte 14[6]", kind: "flag", meaning: "LBPRZ: unmapped reads zero" },
    {
      name: "lowestAlignedLba",
      at: "bytes 14..15[13:0]",
      kind: "uint",
      meaning: "LOWEST ALIGNED LOGICAL BLOCK ADDRESS",
    },
    { at: "bytes 16..31", kind: "reserved" },
  ],
} as const;

/** The response to READ CAPACITY(10). */
export const readCapacity10Data: Structure<typeof ten> = structure(ten);
/** The response to READ CAPACITY(16). */
export const readCapacity16Data: Structure<typeof sixteen> = structure(sixteen);

export type ReadCapacity10Data = Infer<typeof readCapacity10Data>;
export type ReadCapacity16Data = Infer<typeof readCapacity16Data>;
