/** The first byte of every VPD page and of standard INQUIRY data (SPC-4 6.6.2, 7.8.2). */
export const peripheral = {
  fields: [
    {
      name: "peripheralQualifier",
      at: "byte 0[7:5]",
      kind: "enumeration",
      names: { 0: "a device is there", 1: "not connected now", 3: "no device possible" },
      meaning: "PERIPHERAL QUALIFIER",
    },
    {
      name: "peripheralDeviceType",
      at: "byte 0[4:0]",
      kind: "enumeration",
      names: {
        0: "direct access block",
        1: "sequential access",
        3: "processor",
        5: "CD/DVD",
        7: "optical memory",
        12: "storage array controller",
        13: "enclosure services",
        14: "simplified direct access",
        20: "host managed zoned block",
        31: "none or unknown",
      },
      meaning: "PERIPHERAL DEVICE TYPE",
    },
  ],
} as const;
