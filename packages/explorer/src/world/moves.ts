import { step } from "@blockferry/block";
import { status } from "@blockferry/core";
import { flight } from "./controller.ts";
import { copyState } from "./copies.ts";
import { generationOf } from "./labels.ts";
import { flightSubject, type MoveList, move } from "./move.ts";
import { gate, type World } from "./world.ts";

/** Adds the moves of steps. */
function addSteps(world: World, into: MoveList): void {
  const { rows } = world.steps;
  let left = rows.used;
  for (let slot = 0; left > 0; slot++) {
    if (!rows.isLive(slot)) continue;
    left--;
    if (world.steps.isNext(slot)) into.add(move.step, slot, 0);
  }
}

/** Adds what devices may do with commands by themselves. */
function addAnswers(world: World, into: MoveList): void {
  world.controllers.forEach(({ flights }, queue) => {
    const { state } = flights.columns;
    let left = flights.used;
    for (let row = 0; left > 0; row++) {
      if (!flights.isLive(row)) continue;
      left--;
      const subject = flightSubject(queue, row);
      if (state[row] === flight.sent) into.add(move.complete, subject, 0);
      else if (state[row] === flight.echo) into.add(move.echo, subject, 0);
      else {
        into.add(move.answerAbort, subject, 0);
        into.add(move.expireAgain, subject, 0);
        into.add(move.answerLate, subject, 0);
      }
    }
  });
}

/** Adds what ends what somebody has begun: a queue that is empty is thawed, a mapping with nothing below it changes. */
function addEndings(world: World, into: MoveList): void {
  const { held } = world.gates.columns;
  for (const device of world.bottoms) {
    if (held[device] === gate.frozen && world.engine.inFlight(device) === 0)
      into.add(move.thaw, device, 0);
  }
  const { mapping } = world;
  if (mapping >= 0 && held[mapping] === gate.suspended && !world.isBelowMapping())
    into.add(move.swap, mapping, 0);
}

/** Adds the moves that happen by themselves: a state without them must be an end. */
export function addProgress(world: World, into: MoveList): void {
  addSteps(world, into);
  addAnswers(world, into);
  addEndings(world, into);
}

function addCommandFaults(world: World, into: MoveList): void {
  const { chance } = world;
  const mayFail = chance.may("deviceError");
  const mayExpire = chance.may("timeout");
  const mayEcho = chance.may("duplicateCompletion");
  if (!mayFail && !mayExpire && !mayEcho) return;
  world.controllers.forEach((controller, queue) => {
    const { flights } = controller;
    for (let row = 0; row < flights.capacity; row++) {
      if (!flights.isLive(row) || flights.columns.state[row] !== flight.sent) continue;
      const subject = flightSubject(queue, row);
      const blocks = controller.blocksOf(row);
      if (mayFail) {
        into.add(move.fail, subject, 0);
        if (blocks > 1) into.add(move.fail, subject, blocks >> 1);
      }
      if (mayExpire) {
        into.add(move.expire, subject, 0);
        into.add(move.expire, subject, 1);
      }
      if (mayEcho) into.add(move.completeTwice, subject, 0);
    }
  });
}

function addQueueFaults(world: World, into: MoveList): void {
  const mayReset = world.chance.may("reset");
  const mayRemove = world.chance.may("removal");
  if (!mayReset && !mayRemove) return;
  world.controllers.forEach(({ flights }, queue) => {
    const variants = flights.used > 0 ? 2 : 1;
    for (let variant = 0; variant < variants; variant++) {
      if (mayReset && flights.used > 0) into.add(move.reset, queue, variant);
      if (mayRemove) into.add(move.remove, queue, variant);
    }
  });
}

function addCopyEvents(world: World, into: MoveList): void {
  const { chance, copies } = world;
  const mayCancel = chance.may("cancel");
  const maySleep = chance.may("plugFlush");
  const mayWrite = chance.may("write");
  if (!mayCancel && !maySleep && !mayWrite) return;
  const { state, row } = copies.table.columns;
  for (let copy = 0; copy < copies.copies.length; copy++) {
    if (state[copy] !== copyState.running) continue;
    if (mayCancel) into.add(move.cancel, copy, 0);
    if (maySleep && world.copyRows.columns.plugged[row[copy]] !== 0) into.add(move.sleep, copy, 0);
    if (mayWrite) into.add(move.write, copy, 0);
  }
}

function addDeviceEvents(world: World, into: MoveList): void {
  const { chance } = world;
  const { held } = world.gates.columns;
  if (chance.may("freeze")) {
    for (const device of world.bottoms) {
      if (held[device] === gate.open) into.add(move.freeze, device, 0);
    }
  }
  if (chance.may("limitChange")) into.add(move.limit, world.bottoms[0], 0);
  const { mapping } = world;
  if (mapping >= 0 && chance.may("reload") && held[mapping] === gate.open)
    into.add(move.suspend, mapping, 0);
}

/** Adds what may happen besides, as far as the scenario has it. */
export function addHappenings(world: World, into: MoveList): void {
  addCommandFaults(world, into);
  addQueueFaults(world, into);
  addCopyEvents(world, into);
  addDeviceEvents(world, into);
}

/** Carries out all commands in flight of a queue that were not, when `variant` says so. */
function carryOutAll(world: World, queue: number, variant: number): void {
  if (variant === 0) return;
  const controller = world.controllers[queue];
  const { flights } = controller;
  for (let row = 0; row < flights.capacity; row++) {
    if (flights.isLive(row) && flights.columns.carriedOut[row] === 0)
      controller.carryOut(row, controller.blocksOf(row));
  }
}

/** Makes a move of a command. */
function playFlight(world: World, kind: number, subject: number, variant: number): void {
  const queue = subject >> 16;
  const row = subject & 0xffff;
  const controller = world.controllers[queue];
  const { flights } = controller;
  const slot = flights.columns.slot[row];
  const carryOut = (blocks: number): void => {
    if (flights.columns.carriedOut[row] === 0) controller.carryOut(row, blocks);
  };
  switch (kind) {
    case move.complete:
    case move.answerLate:
      carryOut(controller.blocksOf(row));
      controller.answer(row, status.success, false);
      return;
    case move.fail:
      world.chance.spend("deviceError");
      if (variant > 0) carryOut(variant);
      controller.answer(row, status.unrecoveredRead, false);
      return;
    case move.expire:
      world.chance.spend("timeout");
      if (variant > 0) carryOut(controller.blocksOf(row));
      world.expire(queue, slot);
      return;
    case move.expireAgain:
      world.expire(queue, slot);
      return;
    case move.answerAbort:
      controller.answerAborted(row);
      return;
    case move.completeTwice:
      world.chance.spend("duplicateCompletion");
      carryOut(controller.blocksOf(row));
      controller.answer(row, status.success, false, true);
      return;
    default:
      controller.answer(row, status.success, false);
  }
}

/** Makes a move of a device or a copy. */
function playEvent(world: World, kind: number, subject: number, variant: number): void {
  const { engine, chance } = world;
  const { held } = world.gates.columns;
  switch (kind) {
    case move.reset:
      chance.spend("reset");
      carryOutAll(world, subject, variant);
      world.controllers[subject].resetByItself();
      return;
    case move.remove:
      chance.spend("removal");
      carryOutAll(world, subject, variant);
      world.controllers[subject].remove();
      return;
    case move.cancel:
      chance.spend("cancel");
      world.steps.runNow(step.cancel, world.handleOf(subject));
      return;
    case move.sleep:
      chance.spend("plugFlush");
      engine.flushPlug(world.handleOf(subject));
      return;
    case move.write:
      chance.spend("write");
      writeNewer(world, subject);
      return;
    case move.freeze:
      chance.spend("freeze");
      held[subject] = gate.frozen;
      engine.hold(subject);
      return;
    case move.suspend:
      chance.spend("reload");
      held[subject] = gate.suspended;
      engine.hold(subject);
      return;
    case move.limit:
      chance.spend("limitChange");
      engine.limitCopies(subject, 1);
      return;
    default:
      held[subject] = gate.open;
      if (kind === move.swap) world.swap();
      engine.unfreeze(subject);
  }
}

/** Somebody writes newer data to the first source block of a copy. */
function writeNewer(world: World, copy: number): void {
  const place = world.copies.placesOf(world.tableInForce())[world.copies.wants(copy, 0)];
  const { words } = world.labels;
  if (generationOf(words[place]) < 15) words[place]++;
}

/** Makes a move. Throws what the engine, the strategy or a check throws. */
export function play(world: World, kind: number, subject: number, variant: number): void {
  if (kind === move.step) {
    world.beginMove(variant);
    world.steps.run(subject);
  } else if (kind <= move.echo) {
    world.beginMove(0);
    playFlight(world, kind, subject, variant);
  } else {
    world.beginMove(0);
    playEvent(world, kind, subject, variant);
  }
  world.settleMove();
}
