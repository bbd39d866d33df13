import {
  type CommandEncoder,
  type CommandSet,
  type CommandTarget,
  joinWords,
  type QueueMemory,
  status,
  statusName,
} from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_BLOCKS,
  planCommand,
  plannedBlocks,
  RANGE_WORDS,
  windowLayout,
} from "@blockferry/core/plan";
import type {
  CommandSetSuiteOptions,
  ReadCommand,
  SentCommand,
} from "../../src/command-set/index.ts";

/** Ways in which this command set can break the contract. */
export type CommandSetFault =
  | "plans one block too few"
  | "writes its list into the next slot"
  | "drops the high word of an address"
  | "exceeds the blocks of a command"
  | "forgets the cursor's offset"
  | "keeps the list of an earlier command"
  | "changes the window"
  | "takes an unknown status for success"
  | "loses the device's own status"
  | "says cancelled for a busy device"
  | "takes any answer for its own"
  | "counts all blocks of a failed copy as done"
  | "reaches every device"
  | "binds any device"
  | "writes one block too many";

/*
 * A command set made up for these tests. A command is four words: operation with the tag above it, address low and high,
 * blocks of a transfer or ranges of a copy. A list is a window. A completion is tag, status, ranges done.
 */
const WORDS = 4;
const operations = ["flush", "read", "write", "copy"] as const;
const COPY = operations.indexOf("copy");
const RANGES_MAX = 64;
const layout = {
  commandBytes: WORDS * 4,
  listBytes: RANGES_MAX * RANGE_WORDS * 4,
  completionBytes: WORDS * 4,
};
const meanings: ReadonlyMap<number, number> = new Map([
  [0, status.success],
  [1, status.invalid],
  [2, status.busy],
  [3, status.writeFault],
]);

class PlainEncoder implements CommandEncoder {
  readonly #memory: QueueMemory;
  readonly #bound: boolean[];
  readonly #bounds: CommandBounds;
  readonly #fault: CommandSetFault | undefined;

  constructor(
    memory: QueueMemory,
    devicesMax: number,
    bounds: CommandBounds,
    fault: CommandSetFault | undefined,
  ) {
    this.#memory = memory;
    this.#bound = new Array<boolean>(devicesMax).fill(false);
    this.#bounds =
      fault === "exceeds the blocks of a command"
        ? { ...bounds, blocksMax: bounds.blocksMax + 1 }
        : bounds;
    this.#fault = fault;
  }

  bind(device: number, target: CommandTarget): void {
    if (this.#fault !== "binds any device") {
      if (target.family !== "plain") throw new TypeError(`a ${target.family} device`);
      if (this.#bound[device] === undefined) throw new RangeError(`no device ${device}`);
    }
    this.#bound[device] = true;
  }

  #put(slot: number, operation: number, low: number, high: number, count: number): void {
    const { commands, completions, generation } = this.#memory;
    const tag = (generation[slot] & 0xffff) * 256;
    const upper = this.#fault === "drops the high word of an address" ? 0 : high;
    commands.set([operation + tag, low, upper, count], slot * WORDS);
    if (this.#fault === "takes any answer for its own") return;
    completions[slot * WORDS + 3] = 0;
  }

  copy(
    slot: number,
    _device: number,
    low: number,
    high: number,
    window: Int32Array,
    base: number,
    count: number,
    cursor: Int32Array,
    cursorAt: number,
  ): number {
    const { lists, listWords, depth } = this.#memory;
    const fault = this.#fault;
    if (fault === "forgets the cursor's offset") cursor[cursorAt + 1] = 0;
    const misplaced = fault === "writes its list into the next slot" ? (slot + 1) % depth : slot;
    const isKept =
      fault === "keeps the list of an earlier command" && lists[slot * listWords + 3] !== 0;
    const at = misplaced * listWords;
    const names = Int32Array.from(this.#bound, (_, device) => device);
    const out = isKept ? new Int32Array(lists.length) : lists;
    const ranges = planCommand(
      window,
      base,
      count,
      cursor,
      cursorAt,
      this.#bounds,
      out,
      at,
      windowLayout,
      names,
    );
    const lastBlocks = at + ranges * RANGE_WORDS - 1;
    if (fault === "plans one block too few" && out[lastBlocks] > 1) {
      out[lastBlocks] -= 1;
      cursor[cursorAt + CURSOR_BLOCKS] -= 1;
    }
    if (fault === "changes the window") window[base + 3] += 1;
    this.#put(slot, COPY, low, high, ranges);
    return ranges;
  }

  blocksDone(
    slot: number,
    _device: number,
    window: Int32Array,
    base: number,
    count: number,
    range: number,
    offset: number,
  ): number {
    const { completions, commands } = this.#memory;
    const done = completions[slot * WORDS + 2];
    const isAll = this.#fault === "counts all blocks of a failed copy as done";
    if (!this.#isOwn(slot) || (commands[slot * WORDS] & 255) !== COPY) return 0;
    const ranges = isAll ? commands[slot * WORDS + 3] : done;
    return ranges === 0
      ? 0
      : plannedBlocks(window, base, count, range, offset, this.#bounds, ranges);
  }

  read(slot: number, _device: number, low: number, high: number, blocks: number): void {
    this.#put(slot, 1, low, high, blocks);
  }

  write(slot: number, _device: number, low: number, high: number, blocks: number): void {
    const more = this.#fault === "writes one block too many" ? 1 : 0;
    this.#put(slot, 2, low, high, blocks + more);
  }

  flush(slot: number): void {
    this.#put(slot, 0, 0, 0, 0);
  }

  listBytesOf(slot: number): number {
    const { commands } = this.#memory;
    const isCopy = (commands[slot * WORDS] & 255) === COPY;
    return isCopy ? commands[slot * WORDS + 3] * RANGE_WORDS * 4 : 0;
  }

  #isOwn(slot: number): boolean {
    const { commands, completions } = this.#memory;
    if (this.#fault === "takes any answer for its own") return true;
    const isAnswered = completions[slot * WORDS + 3] === 1;
    return isAnswered && completions[slot * WORDS] === commands[slot * WORDS] >>> 8;
  }

  interpret(slot: number): number {
    if (!this.#isOwn(slot)) return status.deviceError;
    const code = this.#memory.completions[slot * WORDS + 1];
    const isBusy = code === 2 && this.#fault === "says cancelled for a busy device";
    if (isBusy) return status.cancelled;
    const isTaken = this.#fault === "takes an unknown status for success";
    return meanings.get(code) ?? (isTaken ? status.success : status.deviceError);
  }

  isRetryable(slot: number): boolean {
    return this.#isOwn(slot) && this.#memory.completions[slot * WORDS + 1] === 2;
  }

  describe(slot: number) {
    const code = this.#memory.completions[slot * WORDS + 1];
    const shown = this.#fault === "loses the device's own status" ? 1 : code;
    return { family: "plain", code: shown, name: `plain status ${code}`, fields: {} };
  }

  reaches(device: number, source: number): boolean {
    return device === source || this.#fault === "reaches every device";
  }
}

function readBack([{ command, list }]: readonly SentCommand[]): ReadCommand {
  const words = new Int32Array(command.slice().buffer);
  const lba = joinWords(words[1], words[2]);
  const operation = operations[words[0] & 255];
  if (operation === "flush") return { operation, device: 0 };
  if (operation !== "copy") return { operation, device: 0, lba, blocks: words[3] };
  const entries = new Int32Array(list.slice().buffer);
  let to = lba;
  const segments = Array.from({ length: words[3] }, (_, at) => {
    const [device, low, high, blocks] = entries.subarray(at * RANGE_WORDS);
    const source = { device, lba: joinWords(low, high) };
    to += blocks;
    return { source, destination: { device: 0, lba: to - blocks }, blocks };
  });
  return { operation, segments };
}

/** What the suite needs to know of this command set. */
export function plainCommandSet(
  fault?: CommandSetFault,
): Omit<CommandSetSuiteOptions, "describe" | "it"> {
  const answer = (memory: QueueMemory, slot: number, code: number, ranges: number): void =>
    memory.completions.set([memory.commands[slot * WORDS] >>> 8, code, ranges, 1], slot * WORDS);
  return {
    supports: {
      crossDevice: false,
      tellsLateAnswers: true,
      saysBlocksDone: true,
      lbaMax: 2 ** 50,
      transferBlocksMax: 1000,
    },
    open(bounds) {
      const set: CommandSet = {
        name: "plain",
        layout,
        open: (memory, devicesMax) => new PlainEncoder(memory, devicesMax, bounds, fault),
      };
      const targets = [{ family: "plain", capacityBlocks: 2 ** 50, bytesPerBlock: 512 }];
      return {
        set,
        targets: fault === "reaches every device" ? [...targets, ...targets] : targets,
        bounds,
      };
    },
    read: readBack,
    succeed: (memory, slot) => answer(memory, slot, 0, 0),
    fail: (memory, slot, code) => answer(memory, slot, code, 0),
    failAfter: (memory, slot, ranges) => answer(memory, slot, 3, ranges),
    statuses: [...meanings].map(([code, means]) => ({
      code,
      name: `plain status ${code}`,
      means: statusName(means),
    })),
    unknownStatuses: [4, 255],
  };
}
