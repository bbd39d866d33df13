import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";

/** Bytes of a ROD token of all types that SPC-4 and SBC-3 define. */
export const ROD_TOKEN_BYTES = 512;
/** ROD TOKEN LENGTH of such a token. */
export const ROD_TOKEN_LENGTH = 0x01f8;

/** The header and body of a ROD token (SPC-4 5.17.6.5.1, table 112). */
const body = {
  fields: [
    {
      name: "rodType",
      at: "bytes 0..3",
      kind: "enumeration",
      names: {
        0: "copy manager internal",
        65536: "access upon reference",
        8388608: "point in time copy, default",
        8388609: "point in time copy, change vulnerable",
        8388610: "point in time copy, persistent",
        8388611: "point in time copy, copy on write",
        8454143: "point in time copy, any",
        4294901761: "block device zero",
      },
      meaning: "ROD TYPE",
    },
    { at: "bytes 4..5", kind: "reserved" },
    {
      name: "rodTokenLength",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "ROD TOKEN LENGTH, bytes that follow it in the whole token",
    },
    {
      name: "copyManagerRodTokenIdentifier",
      at: "bytes 8..15",
      kind: "wide",
      meaning: "COPY MANAGER ROD TOKEN IDENTIFIER",
    },
    {
      name: "creatorLogicalUnit",
      at: "bytes 16..47",
      kind: "bytes",
      meaning: "CREATOR LOGICAL UNIT DESCRIPTOR, an E4h CSCD descriptor",
    },
    {
      name: "bytesRepresented",
      at: "bytes 48..63",
      kind: "wide",
      meaning: "NUMBER OF BYTES REPRESENTED, all ones = unknown",
    },
    { at: "bytes 64..95", kind: "reserved" },
  ],
} as const;

const management = {
  name: "ROD management token",
  bytes: 96,
  endian: "big",
  source: "SPC-4 5.17.6.4, table 111",
  base: body as typeof body,
  fields: [],
} as const;

const token = {
  name: "ROD token",
  bytes: 512,
  endian: "big",
  source: "SPC-4 5.17.6.5.1, table 112; SBC-3, device type specific data",
  base: body as typeof body,
  fields: [
    {
      name: "blockLength",
      at: "bytes 96..99",
      kind: "uint",
      meaning: "LOGICAL BLOCK LENGTH IN BYTES, of the creator",
    },
    { at: "byte 100[7:4]", kind: "reserved" },
    { name: "pType", at: "byte 100[3:1]", kind: "uint", meaning: "P_TYPE" },
    { name: "protEn", at: "byte 100[0]", kind: "flag", meaning: "PROT_EN" },
    { name: "pIExponent", at: "byte 101[7:4]", kind: "uint", meaning: "P_I_EXPONENT" },
    {
      name: "logicalBlocksPerPhysicalBlockExponent",
      at: "byte 101[3:0]",
      kind: "uint",
      meaning: "LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT",
    },
    { name: "lbpme", at: "byte 102[7]", kind: "flag", meaning: "LBPME: thin" },
    { name: "lbprz", at: "byte 102[6]", kind: "flag", meaning: "LBPRZ: unmapped reads zero" },
    {
      name: "lowestAlignedLba",
      at: "bytes 102..103[13:0]",
      kind: "uint",
      meaning: "LOWEST ALIGNED LOGICAL BLOCK ADDRESS",
    },
    { at: "bytes 104..127", kind: "opaque", name: "deviceTypeSpecific" },
    {
      name: "extension",
      at: "bytes 128..511",
      kind: "bytes",
      meaning: "TARGET DEVICE DESCRIPTOR, then EXTENDED ROD TOKEN DATA",
    },
  ],
} as const;

/** A ROD token of 512 bytes. Of the zero token only type and length mean anything. */
export const rodToken: Structure<typeof token> = structure(token);
/** The first 96 bytes of a ROD token, as REPORT ALL ROD TOKENS returns them. */
export const rodManagementToken: Structure<typeof management> = structure(management);

export type RodToken = Infer<typeof rodToken>;
export type RodTokenInput = InputOf<typeof token>;
export type RodManagementToken = Infer<typeof rodManagementToken>;
export type RodManagementTokenInput = InputOf<typeof management>;

/** The well-known token that stands for zeros, without limit (SBC-5 4.28.4). */
export function zeroRodToken(): Uint8Array {
  return rodToken.encode({ rodType: 0xffff_0001, rodTokenLength: ROD_TOKEN_LENGTH });
}
