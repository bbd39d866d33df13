import {
  type CommandEncoder,
  type CommandSet,
  type CommandTarget,
  copyLimits,
  type QueueLimits,
  type QueueMemory,
} from "@blockferry/core";
import { type CommandBounds, planCommand, RANGE_WORDS, windowLayout } from "@blockferry/core/plan";

/*
 * The command set of devices whose blocks are labels. It is as plain as can be: what is explored is the engine and the
 * strategy above it.
 */

/** Words of a command: kind, device, address low and high, blocks, ranges of its list. */
export const COMMAND_WORDS = 6;
/** Words of a completion: status, whether it may be sent again, blocks that are certainly copied. */
export const COMPLETION_WORDS = 3;
export const commandKind = { copy: 1, read: 2, write: 3, flush: 4 } as const;

/** A bottom device. `crossDevice` names the others by their limits. */
export interface LabelTarget extends CommandTarget {
  readonly limits: QueueLimits;
  /** False: ranges are sent as long as they come. */
  readonly cutsRanges: boolean;
}

class LabelEncoder implements CommandEncoder {
  private readonly memory: QueueMemory;
  private readonly targets: (LabelTarget | undefined)[] = [];
  private readonly bounds: (CommandBounds | undefined)[] = [];
  private readonly names: Int32Array;
  private readonly rangesMax: number;

  constructor(memory: QueueMemory, devicesMax: number) {
    this.memory = memory;
    this.rangesMax = memory.listWords / RANGE_WORDS;
    this.names = Int32Array.from({ length: devicesMax }, (_, i) => i);
  }

  bind(device: number, target: CommandTarget): void {
    const label = target as LabelTarget;
    const limits = copyLimits(label.limits);
    this.targets[device] = label;
    this.bounds[device] =
      limits === undefined
        ? undefined
        : {
            ...limits,
            rangesMax: Math.min(limits.rangesMax, this.rangesMax),
            rangeBlocksMax: label.cutsRanges ? limits.rangeBlocksMax : limits.blocksMax,
          };
  }

  private put(slot: number, kind: number, device: number, low: number, high: number): number {
    const { commands, commandWords } = this.memory;
    const at = slot * commandWords;
    commands[at] = kind;
    commands[at + 1] = device;
    commands[at + 2] = low;
    commands[at + 3] = high;
    commands[at + 5] = 0;
    return at;
  }

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
  ): number {
    const bounds = this.bounds[device];
    if (bounds === undefined) throw new Error("a copy goes to a device that has no copy command");
    const { lists, listWords, commands } = this.memory;
    const at = this.put(slot, commandKind.copy, device, low, high);
    const ranges = planCommand(
      window,
      base,
      count,
      cursor,
      cursorAt,
      bounds,
      lists,
      slot * listWords,
      windowLayout,
      this.names,
    );
    commands[at + 4] = cursor[cursorAt + 2];
    commands[at + 5] = ranges;
    return ranges;
  }

  blocksDone(slot: number): number {
    return this.memory.completions[slot * this.memory.completionWords + 2];
  }

  private transfer(kind: number, slot: number, device: number, low: number, high: number): number {
    return this.put(slot, kind, device, low, high);
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    const at = this.transfer(commandKind.read, slot, device, low, high);
    this.memory.commands[at + 4] = blocks;
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    const at = this.transfer(commandKind.write, slot, device, low, high);
    this.memory.commands[at + 4] = blocks;
  }

  flush(slot: number, device: number): void {
    const at = this.transfer(commandKind.flush, slot, device, 0, 0);
    this.memory.commands[at + 4] = 0;
  }

  listBytesOf(slot: number): number {
    const { commands, commandWords } = this.memory;
    return commands[slot * commandWords + 5] * RANGE_WORDS * 4;
  }

  interpret(slot: number): number {
    return this.memory.completions[slot * this.memory.completionWords];
  }

  isRetryable(slot: number): boolean {
    return this.memory.completions[slot * this.memory.completionWords + 1] !== 0;
  }

  describe(slot: number) {
    const code = this.interpret(slot);
    return { family: "label", code, name: `status ${code}`, fields: {} };
  }

  reaches(device: number, source: number): boolean {
    return device === source || this.targets[device]?.limits.copyCrossDevice === true;
  }
}

/** The command set, with room for this many ranges in a list. */
export function labelCommandSet(rangesMax: number): CommandSet {
  return {
    name: "label",
    layout: {
      commandBytes: COMMAND_WORDS * 4,
      listBytes: rangesMax * RANGE_WORDS * 4,
      completionBytes: COMPLETION_WORDS * 4,
    },
    open: (memory, devicesMax) => new LabelEncoder(memory, devicesMax),
  };
}
