import type { StrategyEngine } from "@blockferry/core";
import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";
import { NOT_PAIRED, type TokenTable } from "./token-table.ts";

/** Counters of ids: one, or one for each device that copies are submitted to. */
export const idTable: TableDefinition<IdColumns> = defineTable(
  "list-token-id",
  { coming: "word" },
  { fixed: true, linked: false },
);
type IdColumns = { readonly coming: "word" };

/**
 * Ids as they were talked about: numbers that a counter gives out again, with nothing that tells an earlier user from a
 * later one. Halves meet by what the first of them to arrive has: its id, and its queue where ids are a queue's own.
 */
export class ShortIds {
  private readonly engine: StrategyEngine;
  private readonly tokens: TokenTable;
  private readonly counters: Table<IdColumns>;
  /** Ids that a counter gives out before it begins anew. */
  private readonly ids: number;
  private readonly perQueue: boolean;

  constructor(
    engine: StrategyEngine,
    tokens: TokenTable,
    counters: Table<IdColumns>,
    ids: number,
    perQueue: boolean,
  ) {
    this.engine = engine;
    this.tokens = tokens;
    this.counters = counters;
    this.ids = ids;
    this.perQueue = perQueue;
    for (let i = 0; i < counters.capacity; i++) counters.allocate();
  }

  /** The next id for a chunk. */
  take(chunk: number): number {
    const counter = this.perQueue ? this.engine.chunks.columns.device[chunk] : 0;
    const { coming } = this.counters.columns;
    const id = coming[counter];
    coming[counter] = (id + 1) % this.ids;
    return id;
  }

  /** The token under which a half finds others that wait, -1 for none. */
  find(bio: number): number {
    const { tokens, perQueue } = this;
    const { head, requests } = tokens.columns;
    const { token: ids, device } = this.engine.bios.columns;
    for (let token = 0; token < tokens.capacity; token++) {
      if (!tokens.isLive(token) || requests[token] !== NOT_PAIRED) continue;
      const first = head[token];
      if (ids[first] === ids[bio] && (!perQueue || device[first] === device[bio])) return token;
    }
    return -1;
  }

  /** A token under which a half of a chunk waits, -1 for none. */
  waitingFor(chunk: number): number {
    const { tokens } = this;
    const { head, requests } = tokens.columns;
    const { next, columns } = this.engine.bios;
    for (let token = 0; token < tokens.capacity; token++) {
      if (!tokens.isLive(token) || requests[token] !== NOT_PAIRED) continue;
      for (let bio = head[token]; bio >= 0; bio = next[bio]) {
        if (columns.chunk[bio] === chunk) return token;
      }
    }
    return -1;
  }
}
