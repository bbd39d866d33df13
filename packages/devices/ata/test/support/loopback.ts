import type { CommandSet, DeviceModel, QueueMemory, Transport } from "@blockferry/core";

/** A transport to a model in the same process, for commands outside of queues. */
export function loopback(
  model: DeviceModel,
  supports: Partial<Transport["supports"]> = {},
): Transport {
  return {
    name: "loopback",
    supports: { queueDepthMax: 32, ...supports },
    async execute(command, options = {}) {
      const completion = new Uint8Array(model.completionBytes);
      model.execute("admin", command, options.dataOut, options.dataIn, completion);
      return completion;
    },
    connect() {
      throw new Error("these tests fill queue memory themselves");
    },
    async close() {},
  };
}

/** Queue memory for a command set. */
export function queueMemory({ layout }: CommandSet, depth: number): QueueMemory {
  const commands = new Int32Array((layout.commandBytes / 4) * depth);
  const lists = new Int32Array((layout.listBytes / 4) * depth);
  const completions = new Int32Array((layout.completionBytes / 4) * depth);
  const slices = (words: Int32Array): Uint8Array[] => {
    const bytes = words.byteLength / depth;
    return Array.from({ length: depth }, (_, i) => new Uint8Array(words.buffer, i * bytes, bytes));
  };
  return {
    depth,
    commands,
    commandWords: layout.commandBytes / 4,
    lists,
    listWords: layout.listBytes / 4,
    completions,
    completionWords: layout.completionBytes / 4,
    commandBytes: slices(commands),
    listBytes: slices(lists),
    completionBytes: slices(completions),
    generation: new Int32Array(depth),
  };
}
