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

/** What both forms of MODE SENSE share. */
export const modeSenseCdb = {
  fields: [
    { name: "dbd", at: "byte 1[3]", kind: "flag", meaning: "DBD: no block descriptors" },
    { at: "byte 1[2:0]", kind: "reserved" },
    {
      name: "pageControl",
      at: "byte 2[7:6]",
      kind: "enumeration",
      names: {
        0: "current values",
        1: "changeable values",
        2: "default values",
        3: "saved values",
      },
      meaning: "PC",
    },
    { name: "pageCode", at: "byte 2[5:0]", kind: "uint", meaning: "PAGE CODE" },
    { name: "subpageCode", at: "byte 3", kind: "uint", meaning: "SUBPAGE CODE" },
  ],
} as const;

/** What both forms of MODE SELECT share. */
export const modeSelectCdb = {
  fields: [
    { at: "byte 1[7:5]", kind: "reserved" },
    {
      name: "pf",
      at: "byte 1[4]",
      kind: "flag",
      meaning: "PF: pages in the format of the standard",
    },
    { at: "byte 1[3:2]", kind: "reserved" },
    { name: "rtd", at: "byte 1[1]", kind: "flag", meaning: "RTD: revert to defaults" },
    { name: "sp", at: "byte 1[0]", kind: "flag", meaning: "SP: save pages" },
  ],
} as const;
