import { type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";
import {
  type RodManagementToken,
  type RodManagementTokenInput,
  rodManagementToken,
} from "./rod-token.ts";

const header = {
  name: "REPORT ALL ROD TOKENS parameter data",
  bytes: 8,
  endian: "big",
  source: "SPC-4 6.31, table 278",
  fields: [
    {
      name: "availableData",
      at: "bytes 0..3",
      kind: "uint",
      meaning: "AVAILABLE DATA, bytes that follow it",
    },
    { at: "bytes 4..7", kind: "reserved" },
  ],
} as const;

/** The fixed part of the response to REPORT ALL ROD TOKENS. */
export const rodTokenListHeader: Structure<typeof header> = structure(header);

/** The response to REPORT ALL ROD TOKENS. */
export interface RodTokenList {
  readonly tokens: readonly RodManagementToken[];
}

export interface RodTokenListInput {
  readonly tokens?: readonly RodManagementTokenInput[];
}

/** The response to REPORT ALL ROD TOKENS. */
export const rodTokenList: Codec<RodTokenList, RodTokenListInput> = variable({
  name: header.name,
  source: header.source,
  header: rodTokenListHeader,
  total: { field: "availableData", less: 4 },
  parts: [
    {
      name: "tokens",
      codec: descriptorList("ROD management tokens", evenly(fixed(rodManagementToken), 96)),
    },
  ],
});
