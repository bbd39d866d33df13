import type { PairingStrategy } from "@blockferry/core";
import { type Replay, replay } from "./replay.ts";
import type { Scenario } from "./scenario.ts";
import { type Exploration, type ExploreOptions, explore } from "./search/explore.ts";
import { shortest } from "./search/shortest.ts";
import { MOVE_WORDS } from "./world/move.ts";
import { World } from "./world/world.ts";

/** What came of an examination. */
export interface Finding {
  readonly exploration: Exploration;
  /** Of a violation: the shortest way to one, played again; where that search ran out of room, the first that was met. */
  readonly counterexample: { readonly path: Int32Array; readonly replay: Replay } | undefined;
  /** False when a shorter one may exist. */
  readonly isShortest: boolean;
}

/** States that the search for the shortest counterexample may meet. */
const SHORTEST_STATES = 4e6;

/**
 * Explores a scenario, and finds the shortest counterexample where there is one. `make` makes the strategy anew: each
 * search has a world of its own.
 */
export function examine(
  scenario: Scenario,
  make: () => PairingStrategy,
  options: ExploreOptions = {},
): Finding {
  const exploration = explore(scenario, make(), options);
  const { path } = exploration;
  if (path === undefined) return { exploration, counterexample: undefined, isShortest: false };
  const world = new World(scenario, make());
  const found = shortest(world, path.length / MOVE_WORDS, SHORTEST_STATES);
  const shown = found?.path ?? path;
  return {
    exploration,
    counterexample: { path: shown, replay: replay(scenario, make(), shown) },
    isShortest: found !== undefined,
  };
}
