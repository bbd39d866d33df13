import type { CommandSet, QueueMemory } from "@blockferry/core";

/** Memory of a queue, without an engine. */
export function queueMemory({ layout }: CommandSet, depth: number): QueueMemory {
  const { commandBytes, listBytes, completionBytes } = layout;
  const words = (bytes: number): Int32Array => new Int32Array((depth * bytes) / 4);
  const commands = words(commandBytes);
  const lists = words(listBytes);
  const completions = words(completionBytes);
  const parts = (all: Int32Array, bytes: number): Uint8Array[] =>
    Array.from({ length: depth }, (_, slot) => new Uint8Array(all.buffer, slot * bytes, bytes));
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
