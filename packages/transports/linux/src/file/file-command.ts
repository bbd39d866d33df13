import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/** What a command has the kernel do. */
export const fileOperation = { copy: 1, read: 2, write: 3, flush: 4 } as const;

const command = {
  name: "File command",
  bytes: 32,
  endian: "little",
  source: "this package",
  fields: [
    {
      name: "operation",
      at: "byte 0",
      kind: "enumeration",
      names: { 1: "copy", 2: "read", 3: "write", 4: "flush" },
    },
    { at: "bytes 1..3", kind: "reserved" },
    { name: "sourceFile", at: "bytes 4..5", kind: "uint", meaning: "of a copy" },
    { name: "file", at: "bytes 6..7", kind: "uint", meaning: "of the destination" },
    { name: "sourceOffset", at: "bytes 8..15", kind: "uint", meaning: "of a copy, bytes" },
    { name: "offset", at: "bytes 16..23", kind: "uint", meaning: "bytes" },
    { name: "bytes", at: "bytes 24..31", kind: "uint", meaning: "to be carried" },
  ],
} as const;

/** One call on files: nobody's wire, but bytes all the same, so that files are commanded as devices are. */
export const fileCommand: Structure<typeof command> = structure(command);

/** How a copy was carried out. */
export const fileMeans = { none: 0, clone: 1, kernelCopy: 2 } as const;

const completion = {
  name: "File completion",
  bytes: 16,
  endian: "little",
  source: "this package",
  fields: [
    {
      name: "means",
      at: "byte 0",
      kind: "enumeration",
      names: { 0: "none", 1: "clone", 2: "kernel-copy" },
    },
    { at: "bytes 1..3", kind: "reserved" },
    { name: "errno", at: "bytes 4..7", kind: "uint", meaning: "error number of C; 0: none" },
    { name: "bytes", at: "bytes 8..15", kind: "uint", meaning: "bytes that were carried" },
  ],
} as const;

/** What came of a call on files. */
export const fileCompletion: Structure<typeof completion> = structure(completion);

export type FileCommand = Infer<typeof fileCommand>;
