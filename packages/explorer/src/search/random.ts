import type { PairingStrategy } from "@blockferry/core";
import type { Scenario } from "../scenario.ts";
import { MOVE_WORDS, MoveList, move } from "../world/move.ts";
import { addHappenings, addProgress, play } from "../world/moves.ts";
import { violationOf } from "../world/violation.ts";
import { World } from "../world/world.ts";
import { addVariants } from "./shortest.ts";

export interface RandomOptions {
  /** The first run's seed; the next ones' follow from it. */
  readonly seed: number;
  readonly runs: number;
  /** Moves of one run at most. Default 10,000. */
  readonly movesMax?: number | undefined;
  /** Called after each 256 runs; what it returns is whether to go on. */
  readonly onProgress?: ((runs: number, moves: number) => boolean) | undefined;
}

/** What random runs found. */
export interface RandomResult {
  readonly verdict: "clean" | "violation" | "stopped";
  readonly runs: number;
  readonly moves: number;
  /** A hash of every state of every run: the same for the same seed, for ever. */
  readonly hash: string;
  /** Of the last run: the one that found a violation, or that went differently the second time, where one did. */
  readonly seed: number | undefined;
  readonly path: Int32Array | undefined;
  readonly violation: { readonly kind: string; readonly message: string } | undefined;
}

/** Mulberry32: 32 bits of state, small and good enough to choose moves. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(bound: number): number {
    return this.next() % bound;
  }
}

/** One move in this many is something that happens besides, while there is any. */
const HAPPENS_ONCE_IN = 6;
/** A step in which something could fail is run with a failure once in this many. */
const FAILS_ONCE_IN = 4;

interface Run {
  readonly hash: number;
  readonly moves: number;
  readonly path: readonly number[];
  readonly error: unknown;
}

class Runner {
  private readonly world: World;
  private readonly start: Int32Array;
  private readonly list = new MoveList();
  private readonly movesMax: number;

  constructor(scenario: Scenario, strategy: PairingStrategy, movesMax: number) {
    this.world = new World(scenario, strategy);
    this.start = this.world.state.snapshot();
    this.movesMax = movesMax;
  }

  /** Lists the moves of the kind that the next one is to be. Returns false at an end. */
  private listMoves(random: Random): boolean {
    const { world, list } = this;
    list.clear();
    addProgress(world, list);
    if (list.count === 0) {
      world.checkEnd();
      return false;
    }
    if (random.below(HAPPENS_ONCE_IN) !== 0) return true;
    const progress = list.count;
    addHappenings(world, list);
    if (list.count > progress) list.dropFirst(progress);
    return true;
  }

  run(seed: number): Run {
    const { world, list, start } = this;
    const random = new Random(seed);
    world.state.words.set(start);
    const path: number[] = [];
    let hash = 0x811c9dc5 | 0;
    let moves = 0;
    try {
      while (moves < this.movesMax && this.listMoves(random)) {
        const at = random.below(list.count) * MOVE_WORDS;
        const [kind, subject] = list.words.subarray(at, at + 2);
        const variant = this.variantOf(kind, subject, list.words[at + 2], random);
        path.push(kind, subject, variant);
        moves++;
        play(world, kind, subject, variant);
        world.print.take();
        hash = Math.imul(hash ^ world.print.low, 0x01000193);
        hash = Math.imul(hash ^ world.print.high, 0x01000193);
      }
    } catch (error) {
      return { hash, moves, path, error };
    }
    return { hash, moves, path, error: undefined };
  }

  /** Now and then a step runs with a failure: it is tried without, to see where it could fail, and taken back. */
  private variantOf(kind: number, subject: number, variant: number, random: Random): number {
    const { world } = this;
    if (kind !== move.step || random.below(FAILS_ONCE_IN) !== 0) return variant;
    const here = world.state.snapshot();
    const variants = new MoveList();
    try {
      play(world, kind, subject, variant);
      addVariants(world, variants, subject, variant);
    } catch {
      // It shows when the step is made.
    }
    world.state.words.set(here);
    if (variants.count === 0) return variant;
    return variants.words[random.below(variants.count) * MOVE_WORDS + 2];
  }
}

/**
 * Runs a scenario in orders drawn from a seed, with happenings drawn as well: for worlds that are too large for every
 * order. Each run is made twice; a run that is not the same the second time is a violation too.
 */
export function randomRuns(
  scenario: Scenario,
  make: () => PairingStrategy,
  options: RandomOptions,
): RandomResult {
  const { seed, runs, movesMax = 10_000, onProgress } = options;
  const runners = [0, 1].map(() => new Runner(scenario, make(), movesMax));
  let hash = 0x811c9dc5 | 0;
  let moves = 0;
  const result = (
    verdict: RandomResult["verdict"],
    done: number,
    found?: { seed: number; run: Run; violation?: RandomResult["violation"] },
  ): RandomResult => ({
    verdict,
    runs: done,
    moves,
    hash: (hash >>> 0).toString(16).padStart(8, "0"),
    seed: found?.seed,
    path: found === undefined ? undefined : Int32Array.from(found.run.path),
    violation: found?.violation,
  });
  let last: { seed: number; run: Run } | undefined;
  for (let number = 0; number < runs; number++) {
    if (number % 256 === 255 && onProgress !== undefined && !onProgress(number, moves)) {
      return result("stopped", number, last);
    }
    const own = (seed + number) | 0;
    const [first, second] = runners.map((runner) => runner.run(own));
    last = { seed: own, run: first };
    moves += first.moves;
    hash = Math.imul(hash ^ first.hash, 0x01000193);
    if (first.error !== undefined) {
      const { kind, message } = violationOf(first.error);
      return result("violation", number + 1, {
        seed: own,
        run: first,
        violation: { kind, message },
      });
    }
    if (first.hash !== second.hash) {
      const message = "the same seed went differently the second time";
      return result("violation", number + 1, {
        seed: own,
        run: first,
        violation: { kind: "defect", message },
      });
    }
  }
  return result("clean", runs, last);
}
