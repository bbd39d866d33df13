import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Identify Controller, NVM Command Set",
  bytes: 4096,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 120 (CNS 06h, CSI 00h)",
  fields: [
    { name: "vsl", at: "byte 0", kind: "uint", meaning: "Verify Size Limit" },
    { name: "wzsl", at: "byte 1", kind: "uint", meaning: "Write Zeroes Size Limit" },
    { name: "wusl", at: "byte 2", kind: "uint", meaning: "Write Uncorrectable Size Limit" },
    { name: "dmrl", at: "byte 3", kind: "uint", meaning: "Dataset Management Ranges Limit" },
    {
      name: "dmrsl",
      at: "bytes 07:04",
      kind: "uint",
      meaning: "Dataset Management Range Size Limit",
    },
    { name: "dmsl", at: "bytes 15:08", kind: "wide", meaning: "Dataset Management Size Limit" },
    { at: "bytes 4095:16", kind: "opaque", name: "other" },
  ],
} as const;

/** Limits of the NVM command set's commands. Size limits are exponents of the minimum page size. */
export const identifyControllerNvm: Structure<typeof layout> = structure(layout);

export type IdentifyControllerNvm = Infer<typeof identifyControllerNvm>;
