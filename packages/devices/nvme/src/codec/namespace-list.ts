import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Namespace List",
  bytes: 4096,
  endian: "little",
  source: "NVM Express Base 2.2, section 5.1.13.2.2 (CNS 02h)",
  fields: [
    {
      name: "nsids",
      at: "bytes 4095:00",
      kind: "uints",
      bytesEach: 4,
      meaning: "Namespace identifiers in ascending order; 0 ends the list",
    },
  ],
} as const;

/** Up to 1024 namespace identifiers; decoding gives all 1024, unused ones 0. */
export const namespaceList: Structure<typeof layout> = structure(layout);

export type NamespaceList = Infer<typeof namespaceList>;
