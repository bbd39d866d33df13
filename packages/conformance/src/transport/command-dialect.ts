import type { QueueLayout } from "@blockferry/core";

/**
 * The few words that the suite needs of the command set that a transport carries. A transport that does not look at what
 * it carries takes the suite's own, `plainDialect`.
 */
export interface CommandDialect {
  readonly family: string;
  readonly layout: QueueLayout;
  /** Writes a command that has this number (0..65535) and moves `bytes` in a `dataDirection`. */
  encode(command: Uint8Array, number: number, direction: number, bytes: number): void;
  /** The number of a command, as it comes out at the device. */
  numberOf(command: Uint8Array): number;
  /** Writes the device's answer to a command; `verdict` is 0 for success, 1 for a refusal. */
  answer(command: Uint8Array, verdict: number, completion: Uint8Array): void;
  /** The verdict of an answer, as it comes out at the host. */
  verdictOf(completion: Uint8Array): number;
  /** The bytes of a command or of an answer that a transport may not change; default: all of them. */
  carried?(bytes: Uint8Array): Uint8Array;
}

const COMMAND_BYTES = 64;
const COMPLETION_BYTES = 16;
const LIST_BYTES = 16_384;
const VERDICT = 2;

/** Commands of 64 bytes that all differ, answered by 16 bytes that tell which command they answer. */
export const plainDialect: CommandDialect = {
  family: "test",
  layout: {
    commandBytes: COMMAND_BYTES,
    listBytes: LIST_BYTES,
    completionBytes: COMPLETION_BYTES,
  },
  encode(command, number, direction, bytes) {
    for (let at = 0; at < command.length; at += 1) command[at] = (number * 31 + at * 7) & 255;
    const view = new DataView(command.buffer, command.byteOffset);
    view.setUint16(0, number);
    view.setUint8(VERDICT, direction);
    view.setUint32(4, bytes);
  },
  numberOf: (command) => new DataView(command.buffer, command.byteOffset).getUint16(0),
  answer(command, verdict, completion) {
    for (let at = 0; at < COMPLETION_BYTES; at += 1) completion[at] = command[at] ^ 0xff;
    completion[VERDICT] = verdict;
  },
  verdictOf: (completion) => completion[VERDICT],
};
