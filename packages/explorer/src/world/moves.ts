import { step as steps } from "@blockferry/block";
import { status as statuses } from "@blockferry/core";
import { numbers } from "./chance.ts";
import { type Controller, flight as flights } from "./controller.ts";
import { copyState as copyStates } from "./copies.ts";
import { generationOf } from "./labels.ts";
import { flightSubject, type MoveList, move as moves } from "./move.ts";
import { gate as gates, type World } from "./world.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const move = moves;
const step = steps;
const status = statuses;
const flight = flights;
const copyState = copyStates;
const gate = gates;
const DEVICE_ERROR = numbers.deviceError;
const TIMEOUT = numbers.timeout;
const DUPLICATE_COMPLETION = numbers.duplicateCompletion;
const RESET = numbers.reset;
const REMOVAL = numbers.removal;
const CANCEL = numbers.cancel;
const PLUG_FLUSH = numbers.plugFlush;
const WRITE = numbers.write;
const FREEZE = numbers.freeze;
const LIMIT_CHANGE = numbers.limitChange;
const RELOAD = numbers.reload;

/** Adds the moves of steps. */
function addSteps(world: World, into: MoveList): void {
  const { rows } = world.steps;
  const { generation } = rows;
  for (let slot = 0, left = rows.used; left > 0; slot++) {
    if ((generation[slot] & 1) === 0) continue;
    left--;
    if (world.steps.isNext(slot)) into.add(move.step, slot, 0);
  }
}

/** Adds what devices may do with commands by themselves. */
function addAnswers(world: World, into: MoveList): void {
  const { controllers } = world;
  for (let queue = 0; queue < controllers.length; queue++) {
    const { flights } = controllers[queue];
    const { generation } = flights;
    const { state } = flights.columns;
    let isAnyLate = false;
    for (let row = 0, left = flights.used; left > 0; row++) {
      if ((generation[row] & 1) === 0) continue;
      left--;
      const subject = flightSubject(queue, row);
      if (state[row] === flight.sent) into.add(move.complete, subject, 0);
      else if (state[row] === flight.echo) into.add(move.echo, subject, 0);
      else {
        into.add(move.answerAbort, subject, 0);
        // Whose second deadline passes makes no difference: the controller is reset.
        if (!isAnyLate) into.add(move.expireAgain, subject, 0);
        isAnyLate = true;
        into.add(move.answerLate, subject, 0);
      }
    }
  }
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
  const { chance, controllers } = world;
  const mayFail = chance.mayNumber(DEVICE_ERROR);
  const mayExpire = chance.mayNumber(TIMEOUT);
  const mayEcho = chance.mayNumber(DUPLICATE_COMPLETION);
  if (!mayFail && !mayExpire && !mayEcho) return;
  for (let queue = 0; queue < controllers.length; queue++) {
    const controller = controllers[queue];
    const { flights } = controller;
    const { generation } = flights;
    const { state } = flights.columns;
    for (let row = 0, left = flights.used; left > 0; row++) {
      if ((generation[row] & 1) === 0) continue;
      left--;
      if (state[row] !== flight.sent) continue;
      const subject = flightSubject(queue, row);
      const blocks = controller.blocksOf(row);
      if (mayFail) {
        into.add(move.fail, subject, 0);
        if (blocks > 1) into.add(move.fail, subject, blocks >> 1);
      }
      if (mayExpire) {
        into.add(move.expire, subject, 0);
        if (blocks > 1) into.add(move.expire, subject, blocks >> 1);
        into.add(move.expire, subject, blocks);
      }
      if (mayEcho) into.add(move.completeTwice, subject, 0);
    }
  }
}

function addQueueFaults(world: World, into: MoveList): void {
  const mayReset = world.chance.mayNumber(RESET);
  const mayRemove = world.chance.mayNumber(REMOVAL);
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
  const mayCancel = chance.mayNumber(CANCEL);
  const maySleep = chance.mayNumber(PLUG_FLUSH);
  const mayWrite = chance.mayNumber(WRITE);
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
  if (chance.mayNumber(FREEZE)) {
    for (const device of world.bottoms) {
      if (held[device] === gate.open) into.add(move.freeze, device, 0);
    }
  }
  if (chance.mayNumber(LIMIT_CHANGE)) into.add(move.limit, world.bottoms[0], 0);
  const { mapping } = world;
  if (mapping >= 0 && chance.mayNumber(RELOAD) && held[mapping] === gate.open)
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

/** Carries a command out, unless it was. */
function carryOutOnce(controller: Controller, row: number, blocks: number): void {
  if (controller.flights.columns.carriedOut[row] === 0) controller.carryOut(row, blocks);
}

/** Makes a move of a command. */
function playFlight(world: World, kind: number, subject: number, variant: number): void {
  const queue = subject >> 16;
  const row = subject & 0xffff;
  const controller = world.controllers[queue];
  const { flights } = controller;
  const slot = flights.columns.slot[row];
  world.steps.by = world.queues.copyRowIn(queue, slot);
  switch (kind) {
    case move.complete:
    case move.answerLate:
      carryOutOnce(controller, row, controller.blocksOf(row));
      controller.answer(row, status.success, false);
      return;
    case move.fail:
      world.chance.spend("deviceError");
      if (variant > 0) carryOutOnce(controller, row, variant);
      controller.answer(row, status.unrecoveredRead, false);
      return;
    case move.expire:
      world.chance.spend("timeout");
      if (variant > 0) carryOutOnce(controller, row, variant);
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
      carryOutOnce(controller, row, controller.blocksOf(row));
      controller.answer(row, status.success, false, true);
      return;
    default:
      controller.answer(row, status.success, false);
  }
}

/** Makes a move of a device or a copy. */
function playEvent(world: World, kind: number, subject: number, variant: number): void {
  const { engine, chance } = world;
  world.steps.by = -1;
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
