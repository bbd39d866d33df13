/**
 * Pairing strategy `copy-in-out`: COPY_IN confirms where the source is, COPY_OUT makes the command.
 *
 * Proposed by Martin K. Petersen (`yq1blf3smcl.fsf@ca-mkp.ca.oracle.com`) to serve devices with one command (EXTENDED COPY)
 * and devices with tokens (POPULATE TOKEN, WRITE USING TOKEN) alike, and taken up in the design of Bart Van Assche.
 *
 * ```
 *  range ── COPY_IN ──► bottom: confirms that it came whole, and where; ends
 *                           │ its end submits
 *                       COPY_OUT ──► bottom: one request from there to here
 * ```
 *
 * One source and one destination for each pair, as he had it: a copy of many ranges is as many requests. Whether the request
 * becomes one command or the two of a token is for the command set below the queue to say.
 *
 * When it cannot work: as designed, a bio that a layer splits has copied nothing, and the copy goes through the host. As
 * repaired each piece of a split COPY_IN gets a COPY_OUT of its own ("an iterative approach to both stages"). "How to handle
 * changes to the layout between an IN and OUT operation" was left open: here COPY_OUT asks for the generation of the
 * mappings, and its part goes back to COPY_IN when that has changed. Newer data that somebody writes to the source
 * between the two is copied.
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { inOutTable } from "./in-out-table.ts";
import { type CopyInOutOptions, hazardsOf, optionsInWords } from "./options.ts";
import { copyInOutPairing } from "./pairing.ts";

/** COPY_IN, then COPY_OUT. */
export function copyInOut(options: CopyInOutOptions = {}): PairingStrategy {
  const chosen = {
    split: options.split ?? "each",
    generation: options.generation ?? "checked",
  } as const;
  return {
    name: "copy-in-out",
    supports: { under: hazardsOf(chosen), isolated: true },
    rowsOf: (ranges) => ({ bios: 2 * ranges + 1, windows: ranges + 2, requests: ranges }),
    tokens: "handle:in-out",
    owners: "row:bio",
    declare(state, capacity) {
      state.add(inOutTable, capacity.bios);
    },
    attach: (engine, state) => copyInOutPairing(engine, state.table(inOutTable), chosen),
  };
}

export const kind: StrategyKind = {
  name: "copy-in-out",
  summary: "COPY_IN confirms where a source is and ends, COPY_OUT then makes the command",
  options: optionsInWords,
  make: (options) => copyInOut(options as CopyInOutOptions),
};

export { type InOutColumns, type InOutTable, inOutTable } from "./in-out-table.ts";
export type { CopyInOutOptions } from "./options.ts";
