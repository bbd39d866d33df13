import type { HazardVerdicts, StrategyOption } from "@blockferry/core";
import { verdicts } from "@blockferry/core";

/** Which of the posted variants, and which repairs. The defaults are the repaired form. */
export interface PayloadTokenOptions {
  /**
   * What a token knows of mappings: `checked` their generation when the source was submitted, `filled` when the driver
   * filled the token, as was proposed; `none` as posted.
   */
  readonly generation?: "checked" | "filled" | "none" | undefined;
  /**
   * What a split does. `entries`: a token takes the pieces of all sources, and pieces of the destination spend their part.
   * `refuse`: a token is one range, and a split of either half is refused, as posted. `boundary`: it is one range, and
   * what lies beyond the boundary is tried again by itself.
   */
  readonly split?: "entries" | "refuse" | "boundary" | undefined;
}

/** Options with their defaults. */
export type PayloadTokenSettings = {
  readonly [K in keyof PayloadTokenOptions]-?: NonNullable<PayloadTokenOptions[K]>;
};

export const optionsInWords: Readonly<Record<keyof PayloadTokenOptions, StrategyOption>> = {
  generation: {
    meaning:
      "what a token knows of mappings: their generation when the source was submitted (checked), " +
      "when the driver filled it (filled, as proposed), nothing (none, as posted)",
    values: ["checked", "filled", "none"],
    default: "checked",
  },
  split: {
    meaning:
      "a token holds all pieces (entries), one range that must not be split (refuse, as posted), " +
      "or one range that is tried again up to where it was split (boundary)",
    values: ["entries", "refuse", "boundary"],
    default: "entries",
  },
};

/** What copies survive with these options. */
export function hazardsOf({ generation, split }: PayloadTokenSettings): HazardVerdicts {
  const cut = split === "refuse" ? "refuses" : "survives";
  return verdicts({
    split: cut,
    splitApart: cut,
    limitChange: cut,
    reload: generation === "none" ? "breaks" : "survives",
  });
}
