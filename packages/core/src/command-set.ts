import type { DeviceStatus } from "./status.ts";

/** Sizes of the parts of queue memory that belong to one command slot. Bytes, multiples of 4. */
export interface QueueLayout {
  readonly commandBytes: number;
  /** Parameter or range list that goes with a command. */
  readonly listBytes: number;
  readonly completionBytes: number;
}

/**
 * Memory of a queue pair: for each of `depth` slots a command, a list and a completion. Slot `s` of `commands` is words
 * `s * commandWords` and so on; the same memory is seen as bytes by `bytesOf…`, made once.
 */
export interface QueueMemory {
  readonly depth: number;
  readonly commands: Int32Array;
  readonly commandWords: number;
  readonly lists: Int32Array;
  readonly listWords: number;
  readonly completions: Int32Array;
  readonly completionWords: number;
  /** Bytes of each slot's part. */
  readonly commandBytes: readonly Uint8Array[];
  readonly listBytes: readonly Uint8Array[];
  readonly completionBytes: readonly Uint8Array[];
  /** Generation of each slot's command, so that an answer to an earlier one is told apart. */
  readonly generation: Int32Array;
}

/** What `CommandEncoder.interpret` returns for one step of a copy that takes several commands. */
export const COMMAND_CONTINUES = -1;

/**
 * Plans, encodes and interprets the commands of one queue, in queue memory.
 *
 * `device` is the engine's number of a device; `bind` tells once what it is to the command set. Addresses come as pairs
 * of words. Nothing here allocates but `describe`.
 */
export interface CommandEncoder {
  /** Makes a device known under the engine's number. `target` is what the command set calls a device of its own. */
  bind(device: number, target: CommandTarget): void;
  /**
   * Plans the next copy command from the cursor on (see `planCommand` of `core/plan`) and encodes it into `slot`. Returns
   * the number of its ranges; blocks are in the cursor. Every range of the window is within reach of `device`.
   */
  copy(
    slot: number,
    device: number,
    low: number,
    high: number,
    window: Int32Array,
    base: number,
    count: number,
    cursor: Int32Array,
    cursorAt: number,
  ): number;
  /**
   * Of the copy command in `slot`, which was planned from this place of the window and failed: how many of its leading
   * blocks are certainly copied.
   */
  blocksDone(
    slot: number,
    device: number,
    window: Int32Array,
    base: number,
    count: number,
    firstRange: number,
    firstOffset: number,
  ): number;
  read(slot: number, device: number, low: number, high: number, blocks: number): void;
  write(slot: number, device: number, low: number, high: number, blocks: number): void;
  flush(slot: number, device: number): void;
  /** Bytes of the list that goes with the command in `slot`. */
  listBytesOf(slot: number): number;
  /**
   * The core status of the completion in `slot`; or `COMMAND_CONTINUES` when a copy takes more than one command: the next
   * one has been encoded in `slot` and is to be sent.
   */
  interpret(slot: number): number;
  /** Where the answer to the command in `slot` goes, for commands of its own that bring data to the host. */
  replyOf?(slot: number): Uint8Array | undefined;
  /** How long the device asks to be left alone before the command that was encoded last is sent. */
  delayMsOf?(slot: number): number;
  /**
   * The copy in `slot` continues but was cancelled: encodes the command that ends it instead. False when it is to go on to
   * its end.
   */
  giveUp?(slot: number): boolean;
  /**
   * The command in `slot` will not be answered, and its copy would end with `status`. True when an operation that it began
   * may still go on in the device: the command that ends it is encoded in the slot and is to be sent, and the copy ends
   * with what `interpret` returns once that is known.
   */
  lost?(slot: number, status: number): boolean;
  /** True when the device says that the same command may succeed if sent again. */
  isRetryable(slot: number): boolean;
  /** The completion in words. */
  describe(slot: number): DeviceStatus;
  /** True: what carries copies out is no device; `describe` tells the means of those that succeed, too. */
  readonly tellsMeans?: boolean;
  /** True when a copy command to `device` may name sources on `source`. */
  reaches(device: number, source: number): boolean;
}

/** A device of a command set (a namespace, a logical unit) that an engine can put a queue in front of. */
export interface CommandTarget {
  readonly family: string;
  readonly capacityBlocks: number;
  readonly bytesPerBlock: number;
  /** Why its blocks cannot be read and written through the host; `undefined` where they can. */
  readonly dataRefusal?: string | undefined;
}

/** A command set, ready for the queues of one controller. */
export interface CommandSet {
  readonly name: string;
  /** Sizes of queue memory. */
  readonly layout: QueueLayout;
  /** Prepares queue memory (templates) and returns what fills it. `devicesMax` bounds the engine's device numbers. */
  open(memory: QueueMemory, devicesMax: number): CommandEncoder;
}
