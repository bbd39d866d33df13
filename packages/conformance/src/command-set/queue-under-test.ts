import {
  COMMAND_CONTINUES,
  type CommandEncoder,
  type CopySegment,
  highWord,
  lowWord,
  type QueueMemory,
  status,
  statusName,
} from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_BLOCKS,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  CURSOR_WORDS,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import { check, checkSame } from "../check.ts";
import { queueMemory } from "../queue-memory.ts";
import type {
  CommandSetSuiteOptions,
  OpenedCommandSet,
  ReadCommand,
  SentCommand,
} from "./command-set-suite-options.ts";

/** Steps of one copy at most; more are taken for no end. */
export const STEPS_MAX = 64;

export interface Source {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** A queue of the command set, without engine or transport. */
export interface QueueUnderTest {
  readonly opened: OpenedCommandSet;
  readonly memory: QueueMemory;
  readonly encoder: CommandEncoder;
  readonly options: CommandSetSuiteOptions;
}

/** One planned command, read back. */
export interface PlannedCopy {
  readonly ranges: number;
  readonly blocks: number;
  readonly segments: readonly CopySegment[];
}

/** Where in window and cursor memory a request stands. */
export interface WindowPlace {
  readonly base?: number;
  readonly cursorAt?: number;
  readonly firstRange?: number;
  readonly firstOffset?: number;
}

export async function openQueue(
  options: CommandSetSuiteOptions,
  bounds: CommandBounds,
  depth = 3,
): Promise<QueueUnderTest> {
  const opened = await options.open(bounds);
  const memory = queueMemory(opened.set.layout, depth);
  const encoder = opened.set.open(memory, opened.targets.length);
  opened.targets.forEach((target, device) => {
    encoder.bind(device, target);
  });
  return { opened, memory, encoder, options };
}

export function windowOf(sources: readonly Source[], base = 0): Int32Array {
  const words = sources.flatMap(({ device, lba, blocks }) => [
    device,
    lowWord(lba),
    highWord(lba),
    blocks,
  ]);
  const window = new Int32Array(base + words.length + RANGE_WORDS).fill(-1);
  window.set(words, base);
  return window;
}

/** The command in a slot, as it would be sent. */
function sentFrom({ memory, encoder, opened }: QueueUnderTest, slot: number): SentCommand {
  const bytes = encoder.listBytesOf(slot);
  const most = opened.set.layout.listBytes;
  check(Number.isInteger(bytes) && bytes >= 0 && bytes <= most, `a list of ${bytes} bytes`);
  return {
    command: memory.commandBytes[slot].slice(),
    list: memory.listBytes[slot].slice(0, bytes),
  };
}

/** Answers every step of the command in a slot with success, and reads all of them back. */
export function carryOut(queue: QueueUnderTest, slot: number): ReadCommand {
  const { options, memory, encoder, opened } = queue;
  const steps: SentCommand[] = [];
  for (;;) {
    steps.push(sentFrom(queue, slot));
    check(steps.length <= STEPS_MAX, `a copy that takes more than ${STEPS_MAX} commands`);
    options.succeed(memory, slot, encoder);
    const ended = encoder.interpret(slot);
    if (ended === COMMAND_CONTINUES) continue;
    check(ended === status.success, `a success was taken for ${statusName(ended)}`);
    checkSame(encoder.isRetryable(slot), false, "isRetryable after success");
    return options.read(steps, opened);
  }
}

/** Encodes the next copy command of a request into a slot. Returns its ranges. */
export function encodeNext(
  { memory, encoder }: QueueUnderTest,
  slot: number,
  destination: number,
  window: Int32Array,
  count: number,
  cursor: Int32Array,
  { base = 0, cursorAt = 0 }: WindowPlace = {},
): number {
  memory.generation[slot] += 1;
  const [low, high] = [lowWord(destination), highWord(destination)];
  return encoder.copy(slot, 0, low, high, window, base, count, cursor, cursorAt);
}

/** Plans and reads back all commands of a copy to device 0, in changing slots. */
export function planAll(
  queue: QueueUnderTest,
  sources: readonly Source[],
  destination: number,
  place: WindowPlace = {},
): PlannedCopy[] {
  const { base = 0, cursorAt = 0, firstRange = 0, firstOffset = 0 } = place;
  const window = windowOf(sources, base);
  const before = window.slice();
  const cursor = new Int32Array(cursorAt + CURSOR_WORDS + 1).fill(-7);
  cursor[cursorAt + CURSOR_RANGE] = firstRange;
  cursor[cursorAt + CURSOR_OFFSET] = firstOffset;
  const planned: PlannedCopy[] = [];
  const total = sources.reduce((sum, { blocks }) => sum + blocks, 0);
  let lba = destination;
  for (let slot = 0; ; slot = (slot + 1) % queue.memory.depth) {
    if (cursor[cursorAt + CURSOR_RANGE] >= sources.length) break;
    const ranges = encodeNext(queue, slot, lba, window, sources.length, cursor, place);
    const blocks = cursor[cursorAt + CURSOR_BLOCKS];
    check(ranges > 0 && blocks > 0, `a command of ${ranges} ranges and ${blocks} blocks`);
    const read = carryOut(queue, slot);
    check(read.operation === "copy", `a copy was encoded as ${read.operation}`);
    planned.push({ ranges, blocks, segments: read.segments });
    lba += blocks;
    check(lba - destination <= total, "the commands have more blocks than the request");
  }
  checkSame(Array.from(window), Array.from(before), "the window after planning");
  checkSame(cursor[cursorAt + CURSOR_WORDS], -7, "the word behind the cursor");
  return planned;
}
