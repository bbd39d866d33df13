import { errorBits } from "./error-register.ts";
import { statusBits } from "./status-register.ts";

const layout = {
  fields: [
    {
      name: "status",
      at: "byte 2",
      kind: "bitset",
      names: statusBits as typeof statusBits,
      meaning: "STATUS",
    },
    {
      name: "error",
      at: "byte 3",
      kind: "bitset",
      names: errorBits as typeof errorBits,
      meaning: "ERROR",
    },
    { name: "lba", at: ["bytes 10:08", "bytes 06:04"], kind: "uint", meaning: "LBA(47:0)" },
    { name: "device", at: "byte 7", kind: "uint", meaning: "DEVICE" },
    { at: "byte 11", kind: "reserved" },
    { name: "count", at: "bytes 13:12", kind: "uint", meaning: "COUNT(15:0)" },
  ],
} as const;

/** Registers as a device returns them: at the same bytes in FISes and in log 10h. */
export const returnedRegisters: typeof layout = layout;
