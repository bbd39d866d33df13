import { type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "struct nvme_passthru_cmd64",
  bytes: 80,
  endian: "little",
  source: "Linux, include/uapi/linux/nvme_ioctl.h",
  fields: [
    { name: "opcode", at: "byte 0", kind: "uint" },
    { name: "flags", at: "byte 1", kind: "uint", meaning: "the driver takes 0 only" },
    { at: "bytes 2..3", kind: "reserved" },
    { name: "nsid", at: "bytes 4..7", kind: "uint" },
    { name: "cdw2", at: "bytes 8..11", kind: "uint" },
    { name: "cdw3", at: "bytes 12..15", kind: "uint" },
    { name: "metadata", at: "bytes 16..23", kind: "wide", meaning: "address of metadata" },
    { name: "addr", at: "bytes 24..31", kind: "wide", meaning: "address of data" },
    { name: "metadata_len", at: "bytes 32..35", kind: "uint" },
    { name: "data_len", at: "bytes 36..39", kind: "uint", meaning: "bytes of data" },
    { name: "cdw10", at: "bytes 40..43", kind: "uint" },
    { name: "cdw11", at: "bytes 44..47", kind: "uint" },
    { name: "cdw12", at: "bytes 48..51", kind: "uint" },
    { name: "cdw13", at: "bytes 52..55", kind: "uint" },
    { name: "cdw14", at: "bytes 56..59", kind: "uint" },
    { name: "cdw15", at: "bytes 60..63", kind: "uint" },
    { name: "timeout_ms", at: "bytes 64..67", kind: "uint" },
    { at: "bytes 68..71", kind: "reserved" },
    { name: "result", at: "bytes 72..79", kind: "wide", meaning: "DW0 and DW1 of the completion" },
  ],
} as const;

/**
 * What the NVMe driver takes for one command. Its bytes 0 to 15 and 40 to 63 are those of the submission queue entry; the
 * data pointer between them is the driver's to make.
 */
export const passthruCommand: Structure<typeof layout> = structure(layout);

/** Requests of include/uapi/linux/nvme_ioctl.h. */
export const nvmeRequest = {
  id: 0x4e40,
  reset: 0x4e44,
  admin64: 0xc050_4e47,
  io64: 0xc050_4e48,
} as const;
