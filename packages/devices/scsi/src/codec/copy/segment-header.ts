/** CSCD descriptor IDs of a segment descriptor (SPC-4 6.4.6.1, tables 147 and 148). */
export const segmentEnds = {
  fields: [
    {
      name: "sourceCscd",
      at: "bytes 4..5",
      kind: "enumeration",
      names: { 49152: "null block device", 65535: "this logical unit" },
      meaning: "SOURCE CSCD DESCRIPTOR ID",
    },
    {
      name: "destinationCscd",
      at: "bytes 6..7",
      kind: "enumeration",
      names: { 49152: "null block device", 65535: "this logical unit" },
      meaning: "DESTINATION CSCD DESCRIPTOR ID",
    },
  ],
} as const;
