import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandNames } from "../commands.ts";

/*
 *         byte 3        byte 2        byte 1        byte 0
 * dw0 | FEATURES(7:0) | COMMAND     | C, PM port  | 27h
 * dw1 | DEVICE        | LBA(23:16)  | LBA(15:8)   | LBA(7:0)
 * dw2 | FEATURES(15:8)| LBA(47:40)  | LBA(39:32)  | LBA(31:24)
 * dw3 | CONTROL       | ICC         | COUNT(15:8) | COUNT(7:0)
 * dw4 | AUXILIARY(31:24) … AUXILIARY(7:0)
 */
const layout = {
  name: "Register Host to Device FIS",
  bytes: 20,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.5",
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x27, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[6:4]", kind: "reserved" },
    {
      name: "c",
      at: "byte 1[7]",
      kind: "flag",
      meaning: "a command (1), or an update of the Device Control register (0)",
    },
    {
      name: "command",
      at: "byte 2",
      kind: "enumeration",
      names: commandNames as typeof commandNames,
      meaning: "Operation code",
    },
    { name: "feature", at: ["byte 11", "byte 3"], kind: "uint", meaning: "FEATURES(15:0)" },
    { name: "lba", at: ["bytes 10:08", "bytes 06:04"], kind: "uint", meaning: "LBA(47:0)" },
    { name: "device", at: "byte 7", kind: "uint", meaning: "DEVICE; bit 6 LBA mode, bit 7 FUA" },
    { name: "count", at: "bytes 13:12", kind: "uint", meaning: "COUNT(15:0)" },
    { name: "icc", at: "byte 14", kind: "uint", meaning: "Isochronous Command Completion" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "Device Control; bit 2 SRST" },
    { name: "auxiliary", at: "bytes 19:16", kind: "uint", meaning: "AUXILIARY(31:0)" },
  ],
} as const;

/** A command on its way to the device: the task file. */
export const registerHostToDevice: Structure<typeof layout> = structure(layout);

export type RegisterHostToDevice = Infer<typeof registerHostToDevice>;
