import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { returnedRegisters } from "../returned-registers.ts";

/*
 *         byte 3     byte 2        byte 1        byte 0
 * dw0 | ERROR      | STATUS      | I, PM port  | 34h
 * dw1 | DEVICE     | LBA(23:16)  | LBA(15:8)   | LBA(7:0)
 * dw2 | reserved   | LBA(47:40)  | LBA(39:32)  | LBA(31:24)
 * dw3 | reserved   | reserved    | COUNT(15:8) | COUNT(7:0)
 * dw4 | reserved
 */
const layout = {
  name: "Register Device to Host FIS",
  bytes: 20,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.6",
  base: returnedRegisters as typeof returnedRegisters,
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x34, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[5:4]", kind: "reserved" },
    { name: "i", at: "byte 1[6]", kind: "flag", meaning: "Interrupt" },
    { at: "byte 1[7]", kind: "reserved" },
    { at: "bytes 19:14", kind: "reserved" },
  ],
} as const;

/** How a command ended, of commands that are not queued. */
export const registerDeviceToHost: Structure<typeof layout> = structure(layout);

export type RegisterDeviceToHost = Infer<typeof registerDeviceToHost>;
