import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Get Features command",
  bytes: 64,
  endian: "little",
  source: "NVM Express Base 2.2, section 5.1.11",
  base: commandHeader as typeof commandHeader,
  fields: [
    {
      name: "opc",
      at: "cdw0[7:0]",
      kind: "constant",
      value: 0x0a,
      meaning: "Opcode: Get Features",
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
    {
      name: "sel",
      at: "cdw10[10:8]",
      kind: "enumeration",
      names: { 0: "current", 1: "default", 2: "saved", 3: "supported capabilities" },
      meaning: "Select",
    },
    { at: "cdw10[31:11]", kind: "reserved" },
    { name: "cdw11", at: "cdw11", kind: "uint", meaning: "Feature specific" },
    { at: "cdw12..13", kind: "reserved" },
    { name: "uidx", at: "cdw14[6:0]", kind: "uint", meaning: "UUID Index" },
    { at: "cdw14[31:7]", kind: "reserved" },
    { at: "cdw15", kind: "reserved" },
  ],
} as const;

/** Get Features (admin opcode 0Ah). */
export const getFeaturesCommand: Structure<typeof layout> = structure(layout);

export type GetFeaturesCommand = Infer<typeof getFeaturesCommand>;
