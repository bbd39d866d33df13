import { opcode } from "./block-commands.ts";
import { REPORT_BYTES } from "./token-report.ts";
import { swapped } from "./wire-words.ts";

/** Service actions of 83h and 84h (SPC-4, SBC-3). */
export const serviceAction = {
  populateToken: 0x10,
  writeUsingToken: 0x11,
  copyOperationAbort: 0x1c,
  receiveRodTokenInformation: 0x07,
} as const;

/*
 * Commands in words of queue memory: the logical unit number in two of them, then the CDB in four. Its numbers of four
 * bytes begin in the middle of a word.
 */
const CODE = 2;
const LENGTH = 4;
const REPORT_LENGTH = swapped(REPORT_BYTES);

/** POPULATE TOKEN or WRITE USING TOKEN: list identifier in bytes 6 to 9, length in 10 to 13. */
export function writeTokenCommand(
  commands: Int32Array,
  at: number,
  lun: Int32Array,
  action: number,
  identifier: number,
  listBytes: number,
  groupNumber: number,
): void {
  const name = swapped(identifier);
  const length = swapped(listBytes);
  commands[at] = lun[0];
  commands[at + 1] = lun[1];
  commands[at + CODE] = opcode.thirdPartyCopyOut | (action << 8);
  commands[at + 3] = name << 16;
  commands[at + LENGTH] = (name >>> 16) | (length << 16);
  commands[at + 5] = (length >>> 16) | (groupNumber << 16);
}

/** RECEIVE ROD TOKEN INFORMATION: list identifier in bytes 2 to 5, allocation length in 10 to 13. */
export function writeAskCommand(
  commands: Int32Array,
  at: number,
  lun: Int32Array,
  identifier: number,
): void {
  const name = swapped(identifier);
  commands[at] = lun[0];
  commands[at + 1] = lun[1];
  commands[at + CODE] =
    opcode.thirdPartyCopyIn | (serviceAction.receiveRodTokenInformation << 8) | (name << 16);
  commands[at + 3] = name >>> 16;
  commands[at + LENGTH] = REPORT_LENGTH << 16;
  commands[at + 5] = REPORT_LENGTH >>> 16;
}

/** COPY OPERATION ABORT: list identifier in bytes 2 to 5. */
export function writeAbortCommand(
  commands: Int32Array,
  at: number,
  lun: Int32Array,
  identifier: number,
): void {
  const name = swapped(identifier);
  commands[at] = lun[0];
  commands[at + 1] = lun[1];
  commands[at + CODE] =
    opcode.thirdPartyCopyOut | (serviceAction.copyOperationAbort << 8) | (name << 16);
  commands[at + 3] = name >>> 16;
  commands[at + LENGTH] = 0;
  commands[at + 5] = 0;
}

/** Bytes of the parameter list that goes with a command. */
export function listBytesOfCommand(commands: Int32Array, at: number): number {
  if ((commands[at + CODE] & 0xff) !== opcode.thirdPartyCopyOut) return 0;
  return swapped((commands[at + LENGTH] >>> 16) | (commands[at + 5] << 16));
}
