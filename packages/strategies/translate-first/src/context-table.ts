import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/**
 * Contexts: what the bios of a chunk have in common while their addresses are translated.
 *
 * | column | meaning |
 * | --- | --- |
 * | chunk | the chunk |
 * | phase | `TRANSLATE`; `RECALL` while what arrives goes back to the top; `COPY` once all have arrived; `DONE` when the copy was given up while bios were on their way |
 * | count | bios that have not arrived, and one for the submitter where it holds the context |
 * | bios | bios that have arrived, linked, the last first |
 * | mappings | the generation of the mappings when the bios were submitted |
 * | tries | how often all went back to the top because mappings had changed |
 * | requests | requests that have not ended |
 * | contexts | contexts whose end the copy waits for |
 * | status | the first status other than success of a bio or a request |
 */
export const contextTable: TableDefinition<ContextColumns> = defineTable(
  "translation",
  {
    chunk: "row:chunk",
    phase: "word",
    count: "word",
    bios: "row:bio",
    mappings: "word",
    tries: "word",
    requests: "word",
    contexts: "word",
    status: "word",
  },
  { linked: false },
);
export type ContextColumns = {
  readonly chunk: "row:chunk";
  readonly phase: "word";
  readonly count: "word";
  readonly bios: "row:bio";
  readonly mappings: "word";
  readonly tries: "word";
  readonly requests: "word";
  readonly contexts: "word";
  readonly status: "word";
};
export type ContextTable = Table<ContextColumns>;

/** Phases of a context. */
export const TRANSLATE = 0;
export const COPY = 1;
export const DONE = 2;
export const RECALL = 3;
