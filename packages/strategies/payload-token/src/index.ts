/**
 * Pairing strategy `payload-token`: the source bio fills a token and ends; the destination bio spends it.
 *
 * Posted by Mikulas Patocka (`alpine.LRH.2.02.2202011331570.22481@file01…`, REQ_OP_COPY_READ_TOKEN and
 * REQ_OP_COPY_WRITE_TOKEN) and, as a payload of reads and writes, by Nitesh Shetty and Anuj Gupta up to v12
 * (`20230605121732.28468-1-nj.shetty@samsung.com`). The generation of mappings in the token was proposed by Mikulas
 * Patocka (`alpine.LRH.2.02.2202250410210.20694@file01…`, "dm_changed") and is in none of the later postings.
 *
 * ```
 *  chunk ─┬─ source bio ──► bottom: fills the token with where it arrived, and ends
 *         └─ source bio ──► bottom: likewise
 *                 │ the last of them has ended
 *             workqueue ── destination bio ──► bottom: spends its part of the token ── request
 * ```
 *
 * Nothing waits for a partner at the bottom, no plug and no merge is needed, and each bio is remapped as any other. There
 * is one step of a workqueue, and a second descent, in each copy.
 *
 * When it cannot work: a token names an address, not data. Newer data that somebody writes to the source between the two
 * phases is what is copied; a point-in-time copy this is not. A token also outlives the descent that filled it: when a
 * mapping changes before it is spent, it names blocks that the device no longer maps there: nothing is below the mapping
 * between the phases, so that who suspends it waits for nobody. Hence the generation. Taken when the token is filled, as
 * proposed, it tells as long as mappings change only when nothing is below them; taken before the source goes down it
 * tells in any case. A stale token sends its part back to the first phase, and is refused when that does not help.
 *
 * As posted a token also names its namespace by a pointer, which a namespace attached later may have got. Numbers of
 * devices are not given again here, so that this cannot be shown.
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { sourcePieceTable } from "@blockferry/core/pairing";
import { hazardsOf, optionsInWords, type PayloadTokenOptions } from "./options.ts";
import { payloadTokenPairing } from "./pairing.ts";
import { carriedTable, tokenTable } from "./token-table.ts";

/** A token in the payload: filled by the source bio, spent by the destination bio. */
export function payloadToken(options: PayloadTokenOptions = {}): PairingStrategy {
  const chosen = {
    generation: options.generation ?? "checked",
    split: options.split ?? "entries",
  } as const;
  return {
    name: "payload-token",
    supports: { under: hazardsOf(chosen), isolated: true },
    rowsOf: (ranges) =>
      chosen.split === "entries"
        ? { bios: ranges + 2, windows: 3, requests: 1 }
        : { bios: 2 * ranges + 1, windows: ranges + 2, requests: ranges },
    tokens: "handle:copy-token",
    owners: "row:carried",
    declare(state, capacity) {
      state.add(sourcePieceTable, capacity.bios);
      state.add(tokenTable, capacity.bios);
      state.add(carriedTable, capacity.bios);
    },
    attach: (engine, state) => payloadTokenPairing(engine, state, chosen),
  };
}

export const kind: StrategyKind = {
  name: "payload-token",
  summary: "the source bio fills a token at the bottom and ends, the destination bio spends it",
  options: optionsInWords,
  make: (options) => payloadToken(options as PayloadTokenOptions),
};

export type { PayloadTokenOptions } from "./options.ts";
export { type TokenColumns, type TokenTable, tokenTable } from "./token-table.ts";
