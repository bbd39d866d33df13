import { type BlockDevice, step } from "@blockferry/block";
import { numbers } from "./chance.ts";
import { flight as flights } from "./controller.ts";
import { flightSubject, type MoveList, move } from "./move.ts";
import type { World } from "./world.ts";

/*
 * Partial-order reduction. Where a step can make no difference to any other move that may come before it, nor they to it,
 * every order is equal to one in which it comes first: it is then the only move of its state (a persistent set of one).
 *
 * That needs a strategy which says that it is isolated, no stacked device with workers (they keep bios of all submitters
 * in one line), and nothing left that may disturb bios on their way. What is left are the device's answers and faults:
 *
 * - a half on its way from a plugged submitter to the bottom, and a deferred step: rows of its own chunk alone
 * - a run of a queue that has a tag for each request: all are sent, whoever else comes
 * - taking a plug out, and a half that goes down without one: where no reset may come between, which would make a difference to
 *   what it hits, or nothing is in it
 * - an answer: where no fault is left that could take its place
 *
 * `--no-reduction` explores without; tests compare verdicts and ends of both.
 */

/** Happenings that make a difference to bios on their way. */
const onTheWay = [
  "plugFlush",
  "reload",
  "limitChange",
  "freeze",
  "allocationFailure",
  "mapFailure",
  "removal",
  "cancel",
  "requeue",
] as const;
/** Those that befall all that is in flight. */
const onAllInFlight = ["reset", "timeout"] as const;
const onAnswers = ["deviceError", "duplicateCompletion", "write"] as const;

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SENT = flights.sent;
const LATE = flights.late;
const ECHO = flights.echo;
const STRATEGY = step.strategy;
const SUBMIT = step.submit;
const RUN = step.run;
const WRITE = numbers.write;
const UNPLUG = step.unplug;

const BY_FAULT = (1 << move.fail) | (1 << move.completeTwice);
const BY_ANSWER = (1 << move.answerAbort) | (1 << move.answerLate);

/** Commands that wait for what becomes of their abort; with `echoes` also for a second answer. */
function lateOnes(world: World, echoes: boolean): number {
  const { controllers } = world;
  let late = 0;
  for (let queue = 0; queue < controllers.length; queue++) {
    const { flights } = controllers[queue];
    const { generation } = flights;
    const { state } = flights.columns;
    for (let row = 0, left = flights.used; left > 0; row++) {
      if ((generation[row] & 1) === 0) continue;
      left--;
      if (state[row] === LATE || (echoes && state[row] === ECHO)) late++;
    }
  }
  return late;
}

/** True for a stacked device that may split a bio. */
function cuts(device: BlockDevice): boolean {
  switch (device.kind) {
    case "linear":
      return device.parts.length > 1;
    case "mapping":
      return device.tables.some((parts) => parts.length > 1);
    default:
      return device.kind === "striped";
  }
}

/** Chooses the one move that may come first. */
export class Reduction {
  private readonly world: World;
  /** False where no order may be left out. */
  readonly isOn: boolean;
  private unplugs = false;
  private mayEnd = false;
  /** After `begin`: true while nothing may disturb bios on their way. It stays true. */
  isStable = false;

  /** A second answer may be taken for that of another command. */
  private readonly echoesHit: boolean;
  private readonly onTheWay: Int32Array;
  private readonly onAllInFlight: Int32Array;
  private readonly onAnswers: Int32Array;

  constructor(world: World) {
    this.world = world;
    this.echoesHit = world.scenario.checksAnswers === false;
    this.onTheWay = world.chance.numbersOf(onTheWay);
    this.onAllInFlight = world.chance.numbersOf(onAllInFlight);
    this.onAnswers = world.chance.numbersOf(onAnswers);
    const { devices } = world.engine;
    const { isolated } = world.strategy.supports;
    const hasWorkers = devices.some((device) => device.kind === "asynchronous");
    const maySplit = devices.some(cuts) || world.scenario.happens?.limitChange !== undefined;
    this.isOn = !hasWorkers && (isolated === "whole" ? !maySplit : isolated);
  }

  /** Looks at what may still happen: steps do not change it. False: no step may come first. */
  begin(): boolean {
    const { chance } = this.world;
    this.isStable = false;
    if (!this.isOn || chance.mayAny(this.onTheWay)) return false;
    this.unplugs = !this.mayReset();
    // What may end a copy makes a difference to who may still write to its source.
    this.mayEnd = !chance.mayNumber(WRITE);
    this.isStable = true;
    return true;
  }

  /**
   * Kinds of moves, a bit for each, after which those who go down and plugs come first though they do not now: the last that may
   * disturb what is in flight goes by.
   */
  turningKinds(): number {
    const { world, unplugs, mayEnd } = this;
    if (unplugs || !mayEnd) return 0;
    const late = lateOnes(world, this.echoesHit);
    if (late === 0) return world.chance.mayAnyAfterFault(this.onAllInFlight) ? 0 : BY_FAULT;
    return late === 1 && !world.chance.mayAny(this.onAllInFlight) ? BY_ANSWER : 0;
  }

  /** True where nothing is left that may disturb what is in flight, once those that are late are no more. */
  get isLastReset(): boolean {
    return !this.world.chance.mayAny(this.onAllInFlight);
  }

  /** Adds the one answer that may come first. False: there is none. No step may come first. */
  addAnswer(into: MoveList): boolean {
    if (
      !this.isOn ||
      this.world.chance.mayAny(this.onTheWay) ||
      this.world.chance.mayAny(this.onAnswers)
    )
      return false;
    return !this.mayReset() && this.firstAnswer(into);
  }

  private mayReset(): boolean {
    return this.world.chance.mayAny(this.onAllInFlight) || lateOnes(this.world, this.echoesHit) > 0;
  }

  /** The step that may come first, -1 for none. */
  step(): number {
    const { steps } = this.world;
    const { generation } = steps.rows;
    for (let slot = 0, left = steps.rows.used; left > 0; slot++) {
      if ((generation[slot] & 1) === 0) continue;
      left--;
      if (this.mayComeFirst(slot) && steps.isNext(slot)) return slot;
    }
    return -1;
  }

  private mayComeFirst(slot: number): boolean {
    const { world, unplugs, mayEnd } = this;
    const { kind, bio, lane } = world.steps.rows.columns;
    const { plugged, plugHead } = world.copyRows.columns;
    switch (kind[slot]) {
      case UNPLUG:
        return mayEnd && (unplugs || plugHead[lane[slot]] < 0);
      case STRATEGY:
        return mayEnd;
      case SUBMIT:
        if ((lane[slot] < 0 || plugged[lane[slot]] === 0) && !(unplugs && mayEnd)) return false;
        return world.bios.columns.chunk[bio[slot]] >= 0;
      case RUN:
        return world.queues.hasTagsForAll(world.steps.subjectOf(slot));
      default:
        return false;
    }
  }

  /** The answer to the first copy's command: not the first tag's, which differs between states that mean the same. */
  private firstAnswer(into: MoveList): boolean {
    const { controllers, queues } = this.world;
    for (let queue = 0; queue < controllers.length; queue++) {
      const { flights } = controllers[queue];
      const { generation } = flights;
      const { state, slot } = flights.columns;
      let first = -1;
      let firstRow = 0;
      for (let flight = 0, left = flights.used; left > 0; flight++) {
        if ((generation[flight] & 1) === 0) continue;
        left--;
        if (state[flight] !== SENT) continue;
        const row = queues.copyRowIn(queue, slot[flight]);
        if (first >= 0 && row >= firstRow) continue;
        first = flight;
        firstRow = row;
      }
      if (first < 0) continue;
      into.add(move.complete, flightSubject(queue, first), 0);
      return true;
    }
    return false;
  }
}
