import type { Command } from "./command.ts";
import type { AtaPreset } from "./preset.ts";
import { type CommandResult, isGood } from "./result.ts";

const READY = 0x40;
const SEEK_COMPLETE = 0x10;
const DEVICE_FAULT = 0x20;
const SENSE = 0x02;
const ERROR = 0x01;
const INTERRUPT = 0x40;
const REGISTER_D2H = 0x34;
const SET_DEVICE_BITS = 0xa1;

/** STATUS of a command that has ended. */
export function statusOf(
  ended: CommandResult,
  preset: AtaPreset,
  reportsSense: boolean,
  opcode: number,
): number {
  if (isGood(ended)) {
    return preset.withoutSeekComplete.includes(opcode) ? READY : READY | SEEK_COMPLETE;
  }
  const seek = preset.seekCompleteOnError ? SEEK_COMPLETE : 0;
  const kind = ended.isFault ? DEVICE_FAULT : ERROR;
  return READY | seek | kind | (reportsSense && ended.sense !== 0 ? SENSE : 0);
}

/** The lower 24 and the upper 24 bits of an address, and a count, in the places of registers. */
function putRegisters(bytes: Uint8Array, command: Command): void {
  const { outLba, outCount, outDevice } = command;
  const low = outLba % 2 ** 24;
  const high = (outLba - low) / 2 ** 24;
  bytes[4] = low;
  bytes[5] = low >>> 8;
  bytes[6] = low >>> 16;
  bytes[7] = outDevice;
  bytes[8] = high;
  bytes[9] = high >>> 8;
  bytes[10] = high >>> 16;
  bytes[12] = outCount;
  bytes[13] = outCount >>> 8;
}

/** Register Device to Host FIS (Serial ATA 3.2, 10.5.6). */
export function writeRegisterFis(
  bytes: Uint8Array,
  command: Command,
  status: number,
  error: number,
): void {
  bytes.fill(0, 0, 20);
  bytes[0] = REGISTER_D2H;
  bytes[1] = INTERRUPT;
  bytes[2] = status;
  bytes[3] = error;
  putRegisters(bytes, command);
}

/** Set Device Bits FIS (Serial ATA 3.2, 10.5.7), in the first 8 bytes of the completion. */
export function writeDeviceBits(
  bytes: Uint8Array,
  command: Command,
  status: number,
  error: number,
): void {
  bytes.fill(0, 0, 20);
  bytes[0] = SET_DEVICE_BITS;
  bytes[1] = INTERRUPT;
  // Bits 3 and 7 of STATUS have no place in this FIS; the model never sets them.
  bytes[2] = status;
  bytes[3] = error;
  if (error === 0 && (status & (ERROR | DEVICE_FAULT)) === 0) {
    bytes[4 + (command.tag >>> 3)] = 1 << (command.tag & 7);
  }
}

/** What log 10h says of a queued command that has failed (ACS-4, A.14). */
export function queuedErrorLog(command: Command, status: number, ended: CommandResult): Uint8Array {
  const page = new Uint8Array(17);
  putRegisters(page, command);
  page[0] = command.tag;
  page[2] = status;
  page[3] = ended.error;
  page[14] = ended.sense >>> 16;
  page[15] = ended.sense >>> 8;
  page[16] = ended.sense;
  return page;
}
