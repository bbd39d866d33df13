import type { CompletionSink, QueueMemory, Transport, TransportQueue } from "@blockferry/core";
import type { Checksum } from "./checksum.ts";

/** A transport that answers every command with success, at the doorbell. */
export interface NullTransport extends Transport {
  /** Sums command and list of every command while set. */
  checksum: Checksum | undefined;
}

/** A device that does nothing, at no distance: what is left of the time is the host's. */
export function nullTransport(queueDepth: number): NullTransport {
  const transport: NullTransport = {
    name: "null",
    supports: { queueDepthMax: queueDepth },
    checksum: undefined,
    execute: () => Promise.reject(new Error("the null transport has no admin queue")),
    connect: (memory, sink) => new NullQueue(transport, memory, sink),
    close: () => Promise.resolve(),
  };
  return transport;
}

class NullQueue implements TransportQueue {
  private readonly transport: NullTransport;
  private readonly memory: QueueMemory;
  private readonly sink: CompletionSink;
  private readonly slots: Int32Array;
  private count = 0;

  constructor(transport: NullTransport, memory: QueueMemory, sink: CompletionSink) {
    this.transport = transport;
    this.memory = memory;
    this.sink = sink;
    this.slots = new Int32Array(memory.depth);
  }

  submit(slot: number, listBytes: number): void {
    this.slots[this.count++] = slot;
    const { checksum } = this.transport;
    if (checksum === undefined) return;
    checksum.add(this.memory.commandBytes[slot], 64);
    checksum.add(this.memory.listBytes[slot], listBytes);
  }

  doorbell(): void {
    const { count, slots } = this;
    const { commands, completions } = this.memory;
    for (let i = 0; i < count; i++) writeSuccess(commands, completions, slots[i], i);
    this.count = 0;
    this.sink.complete(slots, count);
  }

  abort(): void {}

  reset(): void {}

  close(): void {}
}

/** Writes the completion of the command in a slot: its identifier, phase 1, status 0. */
export function writeSuccess(
  commands: Int32Array,
  completions: Int32Array,
  slot: number,
  head: number,
): void {
  const at = slot << 2;
  completions[at] = 0;
  completions[at + 1] = 0;
  completions[at + 2] = head;
  completions[at + 3] = (commands[slot << 4] >>> 16) | (1 << 16);
}
