import type { CompletionSink, QueueMemory, Transport, TransportQueue } from "@blockferry/core";

/** Queue memory of plain arrays. */
export function queueMemory(
  depth: number,
  commandBytes: number,
  listBytes: number,
  completionBytes: number,
): QueueMemory {
  const parts = (bytes: number) => {
    const words = new Int32Array((depth * bytes) / 4);
    const views = Array.from(
      { length: depth },
      (_, slot) => new Uint8Array(words.buffer, slot * bytes, bytes),
    );
    return { words, views };
  };
  const [commands, lists, completions] = [commandBytes, listBytes, completionBytes].map(parts);
  return {
    depth,
    commands: commands.words,
    commandWords: commandBytes / 4,
    lists: lists.words,
    listWords: listBytes / 4,
    completions: completions.words,
    completionWords: completionBytes / 4,
    commandBytes: commands.views,
    listBytes: lists.views,
    completionBytes: completions.views,
    generation: new Int32Array(depth),
  };
}

/** A queue of a transport, and what it was told, in order: a slot's number, `reset` or `removed`. */
export interface WatchedQueue {
  readonly memory: QueueMemory;
  readonly queue: TransportQueue;
  readonly told: (number | "reset" | "removed")[];
  /** Waits until it was told so many things. */
  until(count: number): Promise<void>;
}

export function watchedQueue(transport: Transport, memory: QueueMemory): WatchedQueue {
  const told: WatchedQueue["told"] = [];
  const sink: CompletionSink = {
    complete: (slots, count) => void told.push(...slots.subarray(0, count)),
    reset: () => void told.push("reset"),
    removed: () => void told.push("removed"),
  };
  return {
    memory,
    queue: transport.connect(memory, sink),
    told,
    async until(count) {
      for (let turns = 0; told.length < count; turns += 1) {
        if (turns > 10_000) throw new Error(`told ${JSON.stringify(told)}, expected ${count}`);
        // A disk that has much to flush takes its time.
        await new Promise((resolve) => setTimeout(resolve, turns < 100 ? 0 : 5));
      }
    },
  };
}
