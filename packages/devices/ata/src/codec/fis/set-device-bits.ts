import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { errorBits } from "../error-register.ts";

const layout = {
  name: "Set Device Bits FIS",
  bytes: 8,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.7; queued commands: 13.6",
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0xa1, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[5:4]", kind: "reserved" },
    { name: "i", at: "byte 1[6]", kind: "flag", meaning: "Interrupt" },
    { name: "n", at: "byte 1[7]", kind: "flag", meaning: "Notification" },
    {
      name: "statusLow",
      at: "byte 2[2:0]",
      kind: "bitset",
      names: { 0: "ERR", 1: "SENSE" },
      meaning: "STATUS(2:0)",
    },
    { at: "byte 2[3]", kind: "reserved" },
    {
      name: "statusHigh",
      at: "byte 2[6:4]",
      kind: "bitset",
      names: { 0: "DSC", 1: "DF", 2: "DRDY" },
      meaning: "STATUS(6:4)",
    },
    { at: "byte 2[7]", kind: "reserved" },
    {
      name: "error",
      at: "byte 3",
      kind: "bitset",
      names: errorBits as typeof errorBits,
      meaning: "ERROR",
    },
    {
      name: "completed",
      at: "bytes 07:04",
      kind: "bitset",
      meaning: "tags of the queued commands that have ended (SActive)",
    },
  ],
} as const;

/** How queued commands ended. What went wrong with one that failed is in log page 10h. */
export const setDeviceBits: Structure<typeof layout> = structure(layout);

export type SetDeviceBits = Infer<typeof setDeviceBits>;
