import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { controllerAdministration } from "./controller-administration.ts";

/*
 * Fields are in the order of their bytes. What no reader of this table needs (power states, vendor
 * bytes, fields of later revisions) is opaque: any bytes are accepted there.
 * SQES, CQES, ONCS, FUSES and VWC are taken apart into the fields that the standard names in them.
 */
const layout = {
  name: "Identify Controller",
  bytes: 4096,
  endian: "little",
  source: "NVM Express Base 2.2, Figure 313 (CNS 01h); NVM Command Set 1.2, Figure 117",
  base: controllerAdministration as typeof controllerAdministration,
  fields: [
    {
      name: "sqesmin",
      at: "byte 512[3:0]",
      kind: "uint",
      meaning: "Required Submission Queue Entry Size, as a power of two (of SQES)",
    },
    {
      name: "sqesmax",
      at: "byte 512[7:4]",
      kind: "uint",
      meaning: "Maximum Submission Queue Entry Size, as a power of two (of SQES)",
    },
    {
      name: "cqesmin",
      at: "byte 513[3:0]",
      kind: "uint",
      meaning: "Required Completion Queue Entry Size, as a power of two (of CQES)",
    },
    {
      name: "cqesmax",
      at: "byte 513[7:4]",
      kind: "uint",
      meaning: "Maximum Completion Queue Entry Size, as a power of two (of CQES)",
    },
    {
      name: "maxcmd",
      at: "bytes 515:514",
      kind: "uint",
      meaning: "Maximum Outstanding Commands; 0 not reported",
    },
    { name: "nn", at: "bytes 519:516", kind: "uint", meaning: "Number of Namespaces" },
    { name: "nvmcmps", at: "bytes 521:520[0]", kind: "flag", meaning: "Compare Support" },
    {
      name: "nvmwusv",
      at: "bytes 521:520[1]",
      kind: "flag",
      meaning: "Write Uncorrectable Support Variants",
    },
    {
      name: "nvmdsmsv",
      at: "bytes 521:520[2]",
      kind: "flag",
      meaning: "Dataset Management Support Variants",
    },
    {
      name: "nvmwzsv",
      at: "bytes 521:520[3]",
      kind: "flag",
      meaning: "Write Zeroes Support Variants",
    },
    {
      name: "ssfs",
      at: "bytes 521:520[4]",
      kind: "flag",
      meaning: "Save and Select Feature Support",
    },
    { name: "reservs", at: "bytes 521:520[5]", kind: "flag", meaning: "Reservations Support" },
    { name: "tss", at: "bytes 521:520[6]", kind: "flag", meaning: "Timestamp Support" },
    { name: "nvmvfys", at: "bytes 521:520[7]", kind: "flag", meaning: "Verify Support" },
    { name: "nvmcpys", at: "bytes 521:520[8]", kind: "flag", meaning: "Copy Support" },
    {
      name: "nvmcsa",
      at: "bytes 521:520[9]",
      kind: "flag",
      meaning: "Copy Single Atomicity: a copy is written as one write command",
    },
    { name: "nvmafc", at: "bytes 521:520[10]", kind: "flag", meaning: "All Fast Copy" },
    {
      name: "maxwzd",
      at: "bytes 521:520[11]",
      kind: "flag",
      meaning: "Maximum Write Zeroes with Deallocate",
    },
    { name: "nszs", at: "bytes 521:520[12]", kind: "flag", meaning: "Namespace Zeroes Support" },
    { at: "bytes 521:520[15:13]", kind: "opaque", name: "other" },
    {
      name: "fcws",
      at: "bytes 523:522[0]",
      kind: "flag",
      meaning: "Fused Compare and Write Supported",
    },
    { at: "bytes 523:522[15:1]", kind: "opaque", name: "other" },
    {
      name: "fna",
      at: "byte 524",
      kind: "bitset",
      names: {
        0: "formats all namespaces",
        1: "erases all namespaces",
        2: "cryptographic erase",
        3: "refuses all namespaces",
      },
      meaning: "Format NVM Attributes",
    },
    {
      name: "vwcp",
      at: "byte 525[0]",
      kind: "flag",
      meaning: "Volatile Write Cache Present (of VWC)",
    },
    {
      name: "fb",
      at: "byte 525[2:1]",
      kind: "enumeration",
      names: { 0: "not reported", 2: "not supported", 3: "supported" },
      meaning: "Flush Behavior with NSID FFFFFFFFh (of VWC)",
    },
    { at: "byte 525[7:3]", kind: "opaque", name: "other" },
    {
      name: "awun",
      at: "bytes 527:526",
      kind: "zeroBased",
      meaning: "Atomic Write Unit Normal in logical blocks",
    },
    {
      name: "awupf",
      at: "bytes 529:528",
      kind: "zeroBased",
      meaning: "Atomic Write Unit Power Fail in logical blocks",
    },
    {
      name: "icsvscc",
      at: "byte 530",
      kind: "uint",
      meaning: "I/O Command Set Vendor Specific Command Configuration",
    },
    {
      name: "nwpc",
      at: "byte 531",
      kind: "uint",
      meaning: "Namespace Write Protection Capabilities",
    },
    {
      name: "acwu",
      at: "bytes 533:532",
      kind: "zeroBased",
      meaning: "Atomic Compare and Write Unit in logical blocks; means nothing without FCWS",
    },
    {
      name: "ocfs",
      at: "bytes 535:534",
      kind: "bitset",
      names: { 0: "format 0h", 1: "format 1h", 2: "format 2h", 3: "format 3h", 4: "format 4h" },
      meaning: "Optional Copy Formats Supported (since Base 2.1: CDFS)",
    },
    { name: "sgls", at: "bytes 539:536", kind: "uint", meaning: "SGL Support" },
    {
      name: "mnan",
      at: "bytes 543:540",
      kind: "uint",
      meaning: "Maximum Number of Allowed Namespaces",
    },
    {
      name: "maxdna",
      at: "bytes 559:544",
      kind: "wide",
      meaning: "Maximum Domain Namespace Attachments",
    },
    {
      name: "maxcna",
      at: "bytes 563:560",
      kind: "uint",
      meaning: "Maximum I/O Controller Namespace Attachments",
    },
    { at: "bytes 767:564", kind: "opaque", name: "other" },
    {
      name: "subnqn",
      at: "bytes 1023:768",
      kind: "ascii",
      pad: "nul",
      meaning: "NVM Subsystem NVMe Qualified Name",
    },
    { at: "bytes 1791:1024", kind: "opaque", name: "other" },
    {
      name: "ioccsz",
      at: "bytes 1795:1792",
      kind: "uint",
      meaning: "I/O Queue Command Capsule Supported Size in 16 bytes, the command included",
    },
    {
      name: "iorcsz",
      at: "bytes 1799:1796",
      kind: "uint",
      meaning: "I/O Queue Response Capsule Supported Size in 16 bytes",
    },
    {
      name: "icdoff",
      at: "bytes 1801:1800",
      kind: "uint",
      meaning: "In Capsule Data Offset in 16 bytes",
    },
    {
      name: "fcatt",
      at: "byte 1802",
      kind: "bitset",
      names: { 0: "static controllers" },
      meaning: "Fabrics Controller Attributes",
    },
    { name: "msdbd", at: "byte 1803", kind: "uint", meaning: "Maximum SGL Data Block Descriptors" },
    {
      name: "ofcs",
      at: "bytes 1805:1804",
      kind: "bitset",
      names: { 0: "Disconnect" },
      meaning: "Optional Fabrics Commands Support",
    },
    { name: "dctype", at: "byte 1806", kind: "uint", meaning: "Discovery Controller Type" },
    { at: "bytes 2047:1807", kind: "opaque", name: "other" },
    { at: "bytes 3071:2048", kind: "opaque", name: "psd" },
    { at: "bytes 4095:3072", kind: "opaque", name: "vendor" },
  ],
} as const;

/** A controller: who it is, which commands it takes, and its limits. */
export const identifyController: Structure<typeof layout> = structure(layout);

export type IdentifyController = Infer<typeof identifyController>;
