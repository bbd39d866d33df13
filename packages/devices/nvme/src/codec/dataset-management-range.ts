import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Dataset Management range",
  bytes: 16,
  endian: "little",
  source: "NVM Command Set 1.2, Figures 46 and 47",
  fields: [
    { name: "af", at: "bytes 03:00[3:0]", kind: "uint", meaning: "Access Frequency" },
    { name: "al", at: "bytes 03:00[5:4]", kind: "uint", meaning: "Access Latency" },
    { at: "bytes 03:00[7:6]", kind: "reserved" },
    { name: "srr", at: "bytes 03:00[8]", kind: "flag", meaning: "Sequential Read Range" },
    { name: "swr", at: "bytes 03:00[9]", kind: "flag", meaning: "Sequential Write Range" },
    { name: "wprep", at: "bytes 03:00[10]", kind: "flag", meaning: "Write Prepare" },
    { at: "bytes 03:00[23:11]", kind: "reserved" },
    { name: "casze", at: "bytes 03:00[31:24]", kind: "uint", meaning: "Command Access Size" },
    {
      name: "llb",
      at: "bytes 07:04",
      kind: "uint",
      meaning: "Length in Logical Blocks, not 0's based",
    },
    { name: "slba", at: "bytes 15:08", kind: "uint", meaning: "Starting LBA" },
  ],
} as const;

/** One range of a Dataset Management command's data. */
export const datasetManagementRange: Structure<typeof layout> = structure(layout);

export type DatasetManagementRange = Infer<typeof datasetManagementRange>;
