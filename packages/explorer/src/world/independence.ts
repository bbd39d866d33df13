import { step } from "@blockferry/block";
import { MOVE_WORDS, type MoveList, move } from "./move.ts";
import type { Reduction } from "./reduction.ts";
import type { World } from "./world.ts";

/*
 * Sleep sets (P. Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032, chapter 5): where
 * moves of two submitters make no difference to each other, both orders of them lead to one state, and one order is enough.
 * No state is left out by that, only ways to it.
 *
 * Moves are taken together in groups: those of the copies of one task, and second answers, which are nobody's. Once all moves
 * of a group were made in a state, the group sleeps in the states that other groups' moves lead to, and goes on sleeping until
 * something comes that concerns everybody: a reset, a removal, newer data, or what changes which steps may come first.
 *
 * That needs what the reduction needs; that no task writes where another one reads or writes; and that nobody waits for a tag.
 */

/** One more than the highest group. */
const GROUPS = 31;

/** A move that concerns everybody, and one of which it is not known whom it concerns. */
const EVERYBODY = -1;
const UNKNOWN = -2;
/** The groups of second answers and of runs of queues; those below are tasks. */
const ECHOES = 30;
const RUNS = 29;

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const START = step.start;
const SUBMIT = step.submit;
const RUN = step.run;
const STRATEGY = step.strategy;
const UNPLUG = step.unplug;
const WORDS = MOVE_WORDS;
const STEP = move.step;
const COMPLETE_TWICE = move.completeTwice;
const LAST_OF_COMMAND = move.completeTwice;
const ECHO = move.echo;
const ANSWER_ABORT = move.answerAbort;
const RESET_BY_HOST = move.expireAgain;

/** True where all copies that can run at one time have room for all their chunks: none ever waits for another to end. */
function hasRoomForAll({ scenario, strategy, copies, chunks }: World): boolean {
  const { chunkBlocks, tasks } = scenario;
  const { rangesMax = Number.POSITIVE_INFINITY } = strategy;
  const needed = tasks.map(({ atOnce = false }, number) => {
    const each = copies.copies
      .filter(({ task }) => task === number)
      .map(({ count, blocks }) => {
        const pieces = Math.ceil(blocks / (chunkBlocks ?? blocks));
        // Each chunk but the last takes as many ranges as it may, or all of its blocks.
        return pieces + Math.ceil(count / rangesMax) - 1;
      });
    return atOnce ? each.reduce((sum, one) => sum + one, 0) : Math.max(...each);
  });
  return needed.reduce((sum, one) => sum + one, 0) <= chunks.capacity;
}

/** Says which moves make no difference to each other. */
export class Independence {
  /** False where every order is tried. */
  readonly isOn: boolean;
  private readonly world: World;
  private readonly reduction: Reduction;
  /** Tasks by the engine's row of the copy that runs. */
  private readonly taskOf: Int32Array;
  /** By queue: the groups of its flights, by their rows. */
  private readonly flightGroups: readonly Int32Array[];
  /** Runs of queues come first in every order. */
  private readonly runsFirst: boolean;
  /** A half may be paired with one that is in a queue already. */
  private readonly looksIntoQueues: boolean;
  /** What fails may be sent again. */
  private readonly repeats: boolean;
  /** Groups of the moves that were looked at last, a bit for each, and those of them that have moves which concern a queue. */
  groups = 0;
  queueing = 0;
  /** Those that have steps to make. */
  stepping = 0;
  /** Those that have several steps to make or commands in flight. */
  several = 0;
  /** By group: the command that was seen first. */
  private readonly commands = new Int32Array(GROUPS);

  /** @param runsFirst whether the reduction chooses which steps come first */
  constructor(world: World, reduction: Reduction, runsFirst: boolean) {
    const { checksAnswers = true, reversesCopies = false, emulate = false, tasks } = world.scenario;
    this.world = world;
    this.runsFirst = runsFirst;
    this.looksIntoQueues = world.strategy.supports.isolated !== true;
    this.repeats = world.scenario.retriesMax !== 0;
    this.reduction = reduction;
    this.taskOf = new Int32Array(world.copyRows.capacity);
    this.flightGroups = world.controllers.map(({ flights }) => new Int32Array(flights.capacity));
    this.isOn =
      reduction.isOn &&
      checksAnswers &&
      !reversesCopies &&
      !emulate &&
      tasks.length <= RUNS &&
      world.copies.areApart() &&
      hasRoomForAll(world) &&
      world.queues.hasTagForEach(world.scenario.retriesMax !== 0);
  }

  /** Notes to which groups the moves of a state belong. False: moves of this state may make a difference to each other. */
  group(list: MoveList): boolean {
    const { world } = this;
    if (!this.isOn || !this.reduction.isStable || world.isAnyHeld() || world.queues.isAnyWaiting())
      return false;
    this.noteTasks();
    this.noteFlights();
    const { count, words, groups } = list;
    let all = 0;
    let queueing = 0;
    let stepping = 0;
    let commanding = 0;
    let several = 0;
    for (let i = 0; i < count; i++) {
      const kind = words[i * WORDS];
      const subject = words[i * WORDS + 1];
      const group = this.groupOf(kind, subject);
      if (group === UNKNOWN) return false;
      groups[i] = group;
      if (group === EVERYBODY) continue;
      all |= 1 << group;
      if (kind === STEP) {
        if ((stepping & (1 << group)) !== 0) several |= 1 << group;
        stepping |= 1 << group;
      } else {
        if ((commanding & (1 << group)) === 0) this.commands[group] = subject;
        else if (this.commands[group] !== subject) several |= 1 << group;
        commanding |= 1 << group;
      }
      if (this.queues(kind, subject)) queueing |= 1 << group;
    }
    this.groups = all;
    this.stepping = stepping;
    this.several = several;
    this.queueing = this.runsFirst ? 0 : queueing | this.queued();
    return true;
  }

  /** Groups that have requests in a queue: a run of it sends them. */
  private queued(): number {
    const { world, taskOf } = this;
    let groups = 0;
    for (let queue = 0; queue < world.controllers.length; queue++) {
      for (let at = world.queues.headOf(queue); at >= 0; at = world.requests.next[at]) {
        const row = world.queues.copyRowOf(at);
        if (row >= 0) groups |= 1 << taskOf[row];
      }
    }
    return groups;
  }

  /**
   * True for a move that may put a request into a queue, or takes those that are there out. Where runs of queues come first in
   * every order, nobody else's request is there with it.
   */
  private queues(kind: number, subject: number): boolean {
    if (this.runsFirst) return false;
    if (kind !== STEP) return this.repeats && kind === ANSWER_ABORT;
    const { kind: kinds, lane } = this.world.steps.rows.columns;
    if (kinds[subject] === START) return false;
    if (kinds[subject] !== SUBMIT || this.looksIntoQueues || lane[subject] < 0) return true;
    return this.world.copyRows.columns.plugged[lane[subject]] === 0;
  }

  /**
   * Puts moves of one group side by side, those that concern everybody first.
   *
   * @param awake groups whose moves are taken, a bit for each; the highest bit for those that concern everybody
   * @param first the group that comes first, where it is there
   */
  sort(from: MoveList, awake: number, first: number, into: MoveList): void {
    const { count, groups } = from;
    into.reserve(count);
    let place = 0;
    if (awake < 0) {
      for (let i = 0; i < count; i++) if (groups[i] === EVERYBODY) into.put(place++, from, i);
    }
    let left = awake & this.groups;
    const firsts = left & (-1 << first);
    while (left !== 0) {
      // The lowest from `first` on, then the lowest.
      const bits = (left & firsts) === 0 ? left : left & firsts;
      const group = 31 - Math.clz32(bits & -bits);
      left &= ~(1 << group);
      for (let i = 0; i < count; i++) if (groups[i] === group) into.put(place++, from, i);
    }
    into.count = place;
  }

  /**
   * Groups that sleep after a move, where those of `before` slept or were tried.
   *
   * @param group of the move
   * @param queueing groups that have moves in the state which concern a queue
   */
  after(before: number, group: number, kind: number, queueing: number): number {
    if (group === EVERYBODY) return 0;
    let others = before & ~(1 << group);
    if ((queueing & (1 << group)) !== 0) others &= ~queueing;
    return kind === COMPLETE_TWICE ? others & ~(1 << ECHOES) : others;
  }

  /**
   * True for a step of a group that sleeps. Besides those that take a plug out or go down there is none that one who sleeps has
   * posted.
   */
  sleeps(slot: number, asleep: number): boolean {
    this.noteTasks();
    const group = this.groupOf(STEP, slot);
    return group >= 0 && (asleep & (1 << group)) !== 0;
  }

  private noteTasks(): void {
    const { copies, table } = this.world.copies;
    const { row } = table.columns;
    for (let copy = 0; copy < copies.length; copy++) {
      if (row[copy] >= 0) this.taskOf[row[copy]] = copies[copy].task;
    }
  }

  private groupOfStep(slot: number): number {
    const { kind, lane, by, bio } = this.world.steps.rows.columns;
    switch (kind[slot]) {
      case START:
      case UNPLUG:
        return this.taskOf[lane[slot]];
      case SUBMIT: {
        const chunk = this.world.bios.columns.chunk[bio[slot]];
        return chunk < 0 ? UNKNOWN : this.taskOf[this.world.chunks.columns.copy[chunk]];
      }
      case STRATEGY:
        return by[slot] < 0 ? UNKNOWN : this.taskOf[by[slot]];
      case RUN:
        return RUNS;
      default:
        return UNKNOWN;
    }
  }

  private noteFlights(): void {
    const { world, flightGroups } = this;
    for (let queue = 0; queue < flightGroups.length; queue++) {
      const { flights } = world.controllers[queue];
      const { generation } = flights;
      const { slot } = flights.columns;
      for (let flight = 0, left = flights.used; left > 0; flight++) {
        if ((generation[flight] & 1) === 0) continue;
        left--;
        const row = world.queues.copyRowIn(queue, slot[flight]);
        flightGroups[queue][flight] = row < 0 ? EVERYBODY : this.taskOf[row];
      }
    }
  }

  private groupOf(kind: number, subject: number): number {
    if (kind === STEP) return this.groupOfStep(subject);
    if (kind === ECHO) return ECHOES;
    if (kind > LAST_OF_COMMAND || kind === RESET_BY_HOST) return EVERYBODY;
    return this.flightGroups[subject >> 16][subject & 0xffff];
  }
}
