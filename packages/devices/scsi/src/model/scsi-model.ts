import type { CommandQueueKind, DeviceModel, ModelOutcome } from "@blockferry/core";
import { decodeLun, SCSI_COMPLETION_BYTES, scsiCompletion } from "../codec/scsi-command-record.ts";
import { type Command, newCommand } from "./command.ts";
import { runCommand, takeCommand } from "./execute.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { eject, load } from "./medium-state.ts";
import { newTarget } from "./new-target.ts";
import { attend, type Nexus, nexusOf } from "./nexus.ts";
import type { SenseFormat } from "./profile.ts";
import { advanceBackground, clearJobs } from "./run-job.ts";
import { type Refusal, samStatus, senseCodes } from "./sense.ts";
import { senseBytes } from "./sense-bytes.ts";
import type { Target } from "./target.ts";
import { commandsOf } from "./target-commands.ts";
import type { ScsiModelOptions } from "./target-options.ts";
import { cancelTokens } from "./tokens.ts";
import type { Unit } from "./unit.ts";

const SENSE_AT = scsiCompletion.offsetOf("sense");
const MOVED_AT = scsiCompletion.offsetOf("moved");
const WANTED_AT = scsiCompletion.offsetOf("wanted");

/** The target as one initiator sees it: an I_T nexus. */
export interface ScsiNexus extends DeviceModel {
  readonly family: "scsi";
  readonly initiator: string;
  /** The nexus is lost (SAM-5 6.3.4): a RESERVE(6) reservation and held results go; copies in the background stop. */
  lose(): void;
}

/** An emulated SCSI target with its logical units. */
export interface ScsiModel extends DeviceModel {
  readonly family: "scsi";
  /** The target as this initiator sees it. The same name gives the same nexus. */
  nexus(initiator: string): ScsiNexus;
  /** Adds faults to those that are still to come. */
  inject(...faults: FaultPlan): void;
  /** Takes back all faults. A target that was removed stays so. */
  clearFaults(): void;
  /** Lets copies in the background go on, each by so many bytes. Default: to their ends. */
  advance(bytes?: number): void;
  /** Copies in the background. */
  readonly backgroundCopies: number;
  /** ROD tokens that are valid. */
  readonly liveTokens: number;
  /** Bytes held for point-in-time tokens. */
  readonly preservedBytes: number;
  /** Resets one unit: its reservations of the old kind and its copies end. `lun` is the unit's own. */
  resetUnit(lun: number): void;
  /** Takes the medium out of a removable unit, whatever prevents it. */
  eject(lun: number): void;
  /** Puts a medium into a removable unit. */
  load(lun: number): void;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Writes the completion record (see the codec's `scsiCompletion`). */
function writeCompletion(
  target: Target,
  completion: Uint8Array,
  command: Command,
  format: SenseFormat,
  refusal: Refusal | undefined,
): void {
  completion[0] = refusal?.status ?? samStatus.good;
  completion[1] = 0;
  completion[2] = 0;
  completion[3] = 0;
  putUint32(completion, MOVED_AT, Math.min(command.moved, 0xffff_ffff));
  putUint32(completion, WANTED_AT, Math.min(command.wanted, 0xffff_ffff));
  completion.fill(0, SENSE_AT, SCSI_COMPLETION_BYTES);
  const sense =
    refusal?.sense === undefined ? refusal?.senseBytes : senseBytes(target, refusal.sense, format);
  if (sense === undefined) return;
  completion[1] = sense.length;
  completion.set(sense, SENSE_AT);
}

/** What D_SENSE of the unit asks for; of a unit that is not there, the profile's rule. */
const senseFormatOf = ({ profile }: Target, { paths }: Nexus, bytes: Uint8Array): SenseFormat =>
  paths.get(decodeLun(bytes))?.unit.senseFormat ?? profile.sense.format;

/** Hard reset (SAM-5 6.3.2): all copies stop, all tokens but persistent ones are cancelled. */
function resetTarget(target: Target): void {
  clearJobs(target, () => true);
  cancelTokens(target, (token) => !token.isPersistent);
  for (const unit of target.units) {
    unit.reservations.legacyHolder = undefined;
    unit.senseFormat = unit.senseFormatDefault;
  }
  for (const nexus of target.nexuses.values()) {
    for (const path of nexus.paths.values()) {
      path.operations.clear();
      path.attentions.length = 0;
      attend(path, senseCodes.poweredOn);
    }
  }
}

function resetOneUnit(target: Target, unit: Unit): void {
  clearJobs(target, (job) => job.path.unit === unit);
  unit.reservations.legacyHolder = undefined;
  unit.senseFormat = unit.senseFormatDefault;
  for (const nexus of target.nexuses.values()) {
    const path = nexus.pathOf.get(unit);
    if (path !== undefined) attend(path, senseCodes.unitReset);
  }
}

function loseNexus(target: Target, nexus: Nexus): void {
  clearJobs(target, (job) => job.path.nexus === nexus);
  for (const path of nexus.paths.values()) {
    path.operations.clear();
    path.attentions.length = 0;
    const { reservations, preventedBy } = path.unit;
    if (reservations.legacyHolder === nexus.name) reservations.legacyHolder = undefined;
    preventedBy.delete(nexus.name);
  }
}

function unitOfLun(target: Target, lun: number): Unit {
  const unit = target.units.find((one) => one.lun === lun);
  if (unit === undefined) throw new RangeError(`there is no unit of LUN ${lun}`);
  return unit;
}

/** Whether the target can still answer. */
interface Life {
  isGone: boolean;
  isClosed: boolean;
}

type Execute = DeviceModel["execute"];

/** Carries out commands of one initiator. */
function executor(
  target: Target,
  commands: ReturnType<typeof commandsOf>,
  command: Command,
  life: Life,
  nexus: Nexus,
): Execute {
  return (
    _queue: CommandQueueKind,
    bytes: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    completion: Uint8Array,
  ): ModelOutcome => {
    if (completion.length < SCSI_COMPLETION_BYTES) {
      throw new RangeError(
        `completion must have ${SCSI_COMPLETION_BYTES} bytes, not ${completion.length}`,
      );
    }
    if (life.isGone || life.isClosed) return "removed";
    command.nexus = nexus;
    command.dataOut = dataOut;
    command.dataIn = dataIn;
    command.wanted = 0;
    command.moved = 0;
    command.outcome = "completed";
    command.budget = -1;
    const refusal = takeCommand(command, bytes) ?? runCommand(target, commands, command, bytes);
    command.dataOut = undefined;
    command.dataIn = undefined;
    const outcome = command.outcome as ModelOutcome;
    if (outcome === "completed") {
      const format = refusal === undefined ? "fixed" : senseFormatOf(target, nexus, bytes);
      writeCompletion(target, completion, command, format, refusal);
    }
    if (outcome === "reset") resetTarget(target);
    if (outcome === "removed") life.isGone = true;
    return outcome;
  };
}

/**
 * An emulated SCSI target, written from the standards' sentences: bytes in, bytes out, one command at a time. Commands and
 * completions are the codec's records (`SCSI_COMMAND_BYTES`, `SCSI_COMPLETION_BYTES`): a logical unit number and a CDB of
 * 6 to 32 bytes; status, bytes moved and wanted, and sense data. Blocks are in the stores of its units.
 *
 * @throws RangeError naming the option that cannot be.
 */
export function scsiModel(options: ScsiModelOptions): ScsiModel {
  const target = newTarget(options);
  const commands = commandsOf(target);
  const command = newCommand();
  const life: Life = { isGone: false, isClosed: false };
  const name = options.name ?? "scsi-model";
  const nexuses = new Map<string, ScsiNexus>();

  const reset = (): void => resetTarget(target);
  const close = (): void => {
    life.isClosed = true;
    for (const unit of target.units) unit.store.close();
  };

  function nexus(initiator: string): ScsiNexus {
    const known = nexuses.get(initiator);
    if (known !== undefined) return known;
    const state = nexusOf(initiator, target.mappingsOf(initiator));
    target.nexuses.set(initiator, state);
    const made: ScsiNexus = {
      name,
      family: "scsi",
      completionBytes: SCSI_COMPLETION_BYTES,
      initiator,
      execute: executor(target, commands, command, life, state),
      reset,
      close,
      lose: () => loseNexus(target, state),
    };
    nexuses.set(initiator, made);
    return made;
  }

  return {
    name,
    family: "scsi",
    completionBytes: SCSI_COMPLETION_BYTES,
    execute: nexus(options.initiator ?? "initiator").execute,
    nexus,
    reset,
    close,
    inject: (...faults) => target.faults.add(faults),
    clearFaults: () => target.faults.clear(),
    advance: (bytes = Number.POSITIVE_INFINITY) => advanceBackground(target, bytes),
    get backgroundCopies() {
      return target.background.length;
    },
    get liveTokens() {
      return target.tokens.size;
    },
    get preservedBytes() {
      return target.preservedBytes;
    },
    resetUnit: (lun) => resetOneUnit(target, unitOfLun(target, lun)),
    eject: (lun) => eject(target, unitOfLun(target, lun)),
    load: (lun) => load(target, unitOfLun(target, lun)),
  };
}
