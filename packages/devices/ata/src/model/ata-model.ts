import type { CommandQueueKind, DeviceModel, ModelOutcome } from "@blockferry/core";
import { tagOf } from "../codec/write-gathered/command.ts";
import { type Command, newCommand, readFis } from "./command.ts";
import { queuedErrorLog, statusOf, writeDeviceBits, writeRegisterFis } from "./completion.ts";
import type { Disk } from "./disk.ts";
import type { AtaFaultPlan, CommandFault } from "./fault-plan.ts";
import { type Handler, handlersOf, isQueued, wakes } from "./handlers.ts";
import { readsQueuedError } from "./logs.ts";
import { type AtaModelOptions, diskOf } from "./model-options.ts";
import { type CommandResult, isGood, result } from "./result.ts";
import { putSignature, resetSettings } from "./settings-commands.ts";
import { storeFailure } from "./store-failure.ts";

const COMPLETION_BYTES = 20;
const REQUEST_SENSE = 0x0b;
const SEND_FPDMA = 0x64;
const SOFTWARE_RESET = 0x04;

/** An emulated ATA disk. */
export interface AtaModel extends DeviceModel {
  readonly family: "ata";
  /** Adds faults to those that are still to come. */
  inject(...faults: AtaFaultPlan): void;
  /** Takes back all faults. A disk that was removed stays so. */
  clearFaults(): void;
}

/** True if a `reset` or `removed` fault lets the command begin. */
function isGathering({ gathering }: Disk, { opcode }: Command): boolean {
  return opcode === gathering?.profile.command || opcode === SEND_FPDMA;
}

/** Lets a fault hit the command. Returns how it ends, or `undefined` to carry it out. */
function applyFault(disk: Disk, command: Command, fault: CommandFault): CommandResult | undefined {
  switch (fault.kind) {
    case "interface-crc":
      return result.interfaceCrc;
    case "registers": {
      const { error = 0x04, deviceFault: isFault = false } = fault;
      return { error, isFault, sense: result.aborted.sense };
    }
    case "lost-completion":
      command.outcome = "lost";
      return fault.executed === false ? result.aborted : undefined;
    default:
      command.outcome = fault.kind;
      command.budget = fault.afterBlocks ?? 0;
      return isGathering(disk, command) ? undefined : result.aborted;
  }
}

function carryOut(disk: Disk, command: Command, handler: Handler | undefined): CommandResult {
  const held = disk.settings.isHeld && !readsQueuedError(command);
  if (held) return result.aborted;
  if (isQueued(command.opcode)) command.tag = tagOf(command.count);
  if (handler === undefined) return result.unsupported;
  if (command.tag >= disk.queueDepth) return result.invalidField;
  const fault = disk.faults.ofCommand(command.opcode);
  if (fault !== undefined) {
    const ended = applyFault(disk, command, fault);
    if (ended !== undefined) return ended;
  }
  if (disk.settings.power !== "active" && wakes(command.opcode)) disk.settings.power = "active";
  try {
    return handler(disk, command);
  } catch (error) {
    return storeFailure(disk, command, error);
  }
}

/** Writes the completion, and keeps what later commands ask about. */
function end(disk: Disk, command: Command, ended: CommandResult, completion: Uint8Array): void {
  const { settings, preset } = disk;
  const status = statusOf(ended, preset, settings.senseReporting, command.opcode);
  if (command.opcode !== REQUEST_SENSE || !isGood(ended)) settings.sense = ended.sense;
  if (command.tag < 0) {
    writeRegisterFis(completion, command, status, ended.error);
    return;
  }
  writeDeviceBits(completion, command, status, ended.error);
  if (isGood(ended)) return;
  settings.queuedError = queuedErrorLog(command, status, ended);
  settings.isHeld = preset.holdsAfterQueuedError;
}

/**
 * An emulated ATA disk: a Register Host to Device FIS of 20 bytes is a command, a Register Device to Host FIS of 20 bytes
 * (of queued commands a Set Device Bits FIS of 8, and zeroes) its completion. One command at a time; both queues are one.
 *
 * @throws RangeError naming the option that cannot be; FerryError `FERRY_ATA_PROFILE`.
 */
export function ataModel(options: AtaModelOptions): AtaModel {
  const disk = diskOf(options);
  const handlers = handlersOf(disk);
  const command = newCommand();
  let gone = false;

  /** A FIS that is no command: a software reset ends with the signature of an ATA disk. */
  function control(completion: Uint8Array): ModelOutcome {
    if ((command.control & SOFTWARE_RESET) !== 0) resetSettings(disk);
    putSignature(command);
    writeRegisterFis(completion, command, statusOf(result.good, disk.preset, false, 0), 1);
    return "completed";
  }

  function execute(
    _queue: CommandQueueKind,
    fis: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    completion: Uint8Array,
  ): ModelOutcome {
    if (completion.length < COMPLETION_BYTES) {
      throw new RangeError(
        `completion must have ${COMPLETION_BYTES} bytes, not ${completion.length}`,
      );
    }
    if (gone) return "removed";
    if (!readFis(command, fis)) {
      Object.assign(command, newCommand());
      end(disk, command, result.unsupported, completion);
      return "completed";
    }
    if (!command.isCommand) return control(completion);
    if (disk.settings.power === "sleep") return "lost";
    command.dataOut = dataOut;
    command.dataIn = dataIn;
    const ended = carryOut(disk, command, handlers[command.opcode]);
    command.dataOut = undefined;
    command.dataIn = undefined;
    const { outcome } = command;
    if (outcome === "completed") end(disk, command, ended, completion);
    if (outcome === "reset") resetSettings(disk);
    if (outcome === "removed") gone = true;
    return outcome;
  }

  return {
    name: options.name ?? "ata-model",
    family: "ata",
    completionBytes: COMPLETION_BYTES,
    execute,
    reset() {
      resetSettings(disk);
    },
    close() {
      gone = true;
      disk.store.close();
    },
    inject(...faults) {
      disk.faults.add(faults);
    },
    clearFaults() {
      disk.faults.clear();
    },
  };
}
