import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Block device range descriptor",
  bytes: 16,
  endian: "big",
  source: "SBC-5 5.12.3, table 73",
  fields: [
    { name: "lba", at: "bytes 0..7", kind: "uint", meaning: "LOGICAL BLOCK ADDRESS" },
    {
      name: "blocks",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "NUMBER OF LOGICAL BLOCKS; 0 is valid and moves nothing",
    },
    { at: "bytes 12..15", kind: "reserved" },
  ],
} as const;

/** Blocks to put into a ROD, or to write from one; the format of SPC-4 table 169 too. */
export const rangeDescriptor: Structure<typeof layout> = structure(layout);

export type RangeDescriptor = Infer<typeof rangeDescriptor>;
export type RangeDescriptorInput = InputOf<typeof layout>;
