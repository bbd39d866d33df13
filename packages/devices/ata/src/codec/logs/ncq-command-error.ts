import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { returnedRegisters } from "../returned-registers.ts";

const layout = {
  name: "NCQ Command Error log",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.14 (Table A.34)",
  base: returnedRegisters as typeof returnedRegisters,
  fields: [
    { name: "tag", at: "byte 0[4:0]", kind: "uint", meaning: "tag of the command that failed" },
    { at: "byte 0[5]", kind: "reserved" },
    { name: "unload", at: "byte 0[6]", kind: "flag", meaning: "heads were unloaded (UNL)" },
    {
      name: "notQueued",
      at: "byte 0[7]",
      kind: "flag",
      meaning: "the error was of no queued command (NQ)",
    },
    { at: "byte 1", kind: "reserved" },
    { name: "senseKey", at: "byte 14", kind: "uint", meaning: "with NCQ autosense" },
    { name: "asc", at: "byte 15", kind: "uint", meaning: "ADDITIONAL SENSE CODE" },
    { name: "ascq", at: "byte 16", kind: "uint", meaning: "ADDITIONAL SENSE CODE QUALIFIER" },
    { name: "finalLba", at: "bytes 22:17", kind: "uint", meaning: "last LBA in error" },
    { at: "bytes 255:23", kind: "opaque" },
    { at: "bytes 510:256", kind: "opaque" },
    { name: "checksum", at: "byte 511", kind: "uint", meaning: "makes the sum of bytes 0" },
  ],
} as const;

/** Log 10h: which queued command failed, and how. */
export const ncqCommandError: Structure<typeof layout> = structure(layout);

export type NcqCommandError = Infer<typeof ncqCommandError>;
