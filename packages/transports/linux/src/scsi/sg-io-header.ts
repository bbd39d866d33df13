import { type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "struct sg_io_hdr",
  bytes: 88,
  endian: "little",
  source: "Linux, include/scsi/sg.h, version 3; 64-bit pointers",
  fields: [
    { name: "interface_id", at: "bytes 0..3", kind: "constant", value: 0x53, meaning: "'S'" },
    {
      name: "dxfer_direction",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "-1 none, -2 to the device, -3 from the device",
    },
    { name: "cmd_len", at: "byte 8", kind: "uint", meaning: "bytes of the CDB" },
    { name: "mx_sb_len", at: "byte 9", kind: "uint", meaning: "room for sense data" },
    { name: "iovec_count", at: "bytes 10..11", kind: "uint" },
    { name: "dxfer_len", at: "bytes 12..15", kind: "uint", meaning: "bytes of data" },
    { name: "dxferp", at: "bytes 16..23", kind: "wide", meaning: "address of data" },
    { name: "cmdp", at: "bytes 24..31", kind: "wide", meaning: "address of the CDB" },
    { name: "sbp", at: "bytes 32..39", kind: "wide", meaning: "address of sense data" },
    { name: "timeout", at: "bytes 40..43", kind: "uint", meaning: "milliseconds" },
    { name: "flags", at: "bytes 44..47", kind: "uint" },
    { name: "pack_id", at: "bytes 48..51", kind: "uint" },
    { at: "bytes 52..55", kind: "reserved" },
    { name: "usr_ptr", at: "bytes 56..63", kind: "wide" },
    { name: "status", at: "byte 64", kind: "uint", meaning: "SCSI status" },
    { name: "masked_status", at: "byte 65", kind: "uint" },
    { name: "msg_status", at: "byte 66", kind: "uint" },
    { name: "sb_len_wr", at: "byte 67", kind: "uint", meaning: "bytes of sense data" },
    { name: "host_status", at: "bytes 68..69", kind: "uint", meaning: "DID_… of the adapter" },
    { name: "driver_status", at: "bytes 70..71", kind: "uint" },
    { name: "resid", at: "bytes 72..75", kind: "uint", meaning: "bytes of dxfer_len not moved" },
    { name: "duration", at: "bytes 76..79", kind: "uint", meaning: "milliseconds" },
    { name: "info", at: "bytes 80..83", kind: "uint" },
    { at: "bytes 84..87", kind: "reserved" },
  ],
} as const;

/** What SG_IO takes for one command, and where it tells what came of it. */
export const sgIoHeader: Structure<typeof layout> = structure(layout);

/** Requests of include/scsi/sg.h. */
export const sgRequest = { io: 0x2285, reset: 0x2284 } as const;

/** `dxfer_direction`, as the unsigned number that its 32 bits are. */
export const sgDirection = {
  none: 0xffff_ffff,
  toDevice: 0xffff_fffe,
  fromDevice: 0xffff_fffd,
} as const;
