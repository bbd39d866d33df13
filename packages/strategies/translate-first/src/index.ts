/**
 * Pairing strategy `translate-first`: all bios of a copy translate their addresses first, then one request copies.
 *
 * Proposed (`0cfe6fe2-3865-4dc2-92a7-74b1240f7b63@acm.org`) and posted (`20260424224201.1949243-1-bvanassche@acm.org`) by
 * Bart Van Assche.
 *
 * ```
 *            TRANSLATE                                      COPY
 * context ─┬─ source bio ──────► bottom: into the list, count − 1 ┐
 *          ├─ source bio ──────► likewise                         ├─ 0 ─► requests
 *          └─ destination bio ─► likewise                         ┘
 * ```
 *
 * While addresses are translated no bio holds a tag or a queue. A bio that is rejected counts as one that has come, and
 * with the last of them the others end.
 *
 * When it cannot work: between its translation and the copy a bio's mapping may change. A layer that is suspended for that
 * holds back what is above it and waits for what is below it; a bio that waits there for one that is held back would keep
 * it waiting for ever. So bios are recalled to the top when others are held back. Where a mapping changes without
 * that, the generation of the mappings tells when all have come, and they all go back to the top as well; the more
 * bios and the slower their layers, the more often. Newer data that somebody writes to the source meanwhile is copied.
 *
 * As posted a context counts bios, so that a layer that splits one makes the phase change too early and what comes later
 * ends nowhere (`count: "bios"`); a copy with several sources waits for as many contexts and has one (`contexts:
 * "per-source"`); the rejection of a bio completes nothing, so that a copy whose last event it is hangs, and one of which all
 * are rejected has no first bio to submit (`rejected: "posted"`); a bio that has come waits for one that is held back
 * (`held: "posted"`); and what the device says is not looked at (`status: "dropped"`). That many bios are handed to the driver at once by a callback of their own, as was considered on
 * 2026-02-09, is the same one request here.
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { contextTable } from "./context-table.ts";
import { hazardsOf, optionsInWords, type TranslateFirstOptions } from "./options.ts";
import { translateFirstPairing } from "./pairing.ts";

/** All bios translate their addresses, then one request copies. */
export function translateFirst(options: TranslateFirstOptions = {}): PairingStrategy {
  const chosen = {
    count: options.count ?? "pieces",
    contexts: options.contexts ?? "once",
    rejected: options.rejected ?? "ends",
    status: options.status ?? "kept",
    held: options.held ?? "recalled",
    generation: options.generation ?? "checked",
  } as const;
  return {
    name: "translate-first",
    supports: { under: hazardsOf(chosen), isolated: true },
    rowsOf: (ranges) => ({ bios: ranges + 2, windows: 3, requests: 1 }),
    tokens: "handle:translation",
    owners: "row:translation",
    declare(state, capacity) {
      state.add(contextTable, capacity.chunks);
    },
    attach: (engine, state) => translateFirstPairing(engine, state.table(contextTable), chosen),
  };
}

export const kind: StrategyKind = {
  name: "translate-first",
  summary: "all bios translate their addresses first, then one request copies",
  options: optionsInWords,
  make: (options) => translateFirst(options as TranslateFirstOptions),
};

export { type ContextColumns, type ContextTable, contextTable } from "./context-table.ts";
export type { TranslateFirstOptions } from "./options.ts";
