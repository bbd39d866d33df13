/**
 * Pairing strategy `list-context`: both bios of a copy share a context, in which halves wait for each other.
 *
 * Mikulas Patocka's `struct bio_copy` of 2014 and 2015 is the ancestor
 * (`https://listman.redhat.com/archives/dm-devel/2015-December/025048.html`); Nitesh Shetty named it as alternative (c),
 * with a first version for v21 (`20240624103212.2donuac5apwwqaor@nj.shetty`).
 *
 * ```
 * chunk ── context ◄─┬─ source bio ──────┐  each points to the context and goes down
 *                    ├─ source bio ──────┤  on its own: remapped, split, delayed
 *                    └─ destination bio ─┤
 *                                        ▼
 *      bottom: parked in the context, in no list of a queue, until all of both sides is there
 *                                        │
 *                                    requests
 * ```
 *
 * What ends a parked half: its partners come; a bio of the same context fails on its way; the copy is cancelled; its device
 * is removed. The context stays until the last bio that points to it has ended, so that one that comes late finds that it
 * was given up. When bios are held back above a parked half, it goes back up and waits there: who suspends a mapping waits
 * for all bios below it.
 *
 * When it cannot work: without such a count of who points to it ("makes lifetime management of BIO complicated, especially
 * during failure cases", Nitesh Shetty) a late half finds a context that is not its own any more; with a count of halves a
 * split is not seen. Both are options.
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { contextTable } from "./context-table.ts";
import { type ListContextOptions, optionWords, settingsOf, verdictsOf } from "./options.ts";
import { listContextPairing } from "./pairing.ts";

/** Halves that wait in a context that their copy's bios share. */
export function listContext(options: ListContextOptions = {}): PairingStrategy {
  const settings = settingsOf(options);
  return {
    name: "list-context",
    supports: { under: verdictsOf(settings), isolated: settings.counted && !settings.holds },
    tokens: "row:list-context",
    owners: "row:list-context",
    declare(state, capacity) {
      state.add(contextTable, capacity.chunks);
    },
    attach: (engine, state) => listContextPairing(engine, state.table(contextTable), settings),
  };
}

/** `list-context` by name. */
export const kind: StrategyKind = {
  name: "list-context",
  summary: "source and destination bios share a context in which they wait for each other",
  options: optionWords,
  make: (options) => listContext(options as ListContextOptions),
};

export { type ContextColumns, type ContextTable, contextTable } from "./context-table.ts";
export type { ListContextOptions } from "./options.ts";
