import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Dataset Management command",
  bytes: 64,
  endian: "little",
  source: "NVM Command Set 1.2, section 3.3.3, Figures 43-45",
  base: commandHeader as typeof commandHeader,
  fields: [
    {
      name: "opc",
      at: "cdw0[7:0]",
      kind: "constant",
      value: 0x09,
      meaning: "Opcode: Dataset Management",
    },
    { at: "cdw2..3", kind: "reserved" },
    { name: "nr", at: "cdw10[7:0]", kind: "zeroBased", meaning: "Number of Ranges" },
    { at: "cdw10[31:8]", kind: "reserved" },
    { name: "idr", at: "cdw11[0]", kind: "flag", meaning: "Attribute, Integral Dataset for Read" },
    { name: "idw", at: "cdw11[1]", kind: "flag", meaning: "Attribute, Integral Dataset for Write" },
    { name: "ad", at: "cdw11[2]", kind: "flag", meaning: "Attribute, Deallocate" },
    { at: "cdw11[31:3]", kind: "reserved" },
    { at: "cdw12..15", kind: "reserved" },
  ],
} as const;

/** Dataset Management (opcode 09h): attributes, such as deallocation, for a list of ranges. */
export const datasetManagementCommand: Structure<typeof layout> = structure(layout);

export type DatasetManagementCommand = Infer<typeof datasetManagementCommand>;
