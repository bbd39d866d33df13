import type { PairingStrategy } from "@blockferry/core";
import type { Scenario } from "../scenario.ts";
import { Independence } from "../world/independence.ts";
import { MOVE_WORDS, MoveList, move } from "../world/move.ts";
import { addHappenings, addProgress, play } from "../world/moves.ts";
import { Reduction } from "../world/reduction.ts";
import { type Violation, violationOf } from "../world/violation.ts";
import { World } from "../world/world.ts";
import { Effects } from "./effects.ts";
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
const ECHO = move.echo;
/** Marks a move that concerns everybody in the history of each. */
const EVERYBODY_S = 64;
/** What has not been told of a state: whether it was met. */
const UNTOLD = -2;
const MET = NEW;

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
  /** Lists moves before they are put in order. */
  private readonly listed = new MoveList();
  /** Moves before the first choice. */
  private lead: readonly number[] = [];
  /** Fingerprint of the state that was met last. */
  private low = 0;
  private high = 0;
  private readonly effects = new Effects();
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

  /** The group of a move whose effect is the same wherever its group has this history, -1 for other moves. */
  private groupToldOf(level: Level, place: number, turns: boolean): number {
    if (!this.leavesStates || !level.isGrouped || turns) return -1;
    const group = level.moves.groups[place];
    // Second answers have no history: there may be any number of them.
    if (group < 0 || group >= level.histories.low.length) return -1;
    return (level.several & (1 << group)) !== 0 ? -1 : group;
  }

  /**
   * Meets the state that a move leads to without making it, where its effect on the fingerprint is known. `UNTOLD` where it is not.
   */
  private foretell(
    level: Level,
    group: number,
    kind: number,
    variant: number,
    asleep: number,
  ): number {
    const { effects } = this;
    const { low: histories, high: more } = level.histories;
    if (!effects.find(histories[group], more[group], kind, variant)) return UNTOLD;
    const low = (level.low + effects.low) | 0;
    const carry = low >>> 0 < level.low >>> 0 ? 1 : 0;
    this.low = low;
    this.high = (level.high + effects.high + carry) | 0;
    return this.visited.meet(this.low, this.high, asleep);
  }

  /** Notes what a move has added to the fingerprint of a level's state. */
  private noteEffect(level: Level, group: number, kind: number, variant: number): void {
    const { effects } = this;
    const borrow = this.low >>> 0 < level.low >>> 0 ? 1 : 0;
    effects.low = (this.low - level.low) | 0;
    effects.high = (this.high - level.high - borrow) | 0;
    effects.add(level.histories.low[group], level.histories.high[group], kind, variant);
  }

  /** Notes what has happened to whom since the level before. */
  private noteHistory(from: Level, level: Level, place: number, turns: boolean): void {
    const { histories } = level;
    const tasks = histories.low.length;
    if (!from.isGrouped) {
      for (let task = 0; task < tasks; task++) histories.begin(task, this.low, this.high);
      return;
    }
    histories.copy(from.histories);
    const { words, groups } = from.moves;
    const kind = words[place * WORDS];
    const variant = words[place * WORDS + 2];
    const group = groups[place];
    if (group >= tasks) return;
    if (group >= 0 && !turns) {
      // Which of several it was that moved says nothing but its row.
      if ((from.several & (1 << group)) !== 0) histories.begin(group, this.low, this.high);
      else histories.add(group, kind, variant);
      return;
    }
    // It concerns everybody, or what follows by itself does. Whom it befalls: a queue, a copy or a device; a command's row says nothing.
    const subject = words[place * WORDS + 1];
    const whom = kind <= ECHO ? subject >> 16 : subject;
    for (let task = 0; task < tasks; task++) {
      histories.add(task, EVERYBODY_S + kind, task === group ? variant + 1 : variant);
      histories.add(task, EVERYBODY_S, whom);
    }
  }

  /** Takes the fingerprint of a state that was foretold. */
  private verify(): void {
    const { print } = this.world;
    print.take();
    if (print.low === this.low && print.high === this.high) return;
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

  run(): Exploration {
    const { world, visited, options } = this;
    const { words } = world.state;
    const { print } = world;
    this.begin();
    print.take();
    visited.meet(print.low, print.high, 0);
    if (this.found === undefined) {
      this.enter();
      const level = this.levels[0];
      level.keep(words);
      level.low = print.low;
      level.high = print.high;
    }
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
      const group = this.groupToldOf(level, place, turns);
      let awake = UNTOLD;
      if (group >= 0) {
        awake = this.foretell(level, group, kind, variant, asleep);
        if (awake === 0) continue;
        if (visited.isFull) break;
      }
      if (place > 0) words.set(level.words);
      this.transitions++;
      if ((this.transitions & (PROGRESS_EVERY - 1)) === 0) {
        const goesOn = options.onProgress?.(this.progress()) ?? true;
        if (!goesOn || visited.isStopped) {
          isStopped = true;
          break;
        }
      }
      const { chain } = level;
      chain.clear();
      try {
        play(world, kind, subject, variant);
        if (kind === STEP && world.chance.points > 0) addVariants(world, list, subject, variant);
        if (!this.runAlone(chain, asleep)) {
          if (awake !== UNTOLD) throw new Error("a move wakes somebody, and its effect was known");
          continue;
        }
      } catch (error) {
        this.meet(error, this.depth + 1);
        continue;
      }
      if (awake === UNTOLD) {
        print.take();
        this.low = print.low;
        this.high = print.high;
        if (group >= 0) this.noteEffect(level, group, kind, variant);
        awake = visited.meet(this.low, this.high, asleep);
        if (awake === 0) continue;
        if (visited.isFull) break;
      } else if (options.verifies === true) this.verify();
      this.depth++;
      if (awake === MET) this.enter();
      else this.enterAgain(awake);
      const entered = this.levels[this.depth];
      entered.keep(words);
      entered.low = this.low;
      entered.high = this.high;
      if (this.independence !== undefined) this.noteHistory(level, entered, place, turns);
    }
    return this.result(isStopped, visited.isFull);
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
