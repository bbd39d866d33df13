import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Read command",
  bytes: 64,
  endian: "little",
  source: "NVM Command Set 1.2, section 3.3.4, Figures 49-57",
  base: commandHeader as typeof commandHeader,
  fields: [
    { name: "opc", at: "cdw0[7:0]", kind: "constant", value: 0x02, meaning: "Opcode: Read" },
    {
      name: "elbtu",
      at: ["cdw2[15:0]", "cdw3"],
      kind: "uint",
      meaning: "Expected Logical Block Tags Upper",
    },
    { at: "cdw2[31:16]", kind: "reserved" },
    { name: "slba", at: "cdw10..11", kind: "uint", meaning: "Starting LBA" },
    { name: "nlb", at: "cdw12[15:0]", kind: "zeroBased", meaning: "Number of Logical Blocks" },
    { name: "cetype", at: "cdw12[19:16]", kind: "uint", meaning: "Command Extension Type" },
    { at: "cdw12[23:20]", kind: "reserved" },
    { name: "stc", at: "cdw12[24]", kind: "flag", meaning: "Storage Tag Check" },
    { at: "cdw12[25]", kind: "reserved" },
    {
      name: "prinfo",
      at: "cdw12[29:26]",
      kind: "uint",
      meaning: "Protection Information: PRACT, GRDCHK, ATCHK, RTCHK",
    },
    { name: "fua", at: "cdw12[30]", kind: "flag", meaning: "Force Unit Access" },
    { name: "lr", at: "cdw12[31]", kind: "flag", meaning: "Limited Retry" },
    {
      name: "cev",
      at: "cdw13[15:0]",
      kind: "uint",
      meaning: "Command Extension Value; where CETYPE is 0, bits 7:0 are Dataset Management (DSM)",
    },
    { at: "cdw13[31:16]", kind: "reserved" },
    {
      name: "elbtl",
      at: "cdw14",
      kind: "uint",
      meaning: "Expected Logical Block Tags Lower; with a 16b guard and no storage tag: EILBRT",
    },
    {
      name: "elbat",
      at: "cdw15[15:0]",
      kind: "uint",
      meaning: "Expected Logical Block Application Tag",
    },
    {
      name: "elbatm",
      at: "cdw15[31:16]",
      kind: "uint",
      meaning: "Expected Logical Block Application Tag Mask",
    },
  ],
} as const;

/** Read (opcode 02h). */
export const readCommand: Structure<typeof layout> = structure(layout);

export type ReadCommand = Infer<typeof readCommand>;
