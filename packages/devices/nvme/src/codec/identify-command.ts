import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Identify command",
  bytes: 64,
  endian: "little",
  source: "NVM Express Base 2.2, section 5.1.13",
  base: commandHeader as typeof commandHeader,
  fields: [
    { name: "opc", at: "cdw0[7:0]", kind: "constant", value: 0x06, meaning: "Opcode: Identify" },
    { at: "cdw2..3", kind: "reserved" },
    {
      name: "cns",
      at: "cdw10[7:0]",
      kind: "enumeration",
      names: {
        0: "Identify Namespace",
        1: "Identify Controller",
        2: "Active Namespace ID list",
        3: "Namespace Identification Descriptor list",
        5: "Identify Namespace of the I/O command set",
        6: "Identify Controller of the I/O command set",
        8: "Identify Namespace, independent of the I/O command set",
        16: "Allocated Namespace ID list",
        28: "Identify I/O Command Set",
      },
      meaning: "Controller or Namespace Structure",
    },
    { at: "cdw10[15:8]", kind: "reserved" },
    { name: "cntid", at: "cdw10[31:16]", kind: "uint", meaning: "Controller Identifier" },
    { name: "cnssi", at: "cdw11[15:0]", kind: "uint", meaning: "CNS Specific Identifier" },
    { at: "cdw11[23:16]", kind: "reserved" },
    {
      name: "csi",
      at: "cdw11[31:24]",
      kind: "enumeration",
      names: { 0: "NVM", 1: "Key Value", 2: "Zoned Namespace" },
      meaning: "Command Set Identifier",
    },
    { at: "cdw12..13", kind: "reserved" },
    { name: "uidx", at: "cdw14[6:0]", kind: "uint", meaning: "UUID Index" },
    { at: "cdw14[31:7]", kind: "reserved" },
    { at: "cdw15", kind: "reserved" },
  ],
} as const;

/** Identify (admin opcode 06h). */
export const identifyCommand: Structure<typeof layout> = structure(layout);

export type IdentifyCommand = Infer<typeof identifyCommand>;
