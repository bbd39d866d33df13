import type { ModelOutcome } from "@blockferry/core";

/** A command on its way. One per model, filled anew by each command. */
export interface Command {
  opcode: number;
  feature: number;
  count: number;
  /** LBA(47:0). */
  lba: number;
  device: number;
  control: number;
  auxiliary: number;
  /** False: the FIS updates the Device Control register. */
  isCommand: boolean;
  dataOut: Uint8Array | undefined;
  dataIn: Uint8Array | undefined;
  /** Tag of a queued command; -1: it is not queued. */
  tag: number;
  /** Registers when the command ends. */
  outCount: number;
  outLba: number;
  outDevice: number;
  outcome: ModelOutcome;
  /** Blocks after which the device fails; -1: it does not. */
  budget: number;
  /** What the command does to the store at the moment, so that a failing store gets the right status. */
  access: "none" | "read" | "write";
}

export function newCommand(): Command {
  return {
    opcode: 0,
    feature: 0,
    count: 0,
    lba: 0,
    device: 0,
    control: 0,
    auxiliary: 0,
    isCommand: true,
    dataOut: undefined,
    dataIn: undefined,
    tag: -1,
    outCount: 0,
    outLba: 0,
    outDevice: 0,
    outcome: "completed",
    budget: -1,
    access: "none",
  };
}

const HIGH = 2 ** 24;

/**
 * Takes the fields of a Register Host to Device FIS, and readies the registers to return as they came (measured: an abort
 * leaves them alone). False if it is none.
 */
export function readFis(command: Command, fis: Uint8Array): boolean {
  if (fis.length !== 20 || fis[0] !== 0x27) return false;
  command.isCommand = fis[1] >= 0x80;
  command.opcode = fis[2];
  command.feature = fis[3] + fis[11] * 256;
  command.lba =
    fis[4] + fis[5] * 256 + fis[6] * 65_536 + (fis[8] + fis[9] * 256 + fis[10] * 65_536) * HIGH;
  command.device = fis[7];
  command.count = fis[12] + fis[13] * 256;
  command.control = fis[15];
  command.auxiliary = fis[16] + fis[17] * 256 + fis[18] * 65_536 + fis[19] * HIGH;
  command.tag = -1;
  command.outCount = command.count;
  command.outLba = command.lba;
  command.outDevice = command.device;
  command.outcome = "completed";
  command.budget = -1;
  command.access = "none";
  return true;
}

/** The address of a command with a 28-bit one. */
export const address28 = (command: Command): number =>
  (command.lba % HIGH) + (command.device % 16) * HIGH;

/** Sectors of a 28-bit command: 0 means 256. */
export const count28 = (command: Command): number => command.count % 256 || 256;
/** Sectors of a 48-bit command: 0 means 65,536. */
export const count48 = (command: Command): number => command.count || 65_536;

/** True if addresses are LBAs (DEVICE bit 6). */
export const isLbaMode = (command: Command): boolean => command.device % 128 >= 64;
