/**
 * The part of a submission queue entry that all commands share (NVM Express Base 2.2, Figure 92):
 * Command Dword 0 without the opcode, NSID, MPTR and DPTR.
 */
export const commandHeader = {
  fields: [
    {
      name: "fuse",
      at: "cdw0[9:8]",
      kind: "enumeration",
      names: { 0: "not fused", 1: "first of two", 2: "second of two" },
      meaning: "Fused Operation",
    },
    { at: "cdw0[13:10]", kind: "reserved" },
    {
      name: "psdt",
      at: "cdw0[15:14]",
      kind: "enumeration",
      names: { 0: "PRPs", 1: "SGLs, metadata contiguous", 2: "SGLs, metadata in SGLs" },
      meaning: "PRP or SGL for Data Transfer",
    },
    { name: "cid", at: "cdw0[31:16]", kind: "uint", meaning: "Command Identifier" },
    { name: "nsid", at: "cdw1", kind: "uint", meaning: "Namespace Identifier" },
    { name: "mptr", at: "bytes 23:16", kind: "uint", meaning: "Metadata Pointer" },
    {
      name: "dptr",
      at: "bytes 39:24",
      kind: "bytes",
      meaning: "Data Pointer: PRP entries 1 and 2, or one SGL descriptor",
    },
  ],
} as const;
