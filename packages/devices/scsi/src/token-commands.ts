import { opcode } from "./block-commands.ts";
import { uint32 } from "./codec/big-endian.ts";
import { LUN_BYTES } from "./codec/scsi-command-record.ts";
import { REPORT_BYTES } from "./token-report.ts";
import { putWord } from "./wire-words.ts";

/** Service actions of 83h and 84h (SPC-4, SBC-3). */
export const serviceAction = {
  populateToken: 0x10,
  writeUsingToken: 0x11,
  copyOperationAbort: 0x1c,
  receiveRodTokenInformation: 0x07,
} as const;

/** Bytes of a command: the CDB follows the logical unit number. */
const CODE = LUN_BYTES;
const ACTION = LUN_BYTES + 1;
/** LIST IDENTIFIER of all commands but those with a parameter list, which have it further behind. */
const IDENTIFIER = LUN_BYTES + 2;
const LIST_IDENTIFIER = LUN_BYTES + 6;
const LENGTH = LUN_BYTES + 10;
const GROUP = LUN_BYTES + 14;

/** POPULATE TOKEN or WRITE USING TOKEN. */
export function writeTokenCommand(
  command: Uint8Array,
  lun: Uint8Array,
  action: number,
  identifier: number,
  listBytes: number,
  groupNumber: number,
): void {
  command.set(lun);
  command[CODE] = opcode.thirdPartyCopyOut;
  command[ACTION] = action;
  putWord(command, IDENTIFIER, 0);
  putWord(command, LIST_IDENTIFIER, identifier);
  putWord(command, LENGTH, listBytes);
  command[GROUP] = groupNumber;
  command[GROUP + 1] = 0;
}

/** RECEIVE ROD TOKEN INFORMATION. */
export function writeAskCommand(command: Uint8Array, lun: Uint8Array, identifier: number): void {
  command.set(lun);
  command[CODE] = opcode.thirdPartyCopyIn;
  command[ACTION] = serviceAction.receiveRodTokenInformation;
  putWord(command, IDENTIFIER, identifier);
  putWord(command, LIST_IDENTIFIER, 0);
  putWord(command, LENGTH, REPORT_BYTES);
  command[GROUP] = 0;
  command[GROUP + 1] = 0;
}

/** Makes a command COPY OPERATION ABORT, to the same logical unit. */
export function writeAbortCommand(command: Uint8Array, identifier: number): void {
  command[CODE] = opcode.thirdPartyCopyOut;
  command[ACTION] = serviceAction.copyOperationAbort;
  putWord(command, IDENTIFIER, identifier);
  command.fill(0, LIST_IDENTIFIER);
}

/** Bytes of the parameter list that goes with a command. */
export function listBytesOfCommand(command: Uint8Array): number {
  return command[CODE] === opcode.thirdPartyCopyOut ? uint32(command, LENGTH) : 0;
}
