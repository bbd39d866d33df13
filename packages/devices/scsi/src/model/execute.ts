import { decodeLun, LUN_BYTES } from "../codec/scsi-command-record.ts";
import type { Command } from "./command.ts";
import type { CommandEntry, CommandTable } from "./command-table.ts";
import { type CommandFault, refusalOf } from "./fault-plan.ts";
import { inquiry } from "./inquiry.ts";
import { checkReady } from "./medium-state.ts";
import type { Path } from "./nexus.ts";
import { conflicts } from "./reservations.ts";
import { advanceBackground } from "./run-job.ts";
import {
  type Refusal,
  refuse,
  refuseCdb,
  reservationConflict,
  type SenseCode,
  samStatus,
  senseCodes,
} from "./sense.ts";
import { storeFailure } from "./store-failure.ts";
import type { Target } from "./target.ts";
import { expireTokens } from "./tokens.ts";
import type { Unit } from "./unit.ts";
import { reportLuns, requestSense } from "./unit-information.ts";

const opcode = { requestSense: 0x03, inquiry: 0x12, reportLuns: 0xa0 } as const;
const EXTENDED_COPY = 0x83;
const RECEIVE_COPY = 0x84;
const VARIABLE_LENGTH = 0x7f;
const CDB_BYTES_MIN = 6;
const CDB_BYTES_MAX = 32;
/** NACA, of CONTROL (SAM-5 5.2): ACA is not supported. */
const NACA = 4;

/** Bytes of a CDB by the group of its operation code (SPC-4 table 13); 0: the group says nothing. */
const groupBytes = [6, 10, 10, 0, 16, 12, 0, 0] as const;

/** Takes the command's bytes; a refusal if they cannot be a command. */
export function takeCommand(command: Command, bytes: Uint8Array): Refusal | undefined {
  const given = bytes.length - LUN_BYTES;
  command.cdb.fill(0);
  if (given < CDB_BYTES_MIN || given > CDB_BYTES_MAX) return refuse(senseCodes.invalidFieldInCdb);
  for (let at = 0; at < given; at += 1) command.cdb[at] = bytes[LUN_BYTES + at];
  const size = groupBytes[Math.floor(command.cdb[0] / 32)];
  if (given < size) return refuseCdb(given);
  const hasControl = size > 0 && command.cdb[0] !== VARIABLE_LENGTH;
  return hasControl && Math.floor(command.cdb[size - 1] / NACA) % 2 === 1
    ? refuseCdb(size - 1, 2)
    : undefined;
}

/** Lets a fault hit the command. Returns the refusal to answer with, "skip" to do nothing, or undefined to go on. */
function applyFault(command: Command, fault: CommandFault): Refusal | "skip" | undefined {
  switch (fault.kind) {
    case "busy":
    case "task-set-full":
    case "sense":
      return refusalOf(fault);
    case "lost-completion":
      command.outcome = "lost";
      return fault.executed === false ? "skip" : undefined;
    default:
      command.outcome = fault.kind;
      command.budget = fault.afterBytes ?? 0;
      return command.cdb[0] === EXTENDED_COPY ? undefined : "skip";
  }
}

function unknownAction(target: Target, operationCode: number): SenseCode {
  const { profile } = target;
  if (operationCode === EXTENDED_COPY) return profile.unknownCopyAction;
  if (operationCode === RECEIVE_COPY) return profile.unknownReceiveAction;
  return profile.unknownServiceAction;
}

/** INVALID COMMAND OPERATION CODE, or the field that makes the command another than those there are. */
function refuseUnknown(target: Target, commands: CommandTable, cdb: Uint8Array): Refusal {
  if (!commands.hasActions(cdb[0])) return refuse(senseCodes.invalidOpcode);
  const sense = unknownAction(target, cdb[0]);
  if (sense.asc !== senseCodes.invalidFieldInCdb.asc) return refuse(sense);
  return refuseCdb(1, 4);
}

/** A waiting unit attention goes first (SAM-5 5.14). */
function takeAttention(path: Path): Refusal | undefined {
  if (path.attentions.length === 0) return undefined;
  const sense = path.attentions.shift();
  return sense === undefined ? undefined : refuse(sense);
}

function checkUnit(entry: CommandEntry, unit: Unit, initiator: string): Refusal | undefined {
  if (conflicts(unit.reservations, initiator, entry.access)) return reservationConflict;
  return entry.needsMedium && !(unit.isLoaded && unit.isStarted) ? checkReady(unit) : undefined;
}

/** Commands that every LUN answers, with or without a logical unit behind it (SPC-4 6.6, 6.33, 6.39). */
function runUnitless(
  target: Target,
  command: Command,
  path: Path | undefined,
): Refusal | undefined | "other" {
  switch (command.cdb[0]) {
    case opcode.inquiry:
      return inquiry(target, command, path?.unit);
    case opcode.reportLuns:
      return reportLuns(target, command);
    case opcode.requestSense:
      return requestSense(target, command, path !== undefined);
    default:
      return "other";
  }
}

/** Commands that a unit hands on. What they do to the medium is not known: they need the access of a write. */
function translate(command: Command, path: Path): Refusal | undefined | "other" {
  const { unit, nexus } = path;
  if (unit.translator === undefined) return "other";
  if (conflicts(unit.reservations, nexus.name, "write")) return reservationConflict;
  const { cdb, dataOut, dataIn } = command;
  const inDescriptors = unit.senseFormat === "descriptor";
  const answer = unit.translator.execute(cdb, dataOut, dataIn, inDescriptors);
  if (answer === undefined) return "other";
  command.outcome = answer.outcome;
  command.moved = answer.dataInBytes + (dataOut?.length ?? 0);
  command.wanted = command.moved;
  if (answer.status === samStatus.good) return undefined;
  return { status: answer.status, sense: undefined, senseBytes: answer.sense };
}

function dispatch(
  target: Target,
  commands: CommandTable,
  command: Command,
  path: Path | undefined,
): Refusal | undefined {
  const answer = runUnitless(target, command, path);
  if (answer !== "other") return answer;
  if (path === undefined) return refuse(senseCodes.unitNotSupported);
  const attention = takeAttention(path);
  if (attention !== undefined) return attention;
  const entry = commands.find(command.cdb);
  const handedOn = entry === undefined ? translate(command, path) : "other";
  if (handedOn !== "other") return handedOn;
  if (entry === undefined) return refuseUnknown(target, commands, command.cdb);
  if (entry.isFor?.(path.unit) === false) return refuse(senseCodes.invalidOpcode);
  return checkUnit(entry, path.unit, path.nexus.name) ?? entry.run(target, command);
}

function runTaken(
  target: Target,
  commands: CommandTable,
  command: Command,
  bytes: Uint8Array,
): Refusal | undefined {
  if (target.background.length > 0) advanceBackground(target, target.backgroundBytes);
  if (target.tokens.size > 0) expireTokens(target);
  const fault = target.faults.ofCommand(command.cdb[0]);
  if (fault !== undefined) {
    const hit = applyFault(command, fault);
    if (hit !== undefined) return hit === "skip" ? undefined : hit;
  }
  const path = command.nexus.paths.get(decodeLun(bytes));
  if (path !== undefined) {
    command.path = path;
    command.unit = path.unit;
  }
  return dispatch(target, commands, command, path);
}

/** Carries out a command that was taken. Never throws: a store that fails is a medium that fails. */
export function runCommand(
  target: Target,
  commands: CommandTable,
  command: Command,
  bytes: Uint8Array,
): Refusal | undefined {
  try {
    return runTaken(target, commands, command, bytes);
  } catch (error) {
    return storeFailure(target, error, decodeLun(bytes));
  }
}
