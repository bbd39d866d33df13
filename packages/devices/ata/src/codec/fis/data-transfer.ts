import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { returnedRegisters } from "../returned-registers.ts";
import { statusBits } from "../status-register.ts";

const pioSetupLayout = {
  name: "PIO Setup FIS",
  bytes: 20,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.11",
  base: returnedRegisters as typeof returnedRegisters,
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x5f, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[4]", kind: "reserved" },
    { name: "d", at: "byte 1[5]", kind: "flag", meaning: "device to host" },
    { name: "i", at: "byte 1[6]", kind: "flag", meaning: "Interrupt" },
    { at: "byte 1[7]", kind: "reserved" },
    { at: "byte 14", kind: "reserved" },
    {
      name: "endingStatus",
      at: "byte 15",
      kind: "bitset",
      names: statusBits as typeof statusBits,
      meaning: "STATUS after",
    },
    { name: "transferCount", at: "bytes 17:16", kind: "uint", meaning: "bytes that follow" },
    { at: "bytes 19:18", kind: "reserved" },
  ],
} as const;

/** Announces a PIO transfer. */
export const pioSetup: Structure<typeof pioSetupLayout> = structure(pioSetupLayout);
export type PioSetup = Infer<typeof pioSetup>;

const dmaSetupLayout = {
  name: "DMA Setup FIS",
  bytes: 28,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.9",
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x41, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[4]", kind: "reserved" },
    { name: "d", at: "byte 1[5]", kind: "flag", meaning: "device to host" },
    { name: "i", at: "byte 1[6]", kind: "flag", meaning: "Interrupt" },
    { name: "a", at: "byte 1[7]", kind: "flag", meaning: "Auto-activate" },
    { at: "bytes 03:02", kind: "reserved" },
    { name: "buffer", at: "bytes 11:04", kind: "wide", meaning: "buffer identifier: the tag" },
    { at: "bytes 15:12", kind: "reserved" },
    { name: "offset", at: "bytes 19:16", kind: "uint", meaning: "byte offset in the buffer" },
    { name: "transferCount", at: "bytes 23:20", kind: "uint", meaning: "bytes that follow" },
    { at: "bytes 27:24", kind: "reserved" },
  ],
} as const;

/** Announces the transfer of a queued command. */
export const dmaSetup: Structure<typeof dmaSetupLayout> = structure(dmaSetupLayout);
export type DmaSetup = Infer<typeof dmaSetup>;

const dmaActivateLayout = {
  name: "DMA Activate FIS",
  bytes: 4,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.8",
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x39, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[7:4]", kind: "reserved" },
    { at: "bytes 03:02", kind: "reserved" },
  ],
} as const;

/** Asks the host for the data of a DMA transfer. */
export const dmaActivate: Structure<typeof dmaActivateLayout> = structure(dmaActivateLayout);
export type DmaActivate = Infer<typeof dmaActivate>;

const dataHeaderLayout = {
  name: "Data FIS header",
  bytes: 4,
  endian: "little",
  source: "Serial ATA 3.2, 10.5.12",
  fields: [
    { name: "fisType", at: "byte 0", kind: "constant", value: 0x46, meaning: "FIS Type" },
    { name: "pmPort", at: "byte 1[3:0]", kind: "uint", meaning: "Port Multiplier Port" },
    { at: "byte 1[7:4]", kind: "reserved" },
    { at: "bytes 03:02", kind: "reserved" },
  ],
} as const;

/** Head of a FIS of up to 8,192 bytes of data. */
export const dataHeader: Structure<typeof dataHeaderLayout> = structure(dataHeaderLayout);
export type DataHeader = Infer<typeof dataHeader>;
