import type { CommandEncoder, CommandSet, QueueMemory } from "@blockferry/core";
import { highWord, lowWord } from "@blockferry/core";
import { CURSOR_BLOCKS, CURSOR_WORDS } from "@blockferry/core/plan";

/** Queue memory as an engine lays it out. */
export function queueMemory(set: CommandSet, depth: number): QueueMemory {
  const { commandBytes, listBytes, completionBytes } = set.layout;
  const words = (bytes: number): Int32Array => new Int32Array((depth * bytes) / 4);
  const parts = (all: Int32Array, bytes: number): Uint8Array[] =>
    Array.from({ length: depth }, (_, slot) => new Uint8Array(all.buffer, slot * bytes, bytes));
  const commands = words(commandBytes);
  const lists = words(listBytes);
  const completions = words(completionBytes);
  return {
    depth,
    commands,
    commandWords: commandBytes / 4,
    lists,
    listWords: listBytes / 4,
    completions,
    completionWords: completionBytes / 4,
    commandBytes: parts(commands, commandBytes),
    listBytes: parts(lists, listBytes),
    completionBytes: parts(completions, completionBytes),
    generation: new Int32Array(depth),
  };
}

export interface Range {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** Ranges in the columns of a window. */
function windowOf(ranges: readonly Range[]): Int32Array {
  return Int32Array.from(
    ranges.flatMap(({ device, lba, blocks }) => [device, lowWord(lba), highWord(lba), blocks]),
  );
}

export interface PlannedStep {
  readonly slot: number;
  readonly destination: number;
  readonly ranges: number;
  readonly blocks: number;
}

/** Plans commands until all ranges are in one; `each` sees every command as it stands in queue memory. */
export function planAll(
  encoder: CommandEncoder,
  device: number,
  destination: number,
  ranges: readonly Range[],
  each: (step: PlannedStep) => void,
  slotOf: (command: number) => number = () => 0,
): void {
  const window = windowOf(ranges);
  const cursor = new Int32Array(CURSOR_WORDS);
  let to = destination;
  for (let command = 0; cursor[0] < ranges.length; command++) {
    const slot = slotOf(command);
    const low = lowWord(to);
    const high = highWord(to);
    const count = encoder.copy(slot, device, low, high, window, 0, ranges.length, cursor, 0);
    const blocks = cursor[CURSOR_BLOCKS];
    if (count === 0) throw new Error("nothing was planned though ranges are left");
    each({ slot, destination: to, ranges: count, blocks });
    to += blocks;
  }
}
