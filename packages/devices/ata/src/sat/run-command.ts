import type { DeviceModel, ModelOutcome } from "@blockferry/core";
import { isChecksumGood } from "../codec/checksum.ts";
import { opcode } from "../codec/commands.ts";
import { fisType } from "../codec/fis/fis.ts";
import { registerDeviceToHost } from "../codec/fis/register-device-to-host.ts";
import { logAddress } from "../codec/logs/log-address.ts";
import { ncqCommandError } from "../codec/logs/ncq-command-error.ts";
import type { ReturnedRegisters } from "../codec/sat/parse-sense.ts";
import { statusBit } from "../codec/status-register.ts";
import { type TaskFile, taskFileFis } from "../codec/task-file.ts";
import { type SenseCode, senseCodeOfLba } from "./sense-code.ts";

/** What became of an ATA command behind a translator. */
export interface RunCommand {
  readonly outcome: ModelOutcome;
  /** The device carried it out. */
  readonly isGood: boolean;
  readonly registers: Omit<ReturnedRegisters, "extend" | "whole">;
  /** The device's own sense data, where it has some. */
  readonly sense?: SenseCode;
}

/** Registers that nobody could learn: libata takes those of a disk that is ready. */
const unknownRegisters = { status: 0x50, error: 0, device: 0, count: 0, lba: 0 };
const FAILED = statusBit.error + statusBit.deviceFault;

function send(
  model: DeviceModel,
  taskFile: TaskFile,
  dataOut?: Uint8Array,
  dataIn?: Uint8Array,
): { readonly outcome: ModelOutcome; readonly completion: Uint8Array } {
  const completion = new Uint8Array(model.completionBytes);
  const outcome = model.execute("io", taskFileFis(taskFile), dataOut, dataIn, completion);
  return { outcome, completion };
}

function registersOf(completion: Uint8Array): RunCommand["registers"] {
  const decoded = registerDeviceToHost.decode(completion, 0, { lenient: true });
  if (!decoded.ok) return unknownRegisters;
  const { lba, count, device } = decoded.value;
  return { status: completion[2], error: completion[3], device, count, lba };
}

/** Log 10h of a disk whose queued command has failed. Its read lets the disk go on. */
function readQueuedError(model: DeviceModel): Pick<RunCommand, "registers" | "sense"> {
  const page = new Uint8Array(512);
  const read = { count: 1, lba: logAddress.ncqCommandError };
  for (const command of [opcode.readLogDmaExt, opcode.readLogExt]) {
    const { outcome, completion } = send(model, { ...read, command }, undefined, page);
    const isRead = outcome === "completed" && (completion[2] & FAILED) === 0;
    if (!isRead) continue;
    const decoded = ncqCommandError.decode(page, 0, { lenient: true });
    if (!decoded.ok || decoded.value.notQueued || !isChecksumGood(page)) break;
    const { device, count, lba, senseKey, asc, ascq } = decoded.value;
    const registers = { status: page[2], error: page[3], device, count, lba };
    return senseKey === 0 ? { registers } : { registers, sense: { senseKey, asc, ascq } };
  }
  return { registers: unknownRegisters };
}

/** Sends a command to the model, and asks for the details of an error as a driver does. */
export function runCommand(
  model: DeviceModel,
  taskFile: TaskFile,
  dataOut: Uint8Array | undefined,
  dataIn: Uint8Array | undefined,
): RunCommand {
  const { outcome, completion } = send(model, taskFile, dataOut, dataIn);
  if (outcome !== "completed") return { outcome, isGood: false, registers: unknownRegisters };
  const isGood = (completion[2] & FAILED) === 0;
  if (completion[0] === fisType.setDeviceBits) {
    if (isGood) return { outcome, isGood, registers: unknownRegisters };
    return { outcome, isGood, ...readQueuedError(model) };
  }
  const registers = registersOf(completion);
  const plain = { outcome, isGood, registers };
  if ((registers.status & statusBit.senseData) === 0) return plain;
  const asked = send(model, { command: opcode.requestSenseDataExt });
  const { status, lba } = registersOf(asked.completion);
  if (asked.outcome !== "completed" || (status & FAILED) !== 0) return plain;
  return { ...plain, sense: senseCodeOfLba(lba) };
}
