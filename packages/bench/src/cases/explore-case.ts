import { type StrategyKind, strategyOf } from "@blockferry/core";
import { explore, findScenario, type Scenario } from "@blockferry/explorer";
import { kind as copyInOut } from "@blockferry/strategy-copy-in-out";
import { kind as listContext } from "@blockferry/strategy-list-context";
import { kind as listToken } from "@blockferry/strategy-list-token";
import { kind as payloadToken } from "@blockferry/strategy-payload-token";
import { kind as plugPair } from "@blockferry/strategy-plug-pair";
import { kind as sourceList } from "@blockferry/strategy-source-list";
import { kind as translateFirst } from "@blockferry/strategy-translate-first";
import { kind as twoEndedDescent } from "@blockferry/strategy-two-ended-descent";
import { cpuSeconds } from "../measure/cpu-rate.ts";

/** A world of several copies and two faults, explored whole. */
export interface ExploreCase {
  readonly kind: "explore";
  readonly strategy: string;
  /** Copies at one time, at most 7. */
  readonly copies: number;
}

/** States and transitions, and the CPU seconds that they took. */
export interface ExploreFigures {
  readonly states: number;
  readonly transitions: number;
  readonly cpuSeconds: number;
  /** In each CPU second, once the code is compiled. */
  readonly statesRate: number;
  readonly transitionsRate: number;
  /** False when there are more states than the case allows. */
  readonly isWhole: boolean;
}

/** States at most: enough to tell the rate. */
const STATES_MAX = 4e6;
/** States by which what runs often has been compiled, a quarter of a second's; a world with fewer is told whole. */
const WARM_STATES = 50_000;

const kinds: readonly StrategyKind[] = [
  sourceList,
  listToken,
  listContext,
  payloadToken,
  translateFirst,
  copyInOut,
  twoEndedDescent,
  plugPair,
];

/** Every strategy, by name. */
export const exploredStrategies: readonly string[] = kinds.map(({ name }) => name);

function world(copies: number): Scenario {
  const file = findScenario("seven-copies-two-faults");
  if (file === undefined) throw new Error("the explorer does not publish the scenario");
  return { ...file.world, tasks: file.world.tasks.slice(0, copies) };
}

/** Explores all orders and faults, as far as there is room. Throws when something is wrong. */
export function runExploreCase({ strategy, copies }: ExploreCase): ExploreFigures {
  const kind = kinds.find(({ name }) => name === strategy);
  if (kind === undefined) throw new Error(`there is no strategy ${strategy}`);
  const before = cpuSeconds();
  let warm = { states: 0, transitions: 0, at: before };
  const found = explore(world(copies), strategyOf(kind, strategy), {
    statesMax: STATES_MAX,
    onProgress(so) {
      if (warm.states === 0 && so.states >= WARM_STATES) warm = { ...so, at: cpuSeconds() };
      return true;
    },
  });
  const { verdict, states, transitions } = found;
  if (verdict === "violation") throw new Error(`${strategy}: ${found.violation?.message}`);
  const end = cpuSeconds();
  return {
    states,
    transitions,
    cpuSeconds: end - before,
    statesRate: (states - warm.states) / (end - warm.at),
    transitionsRate: (transitions - warm.transitions) / (end - warm.at),
    isWhole: verdict === "clean",
  };
}
