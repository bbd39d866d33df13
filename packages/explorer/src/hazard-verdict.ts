import type { HazardName, HazardVerdict, PairingStrategy } from "@blockferry/core";
import { examine, type Finding } from "./examine.ts";
import { type HazardWorld, hazardWorlds } from "./hazard-worlds.ts";
import type { Exploration, ExploreOptions } from "./search/explore.ts";

/** What a strategy is found to do under a hazard. */
export interface FoundVerdict {
  /**
   * `breaks`: a violation. `refuses`: none, but in some run more copies end refused than the hazard takes away.
   * `survives`: neither. Not there: the search ended before it could say.
   */
  readonly verdict: HazardVerdict | undefined;
  readonly finding: Finding;
}

/** What a search in the world of a hazard says; `undefined` where it ended before it could. */
export function verdictOf(
  { refusedBeyondFaults }: HazardWorld,
  exploration: Exploration,
): HazardVerdict | undefined {
  if (exploration.verdict === "violation") return "breaks";
  if (exploration.verdict !== "clean") return undefined;
  return exploration.refusedBeyondFaults > refusedBeyondFaults ? "refuses" : "survives";
}

/**
 * Explores the world of a hazard with a strategy, and says what becomes of copies in it.
 *
 * @param hazard its name, or a world of the caller's
 */
export function hazardVerdict(
  make: () => PairingStrategy,
  hazard: HazardName | HazardWorld,
  options: ExploreOptions = {},
): FoundVerdict {
  const asked = typeof hazard === "string" ? hazardWorlds[hazard] : hazard;
  const finding = examine(asked.world, make, options);
  return { verdict: verdictOf(asked, finding.exploration), finding };
}
