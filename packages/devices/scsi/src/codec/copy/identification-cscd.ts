import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { cscdHeader } from "./cscd-header.ts";

/*
 *      7   6   5   4          0
 * 0  |       type E4h          |
 * 1  |luidtyp|nul|peripheral d.|
 * 2..3     relative initiator port identifier
 * 4  |   reserved  |  code set |
 * 5  | res |assoc. | desig.type|
 * 6  |       reserved          |
 * 7  |    designator length    |
 * 8..27    designator, zero padded
 * 28 |  reserved   |pad|   |fix|
 * 29..31   block length
 */
const layout = {
  name: "Identification Descriptor CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.6, table 140",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe4, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 4[7:4]", kind: "reserved" },
    {
      name: "codeSet",
      at: "byte 4[3:0]",
      kind: "enumeration",
      names: { 1: "binary", 2: "ASCII", 3: "UTF-8" },
      meaning: "CODE SET",
    },
    { at: "byte 5[7:6]", kind: "reserved" },
    {
      name: "association",
      at: "byte 5[5:4]",
      kind: "enumeration",
      names: { 0: "logical unit", 1: "target port", 2: "target device" },
      meaning: "ASSOCIATION",
    },
    {
      name: "designatorType",
      at: "byte 5[3:0]",
      kind: "enumeration",
      names: {
        0: "vendor specific",
        1: "T10 vendor ID based",
        2: "EUI-64 based",
        3: "NAA",
        4: "relative target port",
        5: "target port group",
        6: "logical unit group",
        7: "MD5 logical unit",
        8: "SCSI name string",
        10: "UUID",
      },
      meaning: "DESIGNATOR TYPE",
    },
    { at: "byte 6", kind: "reserved" },
    {
      name: "designatorLength",
      at: "byte 7",
      kind: "uint",
      meaning: "DESIGNATOR LENGTH, 20 bytes at most",
    },
    {
      name: "designator",
      at: "bytes 8..27",
      kind: "bytes",
      meaning: "DESIGNATOR, zero padded",
    },
  ],
} as const;

/** E4h: the logical unit whose Device Identification VPD page holds this designator. */
export const identificationCscd: Structure<typeof layout> = structure(layout);

export type IdentificationCscd = Infer<typeof identificationCscd>;
export type IdentificationCscdInput = InputOf<typeof layout> & { readonly type: 0xe4 };
