import type { PairingStrategy } from "@blockferry/core";
import { type Replay, replay } from "./replay.ts";
import type { Scenario } from "./scenario.ts";
import { type Exploration, type ExploreOptions, explore } from "./search/explore.ts";
import { shortest } from "./search/shortest.ts";
import { MOVE_WORDS } from "./world/move.ts";
import { World } from "./world/world.ts";

/** A way to a violation, played again. */
export interface ShownCounterexample {
  readonly path: Int32Array;
  readonly replay: Replay;
  /** False when a shorter one may exist. */
  readonly isShortest: boolean;
}

/** What came of an examination. */
export interface Finding {
  readonly exploration: Exploration;
  readonly counterexample: ShownCounterexample | undefined;
}

/** Bytes that the search for the shortest counterexample may take. */
const MEMORY_MAX = 2 ** 30;

/**
 * The shortest way to a violation that a search has met; where looking for it runs out of room, the way that was met.
 * `make` makes the strategy anew: each search has a world of its own.
 */
export function counterexampleOf(
  scenario: Scenario,
  make: () => PairingStrategy,
  { path }: Exploration,
  memoryMax: number = MEMORY_MAX,
): ShownCounterexample | undefined {
  if (path === undefined) return undefined;
  const world = new World(scenario, make());
  const found = shortest(world, path.length / MOVE_WORDS, memoryMax);
  const shown = found?.path ?? path;
  const isShortest = found !== undefined;
  return { path: shown, replay: replay(scenario, make(), shown), isShortest };
}

/** Explores a scenario, and finds the shortest counterexample where there is one. */
export function examine(
  scenario: Scenario,
  make: () => PairingStrategy,
  options: ExploreOptions = {},
): Finding {
  const exploration = explore(scenario, make(), options);
  return { exploration, counterexample: counterexampleOf(scenario, make, exploration) };
}
