import { type HazardVerdicts, type StrategyOption, verdicts } from "@blockferry/core";

/** Ways of doing it that were posted or talked about. The defaults carry every copy. */
export interface ListContextOptions {
  /**
   * What of the halves a context counts. Default `blocks`: it does not matter where they are cut. `pieces`: a bio that is
   * split counts as two, and pieces of one side have to fill those of the other. `halves`: as many bios as were submitted.
   */
  readonly count?: "blocks" | "pieces" | "halves" | undefined;
  /** What becomes of the halves that wait when one of theirs fails on its way. Default `partner`: they fail as well. */
  readonly cancel?: "partner" | "none" | undefined;
  /** Whether a half that waits holds its queue, as a request does. Default `none`. */
  readonly hold?: "none" | "queue" | undefined;
  /**
   * What becomes of a half that waits when bios are held back above it. Default `recalled`: it goes back to where its copy
   * was submitted, and down again later. `stays`: who suspends a mapping waits for it, and it for its partner above.
   */
  readonly held?: "recalled" | "stays" | undefined;
  /**
   * How long a context lives. Default `counted`: until the last bio that names it has ended. `failure`: until one of them
   * fails; who comes later looks into a row that may be another copy's by then.
   */
  readonly lifetime?: "counted" | "failure" | undefined;
}

export const optionWords: Readonly<Record<string, StrategyOption>> = {
  count: {
    meaning:
      "what a context counts: blocks, pieces (a split adds one), or halves (a split is not seen)",
    values: ["blocks", "pieces", "halves"],
    default: "blocks",
  },
  cancel: {
    meaning: "what waits fails with the half that failed, or waits for ever",
    values: ["partner", "none"],
    default: "partner",
  },
  hold: {
    meaning: "a half that waits holds nothing, or its queue: a freeze waits for it",
    values: ["none", "queue"],
    default: "none",
  },
  held: {
    meaning:
      "what waits goes back up when bios are held back above it, or stays: a suspend waits for it",
    values: ["recalled", "stays"],
    default: "recalled",
  },
  lifetime: {
    meaning: "a context lives until its last bio has ended, or until the first of them fails",
    values: ["counted", "failure"],
    default: "counted",
  },
};

/** Options with their defaults. */
export interface ListContextSettings {
  readonly count: "blocks" | "pieces" | "halves";
  readonly cancels: boolean;
  readonly holds: boolean;
  readonly recalls: boolean;
  readonly counted: boolean;
}

export function settingsOf(options: ListContextOptions): ListContextSettings {
  return {
    count: options.count ?? "blocks",
    cancels: (options.cancel ?? "partner") === "partner",
    holds: options.hold === "queue",
    // What is held stays where it is.
    recalls: options.held !== "stays" && options.hold !== "queue",
    counted: (options.lifetime ?? "counted") === "counted",
  };
}

/** What these options survive. */
export function verdictsOf({
  count,
  cancels,
  holds,
  recalls,
  counted,
}: ListContextSettings): HazardVerdicts {
  return verdicts({
    ...(count === "pieces" ? { splitApart: "refuses", limitChange: "refuses" } : {}),
    ...(count === "halves"
      ? { split: "refuses", splitApart: "refuses", limitChange: "refuses", reload: "refuses" }
      : {}),
    ...(cancels ? {} : { mapFailure: "breaks", removal: "breaks" }),
    ...(holds ? { freeze: "breaks" } : {}),
    ...(recalls ? {} : { reload: "breaks" }),
    ...(counted
      ? {}
      : { mapFailure: "breaks", allocationFailure: "breaks", removal: "breaks", cancel: "breaks" }),
  });
}
