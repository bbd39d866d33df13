/**
 * Pairing strategy `two-ended-descent`: one bio descends as a source, turns at the bottom with the address it has found there,
 * and descends again as a destination.
 *
 * This is how the block layer of QEMU offloads copies (`bdrv_co_copy_range_from` and `bdrv_co_copy_range_to`, block/io.c):
 * each layer maps the source and passes on, the leaf turns, and each layer maps the destination.
 *
 * ```
 *  range ── source bio ──► bottom: turns into a copy bio with this one source,
 *                              │   back at the top
 *                          copy bio ──► bottom: one request
 * ```
 *
 * Nothing waits for a partner, there is one bio for both ends, and a layer needs to map one address at a time. Parts that are
 * split off turn by themselves; what was found out about the source is cut with the destination.
 *
 * When it cannot work: where the leaf of the destination does not know that of the source (another driver, another device
 * out of reach), which is known only when both descents are made: these blocks are refused. Each piece of the source
 * is a request of its own. While a bio descends for the second time its source is held by an address alone: QEMU drains its
 * graph before it changes it; here the generation of the mappings is asked for at the second bottom, and a bio whose
 * mappings have changed descends again from the beginning. Newer data that somebody writes to the source meanwhile is
 * copied.
 *
 * @packageDocumentation
 */
import {
  type PairingStrategy,
  type StrategyKind,
  type StrategyOption,
  verdicts,
} from "@blockferry/core";
import { twoEndedDescentPairing } from "./pairing.ts";

export interface TwoEndedDescentOptions {
  /** Whether a bio asks at its second bottom if mappings have changed since it was submitted. */
  readonly generation?: "checked" | "none" | undefined;
}

const optionsInWords: Readonly<Record<keyof TwoEndedDescentOptions, StrategyOption>> = {
  generation: {
    meaning:
      "whether a bio asks if mappings have changed while it descended (checked) or not (none)",
    values: ["checked", "none"],
    default: "checked",
  },
};

/** One bio that descends as a source, turns, and descends as a destination. */
export function twoEndedDescent(options: TwoEndedDescentOptions = {}): PairingStrategy {
  const isChecked = options.generation !== "none";
  return {
    name: "two-ended-descent",
    supports: { under: verdicts(isChecked ? {} : { reload: "breaks" }), isolated: true },
    rowsOf: (ranges) => ({ bios: ranges + 1, windows: ranges + 2, requests: ranges }),
    owners: "row:bio",
    declare() {},
    attach: (engine) => twoEndedDescentPairing(engine, isChecked),
  };
}

export const kind: StrategyKind = {
  name: "two-ended-descent",
  summary: "one bio descends as a source, turns at the bottom and descends as a destination",
  options: optionsInWords,
  make: (options) => twoEndedDescent(options as TwoEndedDescentOptions),
};
