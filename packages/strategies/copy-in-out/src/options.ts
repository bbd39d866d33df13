import { type HazardVerdicts, type StrategyOption, verdicts } from "@blockferry/core";

/** Which of the designs. The defaults are the repaired form. */
export interface CopyInOutOptions {
  /**
   * What a split does. `each`: each piece of COPY_IN gets a COPY_OUT of its own, and pieces of that a part of the source.
   * `refuse`: a bio that does not reach the bottom whole has copied nothing, as designed.
   */
  readonly split?: "each" | "refuse" | undefined;
  /** Whether COPY_OUT asks if mappings have changed since COPY_IN was submitted: `checked`, or `none` as designed. */
  readonly generation?: "checked" | "none" | undefined;
}

/** Options with their defaults. */
export type CopyInOutSettings = {
  readonly [K in keyof CopyInOutOptions]-?: NonNullable<CopyInOutOptions[K]>;
};

export const optionsInWords: Readonly<Record<keyof CopyInOutOptions, StrategyOption>> = {
  split: {
    meaning:
      "each piece of COPY_IN gets a COPY_OUT of its own (each), or a bio that is split is refused " +
      "(refuse, as designed)",
    values: ["each", "refuse"],
    default: "each",
  },
  generation: {
    meaning:
      "whether COPY_OUT asks if mappings have changed since COPY_IN was submitted (checked) or not " +
      "(none, as designed)",
    values: ["checked", "none"],
    default: "checked",
  },
};

/** What copies survive with these options. */
export function hazardsOf({ split, generation }: CopyInOutSettings): HazardVerdicts {
  const cut = split === "refuse" ? "refuses" : "survives";
  return verdicts({
    split: cut,
    splitApart: cut,
    limitChange: cut,
    reload: generation === "none" ? "breaks" : "survives",
  });
}
