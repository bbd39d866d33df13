import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "SGL descriptor",
  bytes: 16,
  endian: "little",
  source: "NVM Express Base 2.2, section 4.3.2",
  fields: [
    { name: "addr", at: "bytes 07:00", kind: "uint", meaning: "Address, or offset in the capsule" },
    { name: "len", at: "bytes 11:08", kind: "uint", meaning: "Length in bytes" },
    { at: "bytes 14:12", kind: "reserved" },
    {
      name: "subtype",
      at: "byte 15[3:0]",
      kind: "enumeration",
      names: { 0: "Address", 1: "Offset", 10: "NVMe Transport Specific" },
      meaning: "SGL Descriptor Sub Type",
    },
    {
      name: "type",
      at: "byte 15[7:4]",
      kind: "enumeration",
      names: {
        0: "Data Block",
        1: "Bit Bucket",
        2: "Segment",
        3: "Last Segment",
        5: "Transport Data Block",
      },
      meaning: "SGL Descriptor Type",
    },
  ],
} as const;

/**
 * One scatter gather list descriptor, as it stands in a command's DPTR; not for keyed descriptors.
 * Over NVMe/TCP: type 0h, subtype 1h for data in the capsule, type 5h, subtype Ah for all other.
 */
export const sglDescriptor: Structure<typeof layout> = structure(layout);

export type SglDescriptor = Infer<typeof sglDescriptor>;
