import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { cscdHeader } from "./cscd-header.ts";

const layout = {
  name: "ROD CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.9, table 143",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xfe, meaning: "DESCRIPTOR TYPE CODE" },
    {
      name: "rodProducer",
      at: "bytes 4..5",
      kind: "uint",
      meaning: "ROD PRODUCER CSCD DESCRIPTOR ID",
    },
    { at: "bytes 6..7", kind: "reserved" },
    {
      name: "rodType",
      at: "bytes 8..11",
      kind: "enumeration",
      names: {
        0: "by ROD token offset",
        65536: "access upon reference",
        8388608: "point in time copy, default",
        8388609: "point in time copy, change vulnerable",
        8388610: "point in time copy, persistent",
        8388611: "point in time copy, copy on write",
        8454143: "point in time copy, any",
        4294901761: "block device zero",
      },
      meaning: "ROD TYPE",
    },
    {
      name: "requestedLifetime",
      at: "bytes 12..15",
      kind: "uint",
      meaning: "REQUESTED ROD TOKEN LIFETIME, seconds",
    },
    {
      name: "requestedInactivityTimeout",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "REQUESTED ROD TOKEN INACTIVITY TIMEOUT, seconds; 0 = never",
    },
    { at: "bytes 20..22", kind: "reserved" },
    { at: "byte 23[7:2]", kind: "reserved" },
    { name: "rToken", at: "byte 23[1]", kind: "flag", meaning: "R_TOKEN: return a ROD token" },
    {
      name: "delTkn",
      at: "byte 23[0]",
      kind: "flag",
      meaning: "DEL_TKN: delete the ROD token afterwards",
    },
    {
      name: "rodTokenOffset",
      at: "bytes 24..27",
      kind: "uint",
      meaning: "ROD TOKEN OFFSET, bytes into the inline data",
    },
  ],
} as const;

/** FEh: a ROD, new or from a ROD token in the inline data. */
export const rodCscd: Structure<typeof layout> = structure(layout);

export type RodCscd = Infer<typeof rodCscd>;
export type RodCscdInput = InputOf<typeof layout> & { readonly type: 0xfe };
