import type { QueueLayout, QueueMemory } from "@blockferry/core";

/** Queue memory of `depth` slots, as an engine lays it out. */
export function queueMemory(layout: QueueLayout, depth: number): QueueMemory {
  const part = (bytesEach: number): { words: Int32Array; slots: Uint8Array[]; each: number } => {
    const words = new Int32Array((bytesEach / 4) * depth);
    const slots = Array.from(
      { length: depth },
      (_, slot) => new Uint8Array(words.buffer, slot * bytesEach, bytesEach),
    );
    return { words, slots, each: bytesEach / 4 };
  };
  const commands = part(layout.commandBytes);
  const lists = part(layout.listBytes);
  const completions = part(layout.completionBytes);
  return {
    depth,
    commands: commands.words,
    commandWords: commands.each,
    commandBytes: commands.slots,
    lists: lists.words,
    listWords: lists.each,
    listBytes: lists.slots,
    completions: completions.words,
    completionWords: completions.each,
    completionBytes: completions.slots,
    generation: new Int32Array(depth),
  };
}
