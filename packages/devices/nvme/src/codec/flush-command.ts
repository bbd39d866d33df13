import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

const layout = {
  name: "Flush command",
  bytes: 64,
  endian: "little",
  source: "NVM Express Base 2.2, section 7.2",
  base: commandHeader as typeof commandHeader,
  fields: [
    { name: "opc", at: "cdw0[7:0]", kind: "constant", value: 0x00, meaning: "Opcode: Flush" },
    { at: "cdw2..3", kind: "reserved" },
    { at: "cdw10..15", kind: "reserved" },
  ],
} as const;

/** Flush (opcode 00h). */
export const flushCommand: Structure<typeof layout> = structure(layout);

export type FlushCommand = Infer<typeof flushCommand>;
