/**
 * Pairing strategy `plug-pair`: two bios meet in the plug of their submitter and become one request.
 *
 * Posted by Nitesh Shetty and Anuj Gupta, v13 to v20 (`20240520102033.9361-1-nj.shetty@samsung.com`), and in a form of its
 * own outside the merge code (`20240530071630.ufzrgji6z6abliqx@nj.shetty`).
 *
 * ```
 * chunk ─┬─ destination bio ──► bottom: a half-request ──► plug of the submitter
 *        │                                                   │      │ flushed
 *        └─ source bio ───────► bottom: attaches to it ◄─────┘      ▼
 *                                     │         ▲──────── software queue of the device
 *                                  request                          │ runs
 *                                                             EIO for what is alone
 * ```
 *
 * What ends a half: its partner attaches to it; the queue runs first, and a half alone is refused; the copy is cancelled;
 * its device is removed.
 *
 * When it cannot work: what comes between the two halves decides. A submitter that sleeps has its plug flushed; a stacked
 * device that sends bios on by itself has no plug of the submitter's; a queue may not merge at all; sides that arrive at
 * different devices, or cut at different places, never attach. All that is refused. As posted halves attach by their
 * length alone, so that two copies may be exchanged for each other (Bart Van Assche,
 * `97966085-d7a4-4238-a413-4cdac77af8bd@acm.org`, `d7ae00c8-c038-4bed-937e-222251bc627a@acm.org`): option `match`.
 *
 * @packageDocumentation
 */
import type { PairingStrategy, StrategyKind } from "@blockferry/core";
import { halfRequestTable, plugTable, queueTable } from "./half-request-table.ts";
import { HalfRequests } from "./half-requests.ts";
import { optionWords, type PlugPairOptions, settingsOf, verdictsOf } from "./options.ts";
import { plugPairPairing } from "./pairing.ts";

/** Two bios that meet in the plug of their submitter. */
export function plugPair(options: PlugPairOptions = {}): PairingStrategy {
  const settings = settingsOf(options);
  // Without a lock the chunks of a copy store what they loaded in any order: that order is what is to be seen.
  const isolated = settings.match === "owner" && settings.report !== "min-offset-unlocked";
  return {
    name: "plug-pair",
    // Halves of one copy alone meet, in the plug of their submitter while it is in; by their length any may.
    supports: { under: verdictsOf(settings), isolated: isolated && "whole" },
    owners: "row:plug-pair",
    // A source bio has one place: each range is a pair of its own.
    rangesMax: 1,
    declare(state, capacity) {
      state
        .add(halfRequestTable, capacity.bios)
        .add(plugTable, capacity.lanes)
        .add(queueTable, capacity.devices);
    },
    attach(engine, state) {
      const tables = [state.table(plugTable), state.table(queueTable)] as const;
      const halves = new HalfRequests(state.table(halfRequestTable), ...tables);
      return plugPairPairing(engine, halves, settings);
    },
  };
}

/** `plug-pair` by name. */
export const kind: StrategyKind = {
  name: "plug-pair",
  summary: "source and destination bios meet in the plug of their submitter",
  options: optionWords,
  make: (options) => plugPair(options as PlugPairOptions),
};

export {
  type HalfRequestColumns,
  type HalfRequestTable,
  halfRequestTable,
} from "./half-request-table.ts";
export type { PlugPairOptions } from "./options.ts";
