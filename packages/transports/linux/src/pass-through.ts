import type { FerryError } from "@blockferry/core";
import type { CallDone } from "@blockferry/linux";

/** Where a command was sent. */
export type PassThroughQueue = "admin" | "io";

/** One command on its way through the kernel, and all the memory that belongs to it. */
export interface PassThroughCall {
  readonly queue: PassThroughQueue;
  /** A copy of the command's bytes. */
  readonly command: Uint8Array;
  /** What goes with it, exactly as long as the command says; page-aligned where it is this package's own. */
  readonly data: Uint8Array | undefined;
  /** `dataDirection` */
  readonly direction: number;
  /** The kernel's structure for the command. */
  readonly argument: Uint8Array;
  /** Sense data and the like. */
  readonly extra: Uint8Array;
  readonly completion: Uint8Array;
}

/** What has come of a command: answered, or lost with the device as it was. */
export type Ending = "completed" | "reset" | "removed" | FerryError;

/** Has the kernel work. `done` is told once, in a later turn. */
export type Launch = (done: CallDone) => void;

/** How the commands of one family go through the kernel. */
export interface PassThrough {
  readonly argumentBytes: number;
  readonly extraBytes: number;
  readonly completionBytes: number;
  /**
   * Fills `argument`. Returns what makes the call; `undefined` where `completion` was written instead, because the command
   * is not to be sent.
   * @throws RangeError where the data is not what the command says.
   */
  start(call: PassThroughCall): Launch | undefined;
  /** Reads the kernel's answer into `completion`. */
  end(call: PassThroughCall, result: number, errno: number): Ending;
  /** Writes the completion of a command that the kernel could not bring to the device, or back. */
  writeFailed(call: PassThroughCall): void;
  /** Resets the device; `undefined`: the kernel is left to it. */
  readonly reset: Launch | undefined;
}
