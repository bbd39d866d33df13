import { persistentReserveOutCdb } from "../codec/cdb/reservation-cdb.ts";
import { registerAndMoveList, reservationOutList } from "../codec/parameter/reservation-data.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList } from "./command.ts";
import { attend } from "./nexus.ts";
import {
  endReservation,
  isAllRegistrants,
  isHolder,
  type Reservations,
  reservationTypes,
} from "./reservations.ts";
import { stopJob } from "./run-job.ts";
import {
  type Refusal,
  refuse,
  refuseCdb,
  refuseList,
  reservationConflict,
  type SenseCode,
  senseCodes,
} from "./sense.ts";
import type { Target } from "./target.ts";
import { initiatorOf } from "./transport-id.ts";
import type { Unit } from "./unit.ts";
import { wide64 } from "./wire-numbers.ts";

const cdb = {
  serviceAction: fieldReader(persistentReserveOutCdb, "serviceAction"),
  scope: fieldReader(persistentReserveOutCdb, "scope"),
  type: fieldReader(persistentReserveOutCdb, "type"),
  listLength: fieldReader(persistentReserveOutCdb, "parameterListLength"),
};

const list = {
  specIPt: fieldReader(reservationOutList, "specIPt"),
  aptpl: fieldReader(reservationOutList, "aptpl"),
};
const KEY_AT = reservationOutList.offsetOf("key");
const NEW_KEY_AT = reservationOutList.offsetOf("serviceActionKey");
const SPEC_I_PT_AT = reservationOutList.offsetOf("specIPt");

const action = {
  register: 0,
  reserve: 1,
  release: 2,
  clear: 3,
  preempt: 4,
  preemptAndAbort: 5,
  registerAndIgnore: 6,
  registerAndMove: 7,
} as const;

/** One PERSISTENT RESERVE OUT on its way. */
interface Request {
  readonly target: Target;
  readonly unit: Unit;
  readonly reservations: Reservations;
  readonly initiator: string;
  readonly type: number;
  readonly key: bigint;
  readonly newKey: bigint;
  readonly parameters: Uint8Array;
}

/** Tells an initiator of what another did. */
function notify({ target, unit }: Request, initiator: string, sense: SenseCode): void {
  const path = target.nexuses.get(initiator)?.pathOf.get(unit);
  if (path !== undefined) attend(path, sense);
}

function notifyOthers(request: Request, sense: SenseCode): void {
  for (const initiator of request.reservations.keys.keys()) {
    if (initiator !== request.initiator) notify(request, initiator, sense);
  }
}

/** Removes a registration; with it a reservation that nobody else holds (SPC-4 5.13.11.2). */
function unregister(request: Request, initiator: string): void {
  const { reservations } = request;
  const wasHolder = isHolder(reservations, initiator);
  reservations.keys.delete(initiator);
  if (!wasHolder) return;
  if (isAllRegistrants(reservations.type) && reservations.keys.size > 0) return;
  const { type } = reservations;
  endReservation(reservations);
  // Registrants only: the others are told that the reservation is gone.
  if (type === 5 || type === 6) notifyOthers(request, senseCodes.reservationsReleased);
}

function register(request: Request, ignoresKey: boolean): Refusal | undefined {
  const { reservations, initiator, key, newKey, parameters } = request;
  if (list.specIPt(parameters) === 1) return refuseList(SPEC_I_PT_AT, 3);
  if (list.aptpl(parameters) === 1) return refuseList(SPEC_I_PT_AT, 0);
  if (!ignoresKey && (reservations.keys.get(initiator) ?? 0n) !== key) return reservationConflict;
  if (newKey !== 0n) reservations.keys.set(initiator, newKey);
  else if (reservations.keys.has(initiator)) unregister(request, initiator);
  reservations.generation = (reservations.generation + 1) % 2 ** 32;
  return undefined;
}

/** All but the registrations want the key of a registered initiator. */
function checkKey({ reservations, initiator, key }: Request): Refusal | undefined {
  return reservations.keys.get(initiator) === key ? undefined : reservationConflict;
}

function reserve(request: Request): Refusal | undefined {
  const { reservations, initiator, type } = request;
  if (!reservationTypes.includes(type)) return refuseCdb(2, 3);
  if (reservations.type === 0) {
    reservations.type = type;
    reservations.holder = initiator;
    return undefined;
  }
  const isSame = isHolder(reservations, initiator) && reservations.type === type;
  return isSame ? undefined : reservationConflict;
}

function release(request: Request): Refusal | undefined {
  const { reservations, initiator, type } = request;
  if (reservations.type === 0 || !isHolder(reservations, initiator)) return undefined;
  if (reservations.type !== type) return refuse(senseCodes.invalidRelease);
  endReservation(reservations);
  if (type >= 5) notifyOthers(request, senseCodes.reservationsReleased);
  return undefined;
}

function clear(request: Request): undefined {
  const { reservations } = request;
  notifyOthers(request, senseCodes.reservationsPreempted);
  reservations.keys.clear();
  endReservation(reservations);
  reservations.generation = (reservations.generation + 1) % 2 ** 32;
  return undefined;
}

/** Whom PREEMPT removes: those with the key; with key 0 and all registrants, everybody else (SPC-4 5.13.11.4). */
function preempted({ reservations, initiator, newKey }: Request): string[] {
  const isEverybody = newKey === 0n && isAllRegistrants(reservations.type);
  return [...reservations.keys]
    .filter(([name, key]) => (isEverybody ? name !== initiator : key === newKey))
    .map(([name]) => name);
}

function preempt(request: Request, aborts: boolean): Refusal | undefined {
  const { reservations, initiator, newKey, type, target, unit } = request;
  const isAll = isAllRegistrants(reservations.type);
  if (newKey === 0n && !(isAll && reservations.type !== 0)) return refuseList(NEW_KEY_AT);
  const victims = preempted(request);
  if (victims.length === 0 && newKey !== 0n) return reservationConflict;
  const takesOver =
    reservations.type !== 0 &&
    (isAll ? newKey === 0n : victims.includes(reservations.holder ?? ""));
  if (takesOver && !reservationTypes.includes(type)) return refuseCdb(2, 3);
  for (const victim of victims) {
    if (victim === initiator) continue;
    reservations.keys.delete(victim);
    notify(request, victim, senseCodes.registrationsPreempted);
    if (aborts) abortCopies(target, unit, victim);
  }
  if (takesOver) {
    reservations.type = type;
    reservations.holder = initiator;
  } else if (victims.includes(initiator)) {
    unregister(request, initiator);
  }
  reservations.generation = (reservations.generation + 1) % 2 ** 32;
  return undefined;
}

/** PREEMPT AND ABORT ends what the preempted initiator has going on at this unit. */
function abortCopies(target: Target, unit: Unit, initiator: string): void {
  for (const job of [...target.background]) {
    if (job.path.unit !== unit || job.path.nexus.name !== initiator) continue;
    stopJob(target, job);
    attend(job.path, senseCodes.clearedByInitiator);
  }
}

/** REGISTER AND MOVE: the reservation goes to another initiator (SPC-4 5.13.8). */
function move(request: Request): Refusal | undefined {
  const { reservations, initiator, parameters, newKey } = request;
  const decoded = registerAndMoveList.decode(parameters, { lenient: true });
  if (!decoded.ok) return refuse(senseCodes.listLength);
  const { unreg, aptpl, transportId } = decoded.value;
  if (aptpl) return refuseList(17, 0);
  if (newKey === 0n) return refuseList(NEW_KEY_AT);
  if (!isHolder(reservations, initiator) || isAllRegistrants(reservations.type)) {
    return reservationConflict;
  }
  const other = initiatorOf(transportId);
  if (other === undefined || other === initiator) return refuseList(reservationOutList.size);
  reservations.keys.set(other, newKey);
  reservations.holder = other;
  if (unreg) reservations.keys.delete(initiator);
  reservations.generation = (reservations.generation + 1) % 2 ** 32;
  return undefined;
}

function carryOut(request: Request, serviceAction: number): Refusal | undefined {
  if (serviceAction === action.register) return register(request, false);
  if (serviceAction === action.registerAndIgnore) return register(request, true);
  const wrongKey = checkKey(request);
  if (wrongKey !== undefined) return wrongKey;
  switch (serviceAction) {
    case action.reserve:
      return reserve(request);
    case action.release:
      return release(request);
    case action.clear:
      return clear(request);
    case action.registerAndMove:
      return move(request);
    default:
      return preempt(request, serviceAction === action.preemptAndAbort);
  }
}

/** PERSISTENT RESERVE OUT (SPC-4 6.16). Nothing persists through a loss of power: there is none. */
export function persistentReserveOut(target: Target, command: Command): Refusal | undefined {
  const { unit, nexus } = command;
  const serviceAction = cdb.serviceAction(command.cdb);
  if (serviceAction > action.registerAndMove) return refuseCdb(1, 4);
  const { reservations } = unit;
  const { legacyHolder } = reservations;
  if (legacyHolder !== undefined && legacyHolder !== nexus.name) return reservationConflict;
  if (cdb.scope(command.cdb) !== 0 && serviceAction !== action.register) return refuseCdb(2, 7);
  const length = cdb.listLength(command.cdb);
  const parameters = parameterList(command, length);
  const isMove = serviceAction === action.registerAndMove;
  const isWrong = isMove ? length < reservationOutList.size : length !== reservationOutList.size;
  const hasMore = !isMove && length > reservationOutList.size;
  if (hasMore && parameters.length >= reservationOutList.size && list.specIPt(parameters) === 1) {
    return refuseList(SPEC_I_PT_AT, 3);
  }
  if (isWrong || parameters.length < length) return refuse(senseCodes.listLength);
  const request: Request = {
    target,
    unit,
    reservations,
    initiator: nexus.name,
    type: cdb.type(command.cdb),
    key: wide64(parameters, KEY_AT),
    newKey: wide64(parameters, NEW_KEY_AT),
    parameters,
  };
  return carryOut(request, serviceAction);
}

/** RESERVE(6) (SPC-2). Initiators that use persistent reservations are not disturbed. */
export function reserveSix(_target: Target, command: Command): Refusal | undefined {
  const { reservations } = command.unit;
  const { legacyHolder, keys } = reservations;
  if (keys.size > 0) return reservationConflict;
  if (legacyHolder !== undefined && legacyHolder !== command.nexus.name) return reservationConflict;
  reservations.legacyHolder = command.nexus.name;
  return undefined;
}

/** RELEASE(6) (SPC-2): of a reservation that is not the initiator's, it does nothing. */
export function releaseSix(_target: Target, command: Command): Refusal | undefined {
  const { reservations } = command.unit;
  if (reservations.keys.size > 0) return reservationConflict;
  if (reservations.legacyHolder === command.nexus.name) reservations.legacyHolder = undefined;
  return undefined;
}
