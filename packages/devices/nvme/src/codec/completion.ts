import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/*
 *      31 30 29 28 27  25 24          17 16 15                    0
 * dw0 |                     command specific                       |
 * dw1 |                     command specific                       |
 * dw2 |            sqid              |            sqhd             |
 * dw3 |dnr|m| crd |  sct  |    sc     |p|           cid             |
 */
const layout = {
  name: "Completion Queue Entry",
  bytes: 16,
  endian: "little",
  source: "NVM Express Base 2.2, section 4.2, Figure 100",
  fields: [
    {
      name: "dw0",
      at: "dw0",
      kind: "uint",
      meaning: "Command specific; of a failed Copy: lowest source range that was not copied",
    },
    { name: "dw1", at: "dw1", kind: "uint", meaning: "Command specific" },
    { name: "sqhd", at: "dw2[15:0]", kind: "uint", meaning: "SQ Head Pointer" },
    { name: "sqid", at: "dw2[31:16]", kind: "uint", meaning: "SQ Identifier" },
    { name: "cid", at: "dw3[15:0]", kind: "uint", meaning: "Command Identifier" },
    { name: "p", at: "dw3[16]", kind: "flag", meaning: "Phase Tag" },
    { name: "sc", at: "dw3[24:17]", kind: "uint", meaning: "Status Code" },
    {
      name: "sct",
      at: "dw3[27:25]",
      kind: "enumeration",
      names: {
        0: "Generic Command Status",
        1: "Command Specific Status",
        2: "Media and Data Integrity Errors",
        3: "Path Related Status",
        7: "Vendor Specific",
      },
      meaning: "Status Code Type",
    },
    { name: "crd", at: "dw3[29:28]", kind: "uint", meaning: "Command Retry Delay" },
    { name: "m", at: "dw3[30]", kind: "flag", meaning: "More: see the Error Information log" },
    { name: "dnr", at: "dw3[31]", kind: "flag", meaning: "Do Not Retry" },
  ],
} as const;

/** A completion. Over fabrics byte 14 bit 0 is reserved and so `p` is false. */
export const completionQueueEntry: Structure<typeof layout> = structure(layout);

export type CompletionQueueEntry = Infer<typeof completionQueueEntry>;
