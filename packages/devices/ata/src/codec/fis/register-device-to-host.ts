import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { errorBits } from "../error-register.ts";
import { statusBits } from "../status-register.ts";

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
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x34, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[5:4]", kind: "reserved" },
    { name: "i", at: "byte 1[6]", kind: "flag", meaning: "Interrupt" },
    { at: "byte 1[7]", kind: "reserved" },
    { name: "status", at: "byte 2", kind: "bitset", names: statusBits, meaning: "STATUS" },
    { name: "error", at: "byte 3", kind: "bitset", names: errorBits, meaning: "ERROR" },
    { name: "lba", at: ["bytes 10:08", "bytes 06:04"], kind: "uint", meaning: "LBA(47:0)" },
    { name: "device", at: "byte 7", kind: "uint", meaning: "DEVICE" },
    { at: "byte 11", kind: "reserved" },
    { name: "count", at: "bytes 13:12", kind: "uint", meaning: "COUNT(15:0)" },
    { at: "bytes 19:14", kind: "reserved" },
  ],
} as const;

/** How a command ended, of commands that are not queued. */
export const registerDeviceToHost: Structure<typeof layout> = structure(layout);

export type RegisterDeviceToHost = Infer<typeof registerDeviceToHost>;
