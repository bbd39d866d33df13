import type {
  CommandEncoder,
  CommandSet,
  CommandTarget,
  CopySegment,
  QueueMemory,
  StatusName,
} from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import type { RandomOptions } from "../random-source.ts";
import type { TestRunner } from "../test-runner.ts";

/** What a command set can do beside the contract; the suite tests both the true and the false of each flag. */
export interface CommandSetAbilities {
  /** True: a copy may name sources on other devices than its destination's. */
  readonly crossDevice: boolean;
  /** True: the answer to an earlier command in a slot is told from the answer to the one in it. */
  readonly tellsLateAnswers: boolean;
  /** True: a failed copy's answer may say how much was copied before; `failAfter` writes one. */
  readonly saysBlocksDone: boolean;
  /** Greatest address that a command can name. */
  readonly lbaMax: number;
  /** Blocks of one read or write. */
  readonly transferBlocksMax: number;
}

/** A command set and what to bind to device numbers 0, 1, …; at least two where copies may cross devices. */
export interface OpenedCommandSet {
  readonly set: CommandSet;
  readonly targets: readonly CommandTarget[];
  /** Bounds in force: those asked for, or what comes nearest. */
  readonly bounds: CommandBounds;
}

/** A command as it stood in queue memory. */
export interface SentCommand {
  readonly command: Uint8Array;
  /** Its list, as long as `listBytesOf` says. */
  readonly list: Uint8Array;
}

/** What commands ask a device for. Devices are the suite's numbers. */
export type ReadCommand =
  | { readonly operation: "copy"; readonly segments: readonly CopySegment[] }
  | {
      readonly operation: "read" | "write";
      readonly device: number;
      readonly lba: number;
      readonly blocks: number;
    }
  | { readonly operation: "flush"; readonly device: number };

export interface KnownStatus {
  /** The number that `describe` gives. */
  readonly code: number;
  readonly name: string;
  /** What it means to a copy, where the standard leaves no doubt. */
  readonly means?: StatusName;
}

export interface CommandSetSuiteOptions extends TestRunner, RandomOptions {
  readonly supports: CommandSetAbilities;
  /** Makes the command set and devices with these bounds of one copy command, or what comes nearest. */
  open(bounds: CommandBounds): OpenedCommandSet | Promise<OpenedCommandSet>;
  /**
   * Reads commands back: by a decoder that is not the encoder's. A copy that takes several commands comes as all of its
   * steps, in order.
   */
  read(steps: readonly SentCommand[], opened: OpenedCommandSet): ReadCommand;
  /** Writes the answer of a device that did what the command in the slot asks for. */
  succeed(memory: QueueMemory, slot: number, encoder: CommandEncoder): void;
  /** Writes an answer with this status. */
  fail(memory: QueueMemory, slot: number, code: number): void;
  /** Writes the answer of a copy that failed after its first `ranges` ranges. Needed where `saysBlocksDone`. */
  failAfter?(memory: QueueMemory, slot: number, ranges: number): void;
  /** Every status of the standard that `fail` can write; those whose meaning is `success` included. */
  readonly statuses: readonly KnownStatus[];
  /** Codes that no standard gives a meaning. */
  readonly unknownStatuses: readonly number[];
}
