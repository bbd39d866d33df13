import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Set Features command",
  bytes: 64,
  endian: "little",
  source: "NVM Express Base 2.2, section 5.1.25",
  base: commandHeader as typeof commandHeader,
  fields: [
    {
      name: "opc",
      at: "cdw0[7:0]",
      kind: "constant",
      value: 0x09,
      meaning: "Opcode: Set Features",
    },
    { at: "cdw2..3", kind: "reserved" },
    {
      name: "fid",
      at: "cdw10[7:0]",
      kind: "enumeration",
      names: {
        2: "Power Management",
        4: "Temperature Threshold",
        5: "Error Recovery",
        6: "Volatile Write Cache",
        7: "Number of Queues",
        10: "Write Atomicity Normal",
        11: "Asynchronous Event Configuration",
        15: "Keep Alive Timer",
        22: "Host Behavior Support",
        129: "Host Identifier",
      },
      meaning: "Feature Identifier",
    },
    { at: "cdw10[30:8]", kind: "reserved" },
    { name: "sv", at: "cdw10[31]", kind: "flag", meaning: "Save" },
    { name: "cdw11", at: "cdw11", kind: "uint", meaning: "Feature specific" },
    { name: "cdw12", at: "cdw12", kind: "uint", meaning: "Feature specific" },
    { name: "cdw13", at: "cdw13", kind: "uint", meaning: "Feature specific" },
    { name: "uidx", at: "cdw14[6:0]", kind: "uint", meaning: "UUID Index" },
    { at: "cdw14[31:7]", kind: "reserved" },
    { name: "cdw15", at: "cdw15", kind: "uint", meaning: "Feature specific" },
  ],
} as const;

/** Set Features (admin opcode 09h). */
export const setFeaturesCommand: Structure<typeof layout> = structure(layout);

export type SetFeaturesCommand = Infer<typeof setFeaturesCommand>;
