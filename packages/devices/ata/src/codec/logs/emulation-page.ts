import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/**
 * What stands in the vendor specific words 129 on of IDENTIFY DEVICE data of an emulated disk of this project. Only where
 * it is found is the log below read, and only there is WRITE GATHERED EXT sent without the caller's own profile.
 */
export const EMULATION_SIGNATURE = "BLOCKFERRY MODEL";

const layout = {
  name: "Emulated disk",
  bytes: 512,
  endian: "little",
  source: "this project; in no standard (vendor specific log DFh)",
  fields: [
    { name: "signature", at: "bytes 0..15", kind: "ascii", meaning: "BLOCKFERRY MODEL" },
    { name: "revision", at: "bytes 17:16", kind: "uint", meaning: "1" },
    { name: "writeGathered", at: "byte 18[0]", kind: "flag", meaning: "WRITE GATHERED EXT exists" },
    { name: "queued", at: "byte 18[1]", kind: "flag", meaning: "and its queued form" },
    { at: "byte 18[7:2]", kind: "reserved" },
    { name: "command", at: "byte 19", kind: "uint", meaning: "its operation code" },
    { at: "bytes 23:20", kind: "reserved" },
    { name: "entriesMax", at: "bytes 27:24", kind: "uint", meaning: "ranges of one command" },
    { name: "entryBlocksMax", at: "bytes 31:28", kind: "uint", meaning: "sectors of one range" },
    { name: "blocksMax", at: "bytes 39:32", kind: "uint", meaning: "sectors of one command" },
    {
      name: "profile",
      at: "bytes 40..103",
      kind: "ascii",
      pad: "nul",
      meaning: "profile it follows",
    },
    { at: "bytes 511:104", kind: "reserved" },
  ],
} as const;

/** Page 0 of log DFh of an emulated disk: its WRITE GATHERED EXT, of which no standard log is known. */
export const emulationPage: Structure<typeof layout> = structure(layout);

export type EmulationPage = Infer<typeof emulationPage>;
