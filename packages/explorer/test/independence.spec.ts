import { hazardNames } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { hazardWorlds, type Scenario, World } from "../src/index.ts";
import { Independence } from "../src/world/independence.ts";
import { MOVE_WORDS, MoveList, move } from "../src/world/move.ts";
import { addHappenings, addProgress, play } from "../src/world/moves.ts";
import { Reduction } from "../src/world/reduction.ts";
import { makeStrategy, strategyNames } from "./support/strategies.ts";

/*
 * Goal: moves that are said to make no difference to each other make none. Method: in each state of a world and for each move
 * the moves of the groups that sleep after it are looked at: all that may be made then could be made before, and both orders lead
 * to the same state. With it: what follows on a state is the same whichever of the orders that lead to it was gone.
 */
const nameOf = Object.keys(move);

interface Move {
  readonly kind: number;
  readonly subject: number;
  readonly variant: number;
  readonly group: number;
}

class Bench {
  readonly world: World;
  private readonly reduction: Reduction;
  private readonly independence: Independence;
  private readonly runsFirst: boolean;

  constructor(scenario: Scenario, strategy: string, runsFirst: boolean) {
    this.world = new World(scenario, makeStrategy(strategy));
    this.reduction = new Reduction(this.world);
    this.independence = new Independence(this.world, this.reduction, runsFirst);
    this.runsFirst = runsFirst;
  }

  /** Moves of a state, the groups of them, and those which sleep after a move, as far as all are known. */
  movesOf(state: Int32Array): { moves: Move[]; asleep: (after: Move) => number } {
    this.world.state.words.set(state);
    const list = new MoveList();
    addProgress(this.world, list);
    addHappenings(this.world, list);
    this.reduction.begin();
    const { independence } = this;
    const isKnown = independence.group(list);
    const { groups: all, queueing } = independence;
    const moves = Array.from({ length: list.count }, (_, i) => {
      const [kind, subject, variant] = list.words.subarray(i * MOVE_WORDS, (i + 1) * MOVE_WORDS);
      return { kind, subject, variant, group: list.groups[i] };
    });
    const asleep = (after: Move): number =>
      isKnown ? independence.after(all, after.group, after.kind, queueing) : 0;
    return { moves, asleep };
  }

  /** The state after a move and the steps that follow by themselves, undefined where something is wrong; and whose steps. */
  after(state: Int32Array, { kind, subject, variant }: Move, asleep = 0): After {
    const { world } = this;
    world.state.words.set(state);
    let wakes = false;
    try {
      play(world, kind, subject, variant);
      wakes = this.runAlone(asleep);
    } catch {
      return { state: undefined, print: "wrong", wakes };
    }
    world.print.take();
    return {
      state: world.state.snapshot(),
      print: `${world.print.low} ${world.print.high}`,
      wakes,
    };
  }

  /** Runs the steps that come first in every order. True: one of them sleeps. */
  runAlone(asleep = 0): boolean {
    const { world, reduction } = this;
    let wakes = false;
    if (!this.runsFirst || !reduction.begin()) return false;
    for (let slot = reduction.step(); slot >= 0; slot = reduction.step()) {
      if (this.independence.sleeps(slot, asleep)) wakes = true;
      play(world, move.step, slot, 0);
    }
    return wakes;
  }

  /** What moves of groups that sleep after a move lead to, and what they would lead to before it; in words where it differs. */
  differences(state: Int32Array): string[] {
    const found: string[] = [];
    const { moves, asleep: asleepAfter } = this.movesOf(state);
    for (const first of moves) {
      const asleep = asleepAfter(first);
      if (asleep === 0) continue;
      const then = this.after(state, first, asleep);
      if (then.state === undefined) continue;
      const ends = new Set<string>();
      for (const second of moves) {
        if (!sleeps(second, asleep)) continue;
        const between = this.after(state, second, 1 << first.group);
        if (between.state === undefined) continue;
        // What would be made then may have followed by itself.
        ends.add(between.wakes ? between.print : this.after(between.state, first).print);
      }
      if (then.wakes) {
        if (!ends.has(then.print)) found.push(`${words(first)} wakes somebody`);
        continue;
      }
      for (const second of this.movesOf(then.state).moves) {
        if (!sleeps(second, asleep)) continue;
        if (!ends.has(this.after(then.state, second).print))
          found.push(`${words(first)}, then ${words(second)}`);
      }
    }
    return found;
  }
}

interface After {
  readonly state: Int32Array | undefined;
  readonly print: string;
  readonly wakes: boolean;
}

const words = (each: Move) =>
  `${nameOf[each.kind]} ${each.subject} ${each.variant} of ${each.group}`;
const sleeps = ({ group }: Move, asleep: number) => group >= 0 && (asleep & (1 << group)) !== 0;

const twoTasks: Scenario = {
  devices: [{ name: "disk", blocks: 32 }],
  tasks: [0, 1].map((task) => ({
    copies: [{ sources: [[2 * task, 1] as const], destination: 16 + 2 * task }],
  })),
};
const worlds: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(hazardNames.map((hazard) => [hazard, hazardWorlds[hazard].world])),
  "two tasks, two faults of commands": {
    ...twoTasks,
    happens: { deviceError: 2, timeout: 2, duplicateCompletion: 2 },
    faultsMax: 2,
  },
  "two tasks, a fault and a reset": { ...twoTasks, happens: { deviceError: 1, reset: 1 } },
};
const STATES_MAX = 1500;

describe.each([false, true])("runs first: %s", (runsFirst) => {
  describe.each(strategyNames)("%s", (name) => {
    it.each(Object.keys(worlds))("%s", (world) => {
      const bench = new Bench(worlds[world], name, runsFirst);
      bench.runAlone();
      const start = bench.world.state.snapshot();
      const met = new Set<string>();
      const waiting = [start];
      for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
        expect(bench.differences(state)).toEqual([]);
        for (const each of bench.movesOf(state).moves) {
          const then = bench.after(state, each);
          if (then.state === undefined || met.has(then.print) || met.size >= STATES_MAX) continue;
          met.add(then.print);
          waiting.push(then.state);
        }
      }
    });
  });
});
