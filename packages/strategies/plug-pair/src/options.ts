import { type HazardVerdicts, type StrategyOption, verdicts } from "@blockferry/core";

/** Ways of doing it that were posted. The defaults pair only what belongs together, and refuse the rest. */
export interface PlugPairOptions {
  /** The half that is submitted first. Default `destination` (v13, v19, v20); `source` in v14 to v18. */
  readonly first?: "destination" | "source" | undefined;
  /**
   * Where halves meet. Default `plug`: as merges do, which a queue may have switched off. `entry`: on entry into the queue,
   * in the submitter's plug alone, whether the queue merges or not (`20240530071630.ufzrgji6z6abliqx@nj.shetty`).
   */
  readonly at?: "plug" | "entry" | undefined;
  /** What makes two halves a pair. Default `owner`: they are of one copy. `size`: they are as long (as posted). */
  readonly match?: "owner" | "size" | undefined;
  /**
   * What becomes of a half that was split. Default `paired`: its parts are halves, paired where the other side was cut at
   * the same places. `refused`: they fail. `lost`: they never end (v20 02/12).
   */
  readonly oversize?: "paired" | "refused" | "lost" | undefined;
  /** Whether a third bio attaches to a pair that is together as long as itself (as posted). Default `refused`. */
  readonly third?: "refused" | "attached" | undefined;
  /**
   * What a submitter is told. Default `accounted`: what was copied. `min-offset`: where the first chunk that failed begins
   * (v20 03/12). `min-offset-unlocked`: the same, with the comparison and the store apart, as posted.
   */
  readonly report?: "accounted" | "min-offset" | "min-offset-unlocked" | undefined;
  /** What happens when there is no memory for a bio. Default `refused`. `hang`: the submitter waits for ever (v20 03/12). */
  readonly enomem?: "refused" | "hang" | undefined;
}

export const optionWords: Readonly<Record<string, StrategyOption>> = {
  first: {
    meaning: "the half that is submitted first: destination (v13, v19, v20) or source (v14 to v18)",
    values: ["destination", "source"],
    default: "destination",
  },
  at: {
    meaning: "halves meet as merges do, in plug and software queue, or on entry, in the plug alone",
    values: ["plug", "entry"],
    default: "plug",
  },
  match: {
    meaning:
      "two halves are a pair when they are of one copy, or when they are as long (as posted)",
    values: ["owner", "size"],
    default: "owner",
  },
  oversize: {
    meaning: "parts of a half that was split are paired, refused, or never end (v20 02/12)",
    values: ["paired", "refused", "lost"],
    default: "paired",
  },
  third: {
    meaning: "a bio as long as a pair together is not taken for a part of it, or is (as posted)",
    values: ["refused", "attached"],
    default: "refused",
  },
  report: {
    meaning: "a submitter is told what was copied, or where the first failure was (v20 03/12)",
    values: ["accounted", "min-offset", "min-offset-unlocked"],
    default: "accounted",
  },
  enomem: {
    meaning: "without memory for a bio a copy is refused, or its submitter waits for ever (v20)",
    values: ["refused", "hang"],
    default: "refused",
  },
};

/** Options with their defaults. */
export type PlugPairSettings = {
  readonly [K in keyof PlugPairOptions]-?: Exclude<PlugPairOptions[K], undefined>;
};

export function settingsOf(options: PlugPairOptions): PlugPairSettings {
  return {
    first: options.first ?? "destination",
    at: options.at ?? "plug",
    match: options.match ?? "owner",
    oversize: options.oversize ?? "paired",
    third: options.third ?? "refused",
    report: options.report ?? "accounted",
    enomem: options.enomem ?? "refused",
  };
}

/** What these options survive. */
export function verdictsOf(settings: PlugPairSettings): HazardVerdicts {
  const { at, match, oversize, report, enomem } = settings;
  // What is alone is refused, or joined by length with what lies in the software queue: only a merge looks there.
  const alone = match === "size" && at === "plug" ? "breaks" : "refuses";
  const cut = oversize === "lost" ? "breaks" : oversize === "refused" ? "refuses" : alone;
  return verdicts({
    crossDevice: "refuses",
    split: cut,
    splitApart: cut,
    limitChange: cut,
    asynchronous: alone,
    plugFlush: alone,
    freeze: alone,
    // The table that comes may cut what the one before did not.
    reload: oversize === "lost" ? "breaks" : alone,
    noMerges: at === "plug" ? "refuses" : "survives",
    allocationFailure: enomem === "hang" ? "breaks" : "survives",
    deviceError: report === "min-offset-unlocked" ? "breaks" : "survives",
  });
}
