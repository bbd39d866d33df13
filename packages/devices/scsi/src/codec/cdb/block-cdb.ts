/** Where LBA, group and control stand in the ten-byte commands of block devices. */
export const tenByteCdb = {
  fields: [
    { name: "lba", at: "bytes 2..5", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { at: "byte 6[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 6[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    { name: "control", at: "byte 9", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** Where LBA, length, group and control stand in the twelve-byte commands of block devices. */
export const twelveByteCdb = {
  fields: [
    { name: "lba", at: "bytes 2..5", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { at: "byte 10[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 10[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    { name: "control", at: "byte 11", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

/** Where LBA, group and control stand in the sixteen-byte commands of block devices. */
export const sixteenByteCdb = {
  fields: [
    { name: "lba", at: "bytes 2..9", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    { at: "byte 14[7:5]", kind: "reserved" },
    { name: "groupNumber", at: "byte 14[4:0]", kind: "uint", meaning: "GROUP NUMBER" },
    { name: "control", at: "byte 15", kind: "uint", meaning: "CONTROL" },
  ],
} as const;
