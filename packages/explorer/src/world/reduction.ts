import { type BlockDevice, step } from "@blockferry/block";
import { numbersOf } from "./chance.ts";
import { flight } from "./controller.ts";
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
 * - taking a plug out: where no reset may come between, which would make a difference to what it hits, or nothing is in it
 * - an answer: where no fault is left that could take its place
 *
 * `--no-reduction` explores without; tests compare verdicts and ends of both.
 */

/** Happenings that make a difference to bios on their way. */
const onTheWay = numbersOf([
  "plugFlush",
  "reload",
  "limitChange",
  "freeze",
  "allocationFailure",
  "mapFailure",
  "removal",
  "cancel",
  "requeue",
]);
/** Those that befall all that is in flight. */
const onAllInFlight = numbersOf(["reset", "timeout"]);
const onAnswers = numbersOf(["deviceError", "duplicateCompletion", "write"]);

/** True when a command waits for what becomes of its abort. */
function isAnyLate(world: World): boolean {
  for (const { flights } of world.controllers) {
    let left = flights.used;
    for (let row = 0; left > 0; row++) {
      if (!flights.isLive(row)) continue;
      left--;
      if (flights.columns.state[row] !== flight.sent) return true;
    }
  }
  return false;
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

  constructor(world: World) {
    this.world = world;
    const { devices } = world.engine;
    const { isolated } = world.strategy.supports;
    const hasWorkers = devices.some((device) => device.kind === "asynchronous");
    this.isOn = !hasWorkers && (isolated === "whole" ? !devices.some(cuts) : isolated);
  }

  /** The step that may come first, -1 for none. */
  step(): number {
    if (!this.isOn || this.world.chance.mayAny(onTheWay)) return -1;
    return this.stepAlone(!this.mayReset());
  }

  /** Adds the one answer that may come first. False: there is none. No step may come first. */
  addAnswer(into: MoveList): boolean {
    if (!this.isOn || this.world.chance.mayAny(onTheWay) || this.world.chance.mayAny(onAnswers))
      return false;
    return !this.mayReset() && this.firstAnswer(into);
  }

  private mayReset(): boolean {
    return this.world.chance.mayAny(onAllInFlight) || isAnyLate(this.world);
  }

  private stepAlone(unplugs: boolean): number {
    const { world } = this;
    const { rows } = world.steps;
    const { kind, bio, lane } = rows.columns;
    const { plugged, plugHead } = world.copyRows.columns;
    // What may end a copy makes a difference to who may still write to its source.
    const mayEnd = !world.chance.may("write");
    let left = rows.used;
    for (let slot = 0; left > 0; slot++) {
      if (!rows.isLive(slot)) continue;
      left--;
      if (!world.steps.isNext(slot)) continue;
      switch (kind[slot]) {
        case step.strategy:
          if (mayEnd) return slot;
          continue;
        case step.submit:
          if (lane[slot] < 0 || plugged[lane[slot]] === 0) continue;
          if (world.bios.columns.chunk[bio[slot]] >= 0) return slot;
          continue;
        case step.run:
          if (world.hasTagsForAll(world.steps.subjectOf(slot))) return slot;
          continue;
        case step.unplug:
          if (mayEnd && (unplugs || plugHead[lane[slot]] < 0)) return slot;
      }
    }
    return -1;
  }

  private firstAnswer(into: MoveList): boolean {
    const { controllers } = this.world;
    for (let queue = 0; queue < controllers.length; queue++) {
      const { flights } = controllers[queue];
      if (flights.used === 0) continue;
      for (let row = 0; row < flights.capacity; row++) {
        if (!flights.isLive(row) || flights.columns.state[row] !== flight.sent) continue;
        into.add(move.complete, flightSubject(queue, row), 0);
        return true;
      }
    }
    return false;
  }
}
