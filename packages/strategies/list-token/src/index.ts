/**
 * Pairing strategy `list-token`: halves wait in a list at the bottom and find each other by a token.
 *
 * Proposed by Bart Van Assche as a combination of the list and the token approach
 * (`4ea90738-afd1-486c-a9a9-f7e2775298ff@acm.org`), after Christoph Hellwig's id in both bios
 * (`ZIKphgDavKVPREnw@infradead.org`).
 *
 * ```
 * chunk ── token ─┬─ source bio ──────┐  each goes down on its own: remapped, split,
 *                 ├─ source bio ──────┤  delayed, in any order
 *                 └─ destination bio ─┤
 *                                     ▼
 *     bottom: parked under the token until all blocks of both sides are there
 *                                     │
 *              cut at the places where either side was cut (M:N)
 *                                     ▼
 *                                 requests
 * ```
 *
 * What ends a parked half: its partner comes; a half of the same token fails on its way; the copy is cancelled; its
 * device is removed. A half that comes after that finds its token gone and fails at once. When bios are held back above a
 * parked half, it goes back up and waits there: who suspends a mapping waits for all bios below it.
 *
 * When it cannot work: it needs a row for each half that is parked, so a device that holds halves back for long (frozen,
 * slow worker) holds rows as well. Rows are bounded: new chunks wait.
 *
 * Options are what was left open when it was proposed: what ends a half whose partner never comes (`cancel`), how far an
 * id reaches and when it is used again (`id`, `ids`), what a parked half holds (`hold`) and where it waits (`held`), how many
 * may be parked (`bound`), and both halves as requests of their own, which Bart Van Assche warned of
 * (`requests`, `d4946174-32e1-47f0-b448-38377dae0600@acm.org`).
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { HalfRequests, halfRequestTable } from "./half-requests.ts";
import { type ListTokenOptions, optionWords, settingsOf, verdictsOf } from "./options.ts";
import { listTokenPairing } from "./pairing.ts";
import { idTable, ShortIds } from "./short-ids.ts";
import { tokenTable } from "./token-table.ts";

/** A list of unpaired halves, paired by token. Throws `RangeError` for a count that is none. */
export function listToken(options: ListTokenOptions = {}): PairingStrategy {
  const settings = settingsOf(options);
  const { cancels, id, ids, holds, recalls, bound, tags } = settings;
  const byHandle = id === "handle";
  const perQueue = id === "queue";
  return {
    name: "list-token",
    supports: { under: verdictsOf(settings), isolated: byHandle && !holds && !tags },
    tokens: byHandle ? "handle:list-token" : "word",
    owners: "row:list-token",
    declare(state, capacity) {
      // By a queue's ids every half may wait under a token of its own.
      state.add(tokenTable, Math.min(bound, perQueue ? capacity.bios : capacity.chunks));
      if (!byHandle) state.add(idTable, perQueue ? capacity.devices : 1);
      if (tags) state.add(halfRequestTable, capacity.devices);
    },
    attach(engine, state) {
      const tokens = state.table(tokenTable);
      const counters = byHandle ? undefined : state.table(idTable);
      return listTokenPairing(engine, tokens, {
        cancels,
        holds,
        recalls,
        ids:
          counters === undefined
            ? undefined
            : new ShortIds(engine, tokens, counters, perQueue ? 2 ** 30 : ids, perQueue),
        tags: tags ? new HalfRequests(engine, state.table(halfRequestTable)) : undefined,
      });
    },
  };
}

/** `list-token` by name. */
export const kind: StrategyKind = {
  name: "list-token",
  summary: "source and destination bios travel alone and meet at the bottom by a token",
  options: optionWords,
  make: (options) =>
    listToken({
      ...(options as Pick<ListTokenOptions, "cancel" | "id" | "hold" | "held" | "requests">),
      ids: Number(options.ids),
      bound: Number(options.bound),
    }),
};

export type { ListTokenOptions } from "./options.ts";
export { type TokenColumns, type TokenTable, tokenTable } from "./token-table.ts";
