import { type HazardVerdicts, type StrategyOption, verdicts } from "@blockferry/core";

/** What is as posted, and what is repaired. The defaults are the repaired form. */
export interface TranslateFirstOptions {
  /** What a context counts: `pieces`, or `bios` as they were submitted, as posted. */
  readonly count?: "pieces" | "bios" | undefined;
  /** How often a copy waits for its context: `once`, or once for each source (`per-source`), as posted. */
  readonly contexts?: "once" | "per-source" | undefined;
  /** What a rejected bio does when no other is on its way: it `ends` the context, or nothing does (`posted`). */
  readonly rejected?: "ends" | "posted" | undefined;
  /** Whether the status of the device is `kept` or `dropped`, as posted: then the copy is reported as done. */
  readonly status?: "kept" | "dropped" | undefined;
  /**
   * What becomes of bios that have come when others are held back: they are `recalled` to the top, so that nobody who waits for
   * what is below waits for them, or they wait (`posted`).
   */
  readonly held?: "recalled" | "posted" | undefined;
  /** Whether it is asked, before the copy, if mappings have changed since the bios were submitted. `none` as posted. */
  readonly generation?: "checked" | "none" | undefined;
}

/** Options with their defaults. */
export type TranslateFirstSettings = {
  readonly [K in keyof TranslateFirstOptions]-?: NonNullable<TranslateFirstOptions[K]>;
};

export const optionsInWords: Readonly<Record<keyof TranslateFirstOptions, StrategyOption>> = {
  count: {
    meaning: "what is counted: bios and what is split off them (pieces), or bios alone (as posted)",
    values: ["pieces", "bios"],
    default: "pieces",
  },
  contexts: {
    meaning:
      "how often a copy waits for its one context: once, or once for each source (as posted)",
    values: ["once", "per-source"],
    default: "once",
  },
  rejected: {
    meaning: "a bio that is rejected ends the context when it is the last, or does not (as posted)",
    values: ["ends", "posted"],
    default: "ends",
  },
  status: {
    meaning: "what the device says is kept, or dropped and success reported (as posted)",
    values: ["kept", "dropped"],
    default: "kept",
  },
  held: {
    meaning:
      "bios that have come go back to the top when others are held back (recalled), or wait for them " +
      "below the layer that waits for them (posted)",
    values: ["recalled", "posted"],
    default: "recalled",
  },
  generation: {
    meaning:
      "whether it is asked if mappings have changed during the translation (checked) or not (none, as posted)",
    values: ["checked", "none"],
    default: "checked",
  },
};

/** Hazards under which a bio may be rejected on its way. */
const rejecting = ["mapFailure", "cancel", "removal"] as const;

/** What copies survive with these options. */
export function hazardsOf(options: TranslateFirstSettings): HazardVerdicts {
  const { count, contexts, rejected, status, held } = options;
  const breaks = "breaks" as const;
  return verdicts({
    ...(count === "bios" ? { split: breaks, splitApart: breaks, limitChange: breaks } : {}),
    ...(contexts === "per-source" ? { multipleSources: breaks } : {}),
    ...(rejected === "posted" ? Object.fromEntries(rejecting.map((name) => [name, breaks])) : {}),
    ...(status === "dropped" ? { deviceError: breaks, cancel: breaks, removal: breaks } : {}),
    ...(held === "posted" ? { reload: breaks } : {}),
  });
}
