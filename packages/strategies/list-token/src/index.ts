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
 * device is removed. A half that comes after that finds its token gone and fails at once.
 *
 * When it cannot work: it needs a row for each half that is parked, so a device that holds halves back for long (frozen,
 * slow worker) holds rows as well. Rows are bounded: new chunks wait.
 *
 * @packageDocumentation
 */
import { type PairingStrategy, verdicts } from "@blockferry/core";
import { listTokenPairing } from "./pairing.ts";
import { tokenTable } from "./token-table.ts";

/** A list of unpaired halves, paired by token. */
export function listToken(): PairingStrategy {
  return {
    name: "list-token",
    supports: { under: verdicts({}), isolated: true },
    tokens: "handle:list-token",
    owners: "row:list-token",
    declare(state, capacity) {
      state.add(tokenTable, capacity.chunks);
    },
    attach: (engine, state) => listTokenPairing(engine, state.table(tokenTable)),
  };
}

export { type TokenColumns, type TokenTable, tokenTable } from "./token-table.ts";
