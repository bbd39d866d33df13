import type { QueueMemory } from "@blockferry/core";

/** Dwords of a Register Host to Device FIS, and of a Register Device to Host FIS. */
export const COMMAND_WORDS = 5;
export const COMPLETION_WORDS = 5;
const DEPTH_MAX = 65_535;
/** Tags of queued commands (ACS-4, 4.14). */
const TAGS = 32;

/** What stands behind a list, counted from the end of the slot's part: how many ranges it has, and its bytes. */
export const listTrailer = { words: 16, ranges: 1, bytes: 2 } as const;

/** @throws RangeError for memory that was not made for this command set. */
export function checkMemory(memory: QueueMemory, isQueued: boolean): void {
  const { depth, commandWords, completionWords } = memory;
  if (commandWords !== COMMAND_WORDS || completionWords !== COMPLETION_WORDS) {
    const found = `commands of ${commandWords * 4} and completions of ${completionWords * 4} bytes`;
    throw new RangeError(`queue memory has ${found}; an ATA disk has FISes of 20`);
  }
  const max = isQueued ? TAGS : DEPTH_MAX;
  if (!Number.isInteger(depth) || depth < 1 || depth > max) {
    throw new RangeError(`a queue has 1..${max} slots, not ${depth}`);
  }
}
