import type { PairingStrategy } from "@blockferry/core";
import type { Scenario } from "../scenario.ts";
import { Independence } from "../world/independence.ts";
import { MOVE_WORDS, MoveList, move } from "../world/move.ts";
import { addHappenings, addProgress, play } from "../world/moves.ts";
import { Reduction } from "../world/reduction.ts";
import { type Violation, violationOf } from "../world/violation.ts";
import { World } from "../world/world.ts";
import { Foresight, LAST_RESET, RESET, UNTOLD } from "./foresight.ts";
import { Level } from "./level.ts";
import { SharedVisited } from "./shared-visited.ts";
import { addVariants } from "./shortest.ts";
import { NEW, Visited, type VisitedStates } from "./visited.ts";

/**
 * What a search leaves out because it makes no difference: `states` between steps of which one may come first in every order,
 * `ways` to a state that another order leads to, `none`.
 */
export type ReductionKind = "states" | "ways" | "none";

export interface ExploreOptions {
  /** States at most; then the search ends without a verdict. Default 20 million. */
  readonly statesMax?: number | undefined;
  /** States that several searches share, made by `sharedStates`; then `statesMax` does not hold. */
  readonly shared?: SharedArrayBuffer | undefined;
  /** Number of this search among those: each tries moves in another order. */
  readonly thread?: number | undefined;
  /** Go on after a violation and count all. Default false. */
  readonly all?: boolean | undefined;
  /** What is left out. Default `states`. */
  readonly reduction?: ReductionKind | undefined;
  /** Compare each state that was foretold with what comes of the move; for tests. Default false. */
  readonly verifies?: boolean | undefined;
  /** Called now and then; what it returns is whether to go on. */
  readonly onProgress?: ((so: Progress) => boolean) | undefined;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** What a search found out. */
export interface Exploration extends Progress {
  /** `clean` and `violation` are final; `bounded` and `stopped` say that not all was explored. */
  readonly verdict: "clean" | "violation" | "bounded" | "stopped";
  readonly ends: number;
  /** Ends in which every copy succeeded, or some was refused. */
  readonly endsWhole: number;
  readonly endsRefused: number;
  /** Copies that ended refused in one run beyond the faults that happened in it, at most; 0 where none did. */
  readonly refusedBeyondFaults: number;
  /** Ends in which newer data than at the copy's submission was copied. */
  readonly endsNewer: number;
  /** Violations met: one, or all of them. */
  readonly violations: number;
  readonly violation: { readonly kind: string; readonly message: string } | undefined;
  /** Moves that lead to the violation. */
  readonly path: Int32Array | undefined;
}

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const WORDS = MOVE_WORDS;
const STEP = move.step;
const RESET_BY_HOST = move.expireAgain;
const MET = NEW;
const NOT_TOLD = UNTOLD;

const PROGRESS_EVERY = 1 << 14;

/** One world, searched depth first. */
class Search {
  readonly world: World;
  private readonly options: ExploreOptions;
  private readonly visited: VisitedStates;
  private readonly reduction: Reduction | undefined = undefined;
  private readonly independence: Independence | undefined = undefined;
  private readonly leavesStates: boolean = false;
  /** States on the way to the present one. */
  private readonly levels: Level[] = [];
  private readonly foresight: Foresight;
  /** Lists moves before they are put in order. */
  private readonly listed = new MoveList();
  /** Moves before the first choice. */
  private lead: readonly number[] = [];
  private depth = 0;
  private deepest = 0;
  transitions = 0;
  ends = 0;
  endsWhole = 0;
  endsRefused = 0;
  refusedBeyondFaults = 0;
  endsNewer = 0;
  violations = 0;
  private found: { violation: Violation; path: Int32Array } | undefined;

  constructor(world: World, options: ExploreOptions) {
    this.world = world;
    this.options = options;
    this.visited =
      options.shared === undefined
        ? new Visited(options.statesMax ?? 20e6)
        : new SharedVisited(options.shared);
    this.foresight = new Foresight(this.visited);
    const { reduction: kind = "states" } = options;
    const reduction = new Reduction(world);
    if (!reduction.isOn || kind === "none") return;
    this.reduction = reduction;
    this.leavesStates = kind === "states";
    const independence = new Independence(world, reduction, this.leavesStates);
    if (independence.isOn) this.independence = independence;
  }

  /** The level of the present depth, begun anew. */
  private levelHere(): Level {
    const { depth, levels } = this;
    const { words } = this.world.state;
    if (depth > this.deepest) this.deepest = depth;
    if (depth === levels.length) levels.push(new Level(words, this.world.scenario.tasks.length));
    const level = levels[depth];
    level.begin();
    return level;
  }

  /** Notes what is known of the groups of moves that were looked at. */
  private noteGroups(level: Level): void {
    const { independence, reduction, visited } = this;
    level.isGrouped = true;
    level.asleep = visited.asleep;
    level.queueing = independence?.queueing ?? 0;
    level.several = independence?.several ?? 0;
    const groups = independence?.groups ?? 0;
    const isOnly =
      this.world.controllers.length === 1 && groups >> level.histories.low.length === 0;
    level.resets = isOnly ? groups : 0;
    level.resetKind = reduction?.isLastReset === true ? LAST_RESET : RESET;
    if (!this.leavesStates) return;
    level.stepping = independence?.stepping ?? 0;
    level.turning = level.stepping === 0 ? 0 : (reduction?.turningKinds() ?? 0);
  }

  /** A state was met that is new: its moves are listed but for those that sleep. */
  private enter(): void {
    const level = this.levelHere();
    const { world, reduction, independence, visited, listed } = this;
    const first = this.options.thread ?? 0;
    listed.clear();
    if (!this.leavesStates || reduction?.addAnswer(listed) !== true) addProgress(world, listed);
    if (listed.count === 0) this.end();
    addHappenings(world, listed);
    if (independence?.group(listed) === true) {
      this.noteGroups(level);
      // Of what is not among the moves, nothing has been put off.
      visited.narrow(independence.groups);
      independence.sort(listed, ~level.asleep, first, level.moves);
      return;
    }
    if (independence !== undefined) visited.narrow(0);
    level.moves.copy(listed);
    level.moves.rotate(first);
  }

  /** A state was met again in which moves of some groups were put off that sleep no more. */
  private enterAgain(awake: number): void {
    const level = this.levelHere();
    const { world, independence, listed } = this;
    listed.clear();
    addProgress(world, listed);
    addHappenings(world, listed);
    if (independence?.group(listed) !== true) return;
    this.noteGroups(level);
    independence.sort(listed, awake & independence.groups, this.options.thread ?? 0, level.moves);
  }

  private end(): void {
    this.ends++;
    try {
      this.world.checkEnd();
    } catch (error) {
      this.meet(error, this.depth);
      return;
    }
    const { status, newer } = this.world.copies.table.columns;
    if (newer.includes(1)) this.endsNewer++;
    let refused = 0;
    for (const value of status) if (value !== 0) refused++;
    if (refused === 0) this.endsWhole++;
    else this.endsRefused++;
    const beyond = refused - this.world.chance.faultsHappened;
    if (beyond > this.refusedBeyondFaults) this.refusedBeyondFaults = beyond;
  }

  /** Something that must never be has happened, after the move that was chosen at each depth below `choices`. */
  private meet(error: unknown, choices: number): void {
    this.violations++;
    if (this.options.all !== true) this.visited.stop();
    if (this.found !== undefined) return;
    const path: number[] = [...this.lead];
    for (const { moves, place, chain } of this.levels.slice(0, choices)) {
      const at = (place - 1) * WORDS;
      path.push(...moves.words.subarray(at, at + WORDS));
      path.push(...chain.words.subarray(0, chain.count * WORDS));
    }
    this.found = { violation: violationOf(error), path: Int32Array.from(path) };
  }

  /**
   * Runs the steps that may come first in every order, until there is none: states between do not count. False: one of them
   * sleeps, so that what it leads to is reached another way.
   */
  private runAlone(chain: MoveList, asleep: number): boolean {
    const { world, reduction, independence } = this;
    if (reduction === undefined || !reduction.begin() || !this.leavesStates) return true;
    for (let slot = reduction.step(); slot >= 0; slot = reduction.step()) {
      if (asleep !== 0 && independence?.sleeps(slot, asleep) === true) return false;
      chain.add(STEP, slot, 0);
      this.transitions++;
      play(world, STEP, slot, 0);
    }
    return true;
  }

  /** Groups that sleep after the move in a place of a level, which is about to be made. */
  private sleepAfter(level: Level, place: number, kind: number): number {
    const { independence } = this;
    if (independence === undefined || !level.isGrouped) return 0;
    const { groups } = level.moves;
    const group = groups[place];
    // Another group begins: what came before it has been tried.
    if (place > 0 && groups[place - 1] !== group && groups[place - 1] >= 0)
      level.asleep |= 1 << groups[place - 1];
    return independence.after(level.asleep, group, kind, level.queueing);
  }

  /** Takes the fingerprint of a state that was foretold. */
  private verify(): void {
    const { print } = this.world;
    print.take();
    if (print.low === this.foresight.low && print.high === this.foresight.high) return;
    throw new Error("a state is not the one that was foretold");
  }

  /** Goes from the world as it is to the first state in which there is a choice. */
  private begin(): void {
    const chain = new MoveList();
    try {
      this.runAlone(chain, 0);
      this.lead = [...chain.words.subarray(0, chain.count * WORDS)];
    } catch (error) {
      this.lead = [...chain.words.subarray(0, chain.count * WORDS)];
      this.meet(error, 0);
    }
  }

  /** Enters the first state, unless something is wrong before it. */
  private enterFirst(): void {
    const { state, print } = this.world;
    print.take();
    this.visited.meet(print.low, print.high, 0);
    if (this.found !== undefined) return;
    this.enter();
    const level = this.levels[0];
    level.keep(state.words);
    level.low = print.low;
    level.high = print.high;
  }

  run(): Exploration {
    const { world, visited, options, foresight } = this;
    const { words } = world.state;
    const { print } = world;
    this.begin();
    this.enterFirst();
    const stopsAtFirst = options.all !== true;
    let isStopped = false;
    while (this.depth >= 0) {
      if (this.found !== undefined && stopsAtFirst) break;
      const level = this.levels[this.depth];
      const list = level.moves;
      const { place } = level;
      if (place === list.count) {
        this.depth--;
        continue;
      }
      level.place = place + 1;
      const at = place * WORDS;
      const kind = list.words[at];
      const asleep = this.sleepAfter(level, place, kind);
      const turns = ((level.turning >> kind) & 1) !== 0;
      // A step of somebody who sleeps would follow by itself.
      if (turns && (asleep & level.stepping) !== 0) continue;
      const subject = list.words[at + 1];
      const variant = list.words[at + 2];
      const group = this.leavesStates ? foresight.groupOf(level, place, turns) : -1;
      let awake = NOT_TOLD;
      const isReset = kind === RESET_BY_HOST && level.resets !== 0 && this.leavesStates;
      if (isReset) awake = foresight.tellReset(level);
      else if (group >= 0) awake = foresight.tell(level, group, kind, variant, asleep);
      if (awake === 0) continue;
      if (visited.isFull) break;
      if (place > 0) words.set(level.words);
      this.transitions++;
      if ((this.transitions & (PROGRESS_EVERY - 1)) === 0 && !this.goesOn()) {
        isStopped = true;
        break;
      }
      const { chain } = level;
      chain.clear();
      try {
        play(world, kind, subject, variant);
        if (kind === STEP && world.chance.points > 0) addVariants(world, list, subject, variant);
        if (!this.runAlone(chain, asleep)) {
          if (awake !== NOT_TOLD)
            throw new Error("a move wakes somebody, and its effect was known");
          continue;
        }
      } catch (error) {
        this.meet(error, this.depth + 1);
        continue;
      }
      if (awake === NOT_TOLD) {
        print.take();
        foresight.low = print.low;
        foresight.high = print.high;
        if (group >= 0) foresight.note(level, group, kind, variant);
        else if (isReset) foresight.noteReset(level);
        awake = visited.meet(print.low, print.high, asleep);
        if (awake === 0) continue;
        if (visited.isFull) break;
      } else if (options.verifies === true) this.verify();
      this.depth++;
      if (awake === MET) this.enter();
      else this.enterAgain(awake);
      const entered = this.levels[this.depth];
      entered.keep(words);
      entered.low = foresight.low;
      entered.high = foresight.high;
      if (this.independence !== undefined) foresight.noteHistory(level, entered, place, turns);
    }
    return this.result(isStopped, visited.isFull);
  }

  private goesOn(): boolean {
    return (this.options.onProgress?.(this.progress()) ?? true) && !this.visited.isStopped;
  }

  private progress(): Progress {
    return { states: this.visited.used, transitions: this.transitions, depth: this.deepest };
  }

  private result(isStopped: boolean, isFull: boolean): Exploration {
    const { found } = this;
    const verdict =
      found !== undefined ? "violation" : isStopped ? "stopped" : isFull ? "bounded" : "clean";
    return {
      verdict,
      ...this.progress(),
      ends: this.ends,
      endsWhole: this.endsWhole,
      endsRefused: this.endsRefused,
      refusedBeyondFaults: this.refusedBeyondFaults,
      endsNewer: this.endsNewer,
      violations: this.violations,
      violation:
        found === undefined
          ? undefined
          : { kind: found.violation.kind, message: found.violation.message },
      path: found?.path,
    };
  }
}

/** Runs every order of steps of a scenario, with everything that may happen in it. */
export function explore(
  scenario: Scenario,
  strategy: PairingStrategy,
  options: ExploreOptions = {},
): Exploration {
  return new Search(new World(scenario, strategy), options).run();
}
