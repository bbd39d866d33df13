import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Submission Queue Entry",
  bytes: 64,
  endian: "little",
  source: "NVM Express Base 2.2, section 4.1, Figure 92",
  base: commandHeader as typeof commandHeader,
  fields: [
    { name: "opc", at: "cdw0[7:0]", kind: "uint", meaning: "Opcode" },
    { name: "cdw2", at: "cdw2", kind: "uint", meaning: "Command Dword 2" },
    { name: "cdw3", at: "cdw3", kind: "uint", meaning: "Command Dword 3" },
    { name: "cdw10", at: "cdw10", kind: "uint", meaning: "Command Dword 10" },
    { name: "cdw11", at: "cdw11", kind: "uint", meaning: "Command Dword 11" },
    { name: "cdw12", at: "cdw12", kind: "uint", meaning: "Command Dword 12" },
    { name: "cdw13", at: "cdw13", kind: "uint", meaning: "Command Dword 13" },
    { name: "cdw14", at: "cdw14", kind: "uint", meaning: "Command Dword 14" },
    { name: "cdw15", at: "cdw15", kind: "uint", meaning: "Command Dword 15" },
  ],
} as const;

/** Any command, its specific dwords as plain numbers: for opcodes without a table of their own. */
export const genericCommand: Structure<typeof layout> = structure(layout);

export type GenericCommand = Infer<typeof genericCommand>;
