import type { CompletionSink, QueueMemory } from "@blockferry/core";

/** Queue memory of `depth` slots: commands of 8 bytes, lists of 16, completions of 8. */
export function queueMemory(depth: number): QueueMemory {
  const commands = new Int32Array(depth * 2);
  const lists = new Int32Array(depth * 4);
  const completions = new Int32Array(depth * 2);
  const slots = (words: Int32Array, bytes: number): Uint8Array[] =>
    Array.from({ length: depth }, (_, slot) => new Uint8Array(words.buffer, slot * bytes, bytes));
  return {
    depth,
    commands,
    commandWords: 2,
    lists,
    listWords: 4,
    completions,
    completionWords: 2,
    commandBytes: slots(commands, 8),
    listBytes: slots(lists, 16),
    completionBytes: slots(completions, 8),
    generation: new Int32Array(depth),
  };
}

/** Writes down what it is told: batches of slots, "reset", "removed". */
export function recordingSink(): CompletionSink & { readonly told: (number[] | string)[] } {
  const told: (number[] | string)[] = [];
  return {
    told,
    complete: (slots, count) => void told.push(Array.from(slots.subarray(0, count))),
    reset: () => void told.push("reset"),
    removed: () => void told.push("removed"),
  };
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
