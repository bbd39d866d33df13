import type { QueueMemory } from "@blockferry/core";
import {
  encodeLun,
  LUN_BYTES,
  SCSI_COMMAND_BYTES,
  SCSI_COMPLETION_BYTES,
} from "./codec/scsi-command-record.ts";
import type { ScsiCommandOptions } from "./command-options.ts";
import { putWord } from "./wire-words.ts";

/** Operation codes (SBC-4, SPC-4). */
export const opcode = {
  read16: 0x88,
  write16: 0x8a,
  synchronizeCache16: 0x91,
  thirdPartyCopyOut: 0x83,
  thirdPartyCopyIn: 0x84,
} as const;

/** Bytes of a command's parts: the CDB follows the logical unit number. */
const OPERATION_CODE = LUN_BYTES;
const FLAGS = LUN_BYTES + 1;
const ADDRESS = LUN_BYTES + 2;
const LENGTH = LUN_BYTES + 10;
const GROUP = LUN_BYTES + 14;
const FUA = 0x08;
const GROUP_MAX = 63;

/** Reads, writes and flushes, whose CDBs are alike. */
export interface BlockCommands {
  read(slot: number, lun: Uint8Array, low: number, high: number, blocks: number): void;
  write(slot: number, lun: Uint8Array, low: number, high: number, blocks: number): void;
  flush(slot: number, lun: Uint8Array): void;
}

export function checkMemory(memory: QueueMemory): void {
  const { depth, commandWords, completionWords } = memory;
  if (commandWords * 4 !== SCSI_COMMAND_BYTES || completionWords * 4 !== SCSI_COMPLETION_BYTES) {
    throw new RangeError(
      `queue memory has commands of ${commandWords * 4} and completions of ${completionWords * 4} bytes; SCSI has ${SCSI_COMMAND_BYTES} and ${SCSI_COMPLETION_BYTES}`,
    );
  }
  if (!Number.isInteger(depth) || depth < 1 || depth > 65536) {
    throw new RangeError(`a queue has 1 to 65536 slots, not ${depth}`);
  }
}

/** @throws RangeError */
export function checkWhole(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be ${least}..${most}, not ${value}`);
  }
  return value;
}

/** No status code: what a completion has until it is answered, so that an earlier answer is not taken for one. */
const NO_ANSWER = 0xff;

/** Makes the completion of a slot one that no device has written. */
export function expectAnswer(memory: QueueMemory, slot: number): void {
  memory.completions[slot * memory.completionWords] = NO_ANSWER;
}

/** Eight bytes that address a logical unit. */
export const lunBytes = (lun: number): Uint8Array => encodeLun(lun);

/** READ(16), WRITE(16) and SYNCHRONIZE CACHE(16) into the commands of a queue (SBC-4 5.14, 5.46, 5.32). */
export function blockCommands(memory: QueueMemory, options: ScsiCommandOptions): BlockCommands {
  const group = checkWhole("groupNumber", options.groupNumber ?? 0, 0, GROUP_MAX);
  const writeFlags = options.forceUnitAccess === true ? FUA : 0;
  const { commandBytes } = memory;

  function encode(
    slot: number,
    lun: Uint8Array,
    code: number,
    flags: number,
    low: number,
    high: number,
    blocks: number,
  ): void {
    const bytes = commandBytes[slot];
    bytes.set(lun);
    bytes[OPERATION_CODE] = code;
    bytes[FLAGS] = flags;
    putWord(bytes, ADDRESS, high);
    putWord(bytes, ADDRESS + 4, low);
    putWord(bytes, LENGTH, blocks);
    bytes[GROUP] = group;
    bytes[GROUP + 1] = 0;
    expectAnswer(memory, slot);
  }

  return {
    read: (slot, lun, low, high, blocks) => encode(slot, lun, opcode.read16, 0, low, high, blocks),
    write: (slot, lun, low, high, blocks) =>
      encode(slot, lun, opcode.write16, writeFlags, low, high, blocks),
    // No blocks from address 0 on: all of the unit.
    flush: (slot, lun) => encode(slot, lun, opcode.synchronizeCache16, 0, 0, 0, 0),
  };
}
