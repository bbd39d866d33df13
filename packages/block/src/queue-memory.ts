import type { QueueMemory } from "@blockferry/core";
import type { CommandTable } from "./engine-tables.ts";

function bytesOf(words: Int32Array, each: number, count: number): Uint8Array[] {
  return Array.from(
    { length: count },
    (_, slot) => new Uint8Array(words.buffer, words.byteOffset + slot * each * 4, each * 4),
  );
}

/** Queue memory is part of the rows of the queue's commands. */
export function queueMemory(table: CommandTable): QueueMemory {
  const { columns, capacity, definition } = table;
  const words = definition.columns;
  return {
    depth: capacity,
    commands: columns.command,
    commandWords: words.command,
    lists: columns.list,
    listWords: words.list,
    completions: columns.completion,
    completionWords: words.completion,
    commandBytes: bytesOf(columns.command, words.command, capacity),
    listBytes: bytesOf(columns.list, words.list, capacity),
    completionBytes: bytesOf(columns.completion, words.completion, capacity),
    generation: columns.serial,
  };
}
