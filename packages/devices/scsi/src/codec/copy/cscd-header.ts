/**
 * What all CSCD descriptors share (SPC-4 6.4.5.1, tables 132 and 133): the first four bytes
 * without the type code, and the device type specific parameters (tables 136, 137, 139).
 */
export const cscdHeader = {
  fields: [
    {
      name: "luIdType",
      at: "byte 1[7:6]",
      kind: "enumeration",
      names: { 0: "logical unit number", 1: "proxy token" },
      meaning: "LU ID TYPE",
    },
    {
      name: "nul",
      at: "byte 1[5]",
      kind: "flag",
      meaning: "NUL, obsolete since SPC-4: a null device",
    },
    {
      name: "peripheralDeviceType",
      at: "byte 1[4:0]",
      kind: "enumeration",
      names: {
        0: "block",
        1: "stream",
        3: "processor",
        4: "write once",
        5: "CD/DVD",
        7: "optical",
      },
      meaning: "PERIPHERAL DEVICE TYPE",
    },
    {
      name: "relativeInitiatorPortIdentifier",
      at: "bytes 2..3",
      kind: "uint",
      meaning: "RELATIVE INITIATOR PORT IDENTIFIER, 0 = any",
    },
    { at: "byte 28[7:3]", kind: "reserved" },
    {
      name: "pad",
      at: "byte 28[2]",
      kind: "flag",
      meaning: "PAD: fill the last destination block with zeros",
    },
    { at: "byte 28[1]", kind: "reserved" },
    {
      name: "fixed",
      at: "byte 28[0]",
      kind: "flag",
      meaning: "FIXED: fixed-length blocks; sequential-access devices only",
    },
    {
      name: "blockLength",
      at: "bytes 29..31",
      kind: "uint",
      meaning: "DISK BLOCK LENGTH or STREAM BLOCK LENGTH, bytes",
    },
  ],
} as const;
