import type { HazardName, HazardVerdict, PairingStrategy } from "@blockferry/core";
import { examine } from "./examine.ts";
import { verdictOf } from "./hazard-verdict.ts";
import { type HazardWorld, hazardWorlds } from "./hazard-worlds.ts";
import { pathText, replay } from "./replay.ts";
import type { Scenario, ScenarioLayer } from "./scenario.ts";
import { randomRuns } from "./search/random.ts";

/** Layers that a hazard's world can be put below. Copies lie in the first 17 of its blocks: `linear` cuts none of them. */
const layers = {
  linear: (on: string): ScenarioLayer => ({
    layer: "linear",
    name: "top",
    parts: [
      { on, start: 12, blocks: 20 },
      { on, start: 0, blocks: 12 },
    ],
  }),
  // Stripes of one device: what is copied is cut at every third block, sources and destinations at different places.
  striped: (on: string): ScenarioLayer => ({
    layer: "striped",
    name: "top",
    on: [on],
    stripeBlocks: 3,
  }),
};

/** A hazard's world below a layer. */
function stacked(hazard: HazardName, stack: "bare" | keyof typeof layers): HazardWorld {
  const asked = hazardWorlds[hazard];
  if (stack === "bare") return asked;
  const { world } = asked;
  const below = world.stack ?? [];
  const last = below.at(-1);
  const on =
    last === undefined ? world.devices[0].name : (last.name ?? `${last.layer}${below.length - 1}`);
  return { ...asked, world: { ...world, stack: [...below, layers[stack](on)] } };
}

/** A world with more submitters, for orders drawn from a seed: the copies of the hazard's world, each a second time after it. */
function busier({ world }: HazardWorld): Scenario {
  return {
    ...world,
    tasks: world.tasks.map((task) => ({ ...task, copies: [...task.copies, ...task.copies] })),
  };
}

const RUNS = 6;

interface Judged {
  readonly verdict: HazardVerdict | undefined;
  readonly why: string;
}

function stepsOf(steps: readonly { readonly words: string; readonly outcome: string }[]): string {
  return steps
    .map(({ words, outcome }) => (outcome === "" ? words : `${words}: ${outcome}`))
    .join("; ");
}

/**
 * Judges strategies by running them in the engine: what the conformance suite for strategies asks for. On a stack the
 * blocks of hazard's worlds lie elsewhere: `stack` is `bare`, `linear` or `striped`.
 */
export const strategyJudge = {
  everyOrder(
    make: () => PairingStrategy,
    hazard: HazardName,
    stack: "bare" | keyof typeof layers,
  ): Judged {
    const asked = stacked(hazard, stack);
    const { exploration, counterexample } = examine(asked.world, make, { statesMax: 2e6 });
    const verdict = verdictOf(asked, exploration);
    if (counterexample === undefined) {
      return {
        verdict,
        why: `${exploration.states} states, ${exploration.endsRefused} ends with refusals`,
      };
    }
    const { steps, violation } = counterexample.replay;
    return { verdict, why: `${violation?.message ?? ""} after ${stepsOf(steps)}` };
  },

  someOrders(
    make: () => PairingStrategy,
    hazard: HazardName,
    stack: "bare" | keyof typeof layers,
    seed: number,
  ): Judged {
    const world = busier(stacked(hazard, stack));
    const { verdict, path, violation } = randomRuns(world, make, { seed, runs: RUNS });
    if (verdict !== "violation" || path === undefined)
      return { verdict: verdict === "clean" ? "survives" : undefined, why: "" };
    const { steps } = replay(world, make(), path);
    const why = `${violation?.message} after ${stepsOf(steps)} (${pathText(path)})`;
    return { verdict: "breaks", why };
  },
};
