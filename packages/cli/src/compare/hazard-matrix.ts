import { type HazardName, type HazardVerdict, hazardNames, hazards } from "@blockferry/core";
import {
  faultNames,
  type HazardWorld,
  hazardWorlds,
  pathText,
  type Scenario,
  scenarios,
  verdictOf,
  worldOf,
} from "@blockferry/explorer";
import type { SearchJob, SearchResult } from "../explore/search-job.ts";
import type { HazardCellPart, HazardPart } from "../schema/compare-document.ts";
import { strategyMaker } from "../strategies.ts";
import { stackedWorld } from "./stacked-world.ts";

/** What every verdict is compared with: the way of pairing that leaves least to go wrong. */
const YARDSTICK = "source-list";

/** What changes the worlds. */
export interface MatrixOptions {
  readonly stack: readonly string[];
  /** Faults of any kind that may befall each world beside its hazard. */
  readonly faults: number;
  readonly statesMax: number;
}

export type Searches = (
  jobs: readonly SearchJob[],
) => Promise<readonly (SearchResult | undefined)[]>;

function withFaults(world: Scenario, faults: number): Scenario {
  if (faults === 0) return world;
  const own = faultNames.reduce((sum, name) => sum + (world.happens?.[name] ?? 0), 0);
  const more = faultNames.map((name) => [name, (world.happens?.[name] ?? 0) + faults] as const);
  const happens = { ...world.happens, ...Object.fromEntries(more) };
  return { ...world, happens, faultsMax: own + faults };
}

/** Whether a world has the hazard in question, as far as that shows in its description. */
function hasHazard(world: Scenario, hazard: HazardName): boolean {
  const { devices, stack = [], tasks, happens = {} } = world;
  const layers = stack.map(({ layer }) => layer);
  if (hazard in happens) return (happens as Partial<Record<HazardName, number>>)[hazard] !== 0;
  switch (hazard) {
    case "concurrency":
      return tasks.length > 1;
    case "linear":
    case "partition":
    case "asynchronous":
      return layers.includes(hazard);
    case "split":
    case "splitApart":
      return layers.includes("striped") || layers.includes("linear");
    case "crossDevice":
      return devices.length > 1;
    case "multipleSources":
      return tasks.some(({ copies }) => copies.some(({ sources }) => sources.length > 1));
    case "noMerges":
      return devices.some((device) => device.merges === false);
    case "elevator":
      return devices.some((device) => device.elevator === true);
    case "queueDepthOne":
      return devices.some((device) => device.queueDepth === 1);
    default:
      return false;
  }
}

/** The published case that shows this strategy break in this way under this hazard, `SCENARIO, case NAME`. */
function scenarioShowing(
  strategy: string,
  hazard: HazardName,
  kind: string | undefined,
): HazardCellPart["scenario"] {
  for (const file of scenarios) {
    const one = file.cases.find(
      (each) =>
        each.strategy === strategy &&
        each.expect.verdict === "violation" &&
        each.expect.kind === kind &&
        hasHazard(worldOf(file, each), hazard),
    );
    if (one !== undefined) return { name: file.name, case: one.name };
  }
  return undefined;
}

function cellOf(
  strategy: string,
  hazard: HazardName,
  world: HazardWorld,
  { exploration, counterexample, cpuMs }: SearchResult,
  claimed: HazardVerdict,
): HazardCellPart {
  const verdict = verdictOf(world, exploration) ?? "undecided";
  const { violation, states, transitions } = exploration;
  const scenario =
    verdict === "breaks" ? scenarioShowing(strategy, hazard, violation?.kind) : undefined;
  return {
    strategy,
    verdict,
    claimed,
    states,
    transitions,
    cpuMs: Math.round(cpuMs * 1000) / 1000,
    ...(violation === undefined ? {} : { violation }),
    ...(counterexample === undefined
      ? {}
      : { steps: counterexample.replay.steps, path: pathText(counterexample.path) }),
    ...(scenario === undefined ? {} : { scenario }),
  };
}

/** The world of each hazard as options change it, and what the yardstick loses in it. */
async function measuredWorlds(
  { stack, faults, statesMax }: MatrixOptions,
  search: Searches,
): Promise<ReadonlyMap<HazardName, HazardWorld>> {
  if (stack.length === 0 && faults === 0) {
    return new Map(hazardNames.map((hazard) => [hazard, hazardWorlds[hazard]]));
  }
  const worlds = hazardNames.map((hazard) =>
    withFaults(stackedWorld(hazardWorlds[hazard].world, stack), faults),
  );
  const results = await search(worlds.map((world) => jobOf(world, YARDSTICK, statesMax)));
  return new Map(
    hazardNames.map((hazard, i) => {
      const refusedBeyondFaults = results[i]?.exploration.refusedBeyondFaults ?? 0;
      return [hazard, { world: worlds[i], refusedBeyondFaults }];
    }),
  );
}

function jobOf(scenario: Scenario, strategy: string, statesMax: number): SearchJob {
  return { scenario, strategy, statesMax, all: false, reduction: "states" };
}

/**
 * Explores every strategy under every hazard. Cells of searches that were not begun are not there.
 *
 * @throws FerryError `FERRY_STACK_…`, `FERRY_STRATEGY_…`
 */
export async function hazardMatrix(
  strategies: readonly string[],
  options: MatrixOptions,
  search: Searches,
): Promise<HazardPart[]> {
  const makers = await Promise.all(strategies.map((text) => strategyMaker(text)));
  const claims = makers.map((make) => make().supports.under);
  const worlds = await measuredWorlds(options, search);
  const pairs = [...worlds].flatMap(([hazard, world]) =>
    strategies.map((strategy, i) => ({ hazard, world, strategy, claimed: claims[i][hazard] })),
  );
  const results = await search(
    pairs.map(({ world, strategy }) => jobOf(world.world, strategy, options.statesMax)),
  );
  return hazardNames.map((hazard) => ({
    hazard,
    meaning: hazards[hazard],
    cells: pairs.flatMap(({ hazard: of, world, strategy, claimed }, i) => {
      const result = results[i];
      if (of !== hazard || result === undefined) return [];
      return [cellOf(strategy, hazard, world, result, claimed)];
    }),
  }));
}
