import { type DeviceStatus, type Status, status } from "@blockferry/core";
import { errorBit, errorText } from "./codec/error-register.ts";
import { statusBit, statusText } from "./codec/status-register.ts";

/** Registers of a command that has ended. */
export interface EndedRegisters {
  readonly status: number;
  readonly error: number;
  readonly lba: number;
  readonly count: number;
  readonly device: number;
  /** What was sent. */
  readonly command: number;
}

const FAILED = statusBit.error + statusBit.deviceFault + statusBit.busy;

/** True for STATUS of a command that was carried out. */
export const isSuccess = (bits: number): boolean => (bits & FAILED) === 0;

/**
 * The core status of STATUS and ERROR (libata's table, ata_to_sense_error(), has the same order).
 *
 * ABRT alone says nothing of why: a command that is not there, a field that is wrong, a disk that is write protected. It
 * is `unsupported`, "not in this form".
 */
export function coreStatus(bits: number, error: number, isWrite: boolean): Status {
  if (isSuccess(bits)) return status.success;
  if ((bits & statusBit.busy) !== 0) return status.busy;
  if ((bits & statusBit.deviceFault) !== 0) return isWrite ? status.writeFault : status.deviceError;
  if ((error & errorBit.interfaceCrc) !== 0) return status.deviceError;
  if ((error & errorBit.uncorrectable) !== 0) return status.unrecoveredRead;
  if ((error & errorBit.idNotFound) !== 0) return status.outOfRange;
  return (error & errorBit.abort) !== 0 ? status.unsupported : status.deviceError;
}

/** True where the same command may do better: damaged on the cable, or a disk that is busy. */
export function isWorthRetrying(bits: number, error: number): boolean {
  if (isSuccess(bits)) return false;
  return (bits & statusBit.busy) !== 0 || (error & errorBit.interfaceCrc) !== 0;
}

const reasons: readonly (readonly [bit: number, reason: string])[] = [
  [errorBit.interfaceCrc, "data damaged on the cable"],
  [errorBit.uncorrectable, "uncorrectable data"],
  [errorBit.idNotFound, "address not found"],
  [errorBit.abort, "command aborted"],
];

function reasonOf(bits: number, error: number): string {
  if (isSuccess(bits)) return "success";
  if ((bits & statusBit.busy) !== 0) return "device busy";
  if ((bits & statusBit.deviceFault) !== 0) return "device fault";
  const found = reasons.find(([bit]) => (error & bit) !== 0);
  return found === undefined ? "error without a reason" : found[1];
}

/** Registers in words; `what` is said behind them, such as that the command's bytes are provisional. */
export function describeRegisters(ended: EndedRegisters, what: string | undefined): DeviceStatus {
  const { status: bits, error, lba, count, device, command } = ended;
  const shown = `${reasonOf(bits, error)} (STATUS ${statusText(bits)}, ERROR ${errorText(error)})`;
  return {
    family: "ata",
    code: bits * 256 + error,
    name: what === undefined ? shown : `${shown}; ${what}`,
    fields: { status: bits, error, lba, count, device, command },
  };
}
