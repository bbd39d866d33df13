import {
  type CompletionSink,
  dataDirection,
  type QueueMemory,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";
import type { WriteGatheredProfile } from "@blockferry/device-ata/codec";

/** A watch that is told, with each event, of the layout of the lists. */
export function watchWithProfile(
  watch: CommandWatch | undefined,
  profile: WriteGatheredProfile | undefined,
): CommandWatch | undefined {
  return watch === undefined ? undefined : (event) => watch({ ...event, profile });
}

/** A command that was sent, or what came of it. */
export interface CommandEvent {
  readonly kind: "sent" | "answered" | "failed" | "reset" | "removed";
  readonly family: string;
  /** Outside of any queue, or in one. */
  readonly queue: "admin" | "io";
  /** Slot of the queue, or the number of a command outside of queues. */
  readonly tag: number;
  readonly command: Uint8Array;
  /** The list that goes with the command, or the data of a command outside of queues. */
  readonly dataOut: Uint8Array | undefined;
  readonly dataInBytes: number;
  readonly dataOutBytes: number;
  readonly completion: Uint8Array | undefined;
  /** Data that came with the answer to a command outside of queues. */
  readonly dataIn: Uint8Array | undefined;
  readonly error: unknown;
  readonly elapsedMs: number;
  /** Of an ATA disk: how its WRITE GATHERED EXT lists are laid out. */
  readonly profile?: WriteGatheredProfile | undefined;
}

/** Takes events, while the bytes in them are what they are: they are the queue's own memory. */
export type CommandWatch = (event: CommandEvent) => void;

const nothing = {
  ...{ command: new Uint8Array(0), dataOut: undefined, dataInBytes: 0, dataOutBytes: 0 },
  ...{ completion: undefined, dataIn: undefined, error: undefined, elapsedMs: 0 },
};

const nowMs = (): number => performance.now();

interface Slot {
  sentMs: number;
  listBytes: number;
  dataBytes: number;
  direction: number;
}

/** A queue whose commands and answers are told. */
function tracedQueue(
  transport: Transport,
  memory: QueueMemory,
  sink: CompletionSink,
  family: string,
  watch: CommandWatch,
): TransportQueue {
  const slots: Slot[] = Array.from({ length: memory.depth }, () => ({
    ...{ sentMs: 0, listBytes: 0, dataBytes: 0, direction: 0 },
  }));
  let submitted: number[] = [];
  const common = { ...nothing, family, queue: "io" } as const;
  const queue = transport.connect(memory, {
    complete(taken, count) {
      for (let i = 0; i < count; i++) {
        const tag = taken[i];
        const command = memory.commandBytes[tag];
        const completion = memory.completionBytes[tag];
        const elapsedMs = nowMs() - slots[tag].sentMs;
        watch({ ...common, kind: "answered", tag, command, completion, elapsedMs });
      }
      sink.complete(taken, count);
    },
    reset() {
      watch({ ...common, kind: "reset", tag: -1 });
      sink.reset();
    },
    removed() {
      watch({ ...common, kind: "removed", tag: -1 });
      sink.removed();
    },
  });
  const tellSent = (tag: number): void => {
    const { listBytes, dataBytes, direction } = slots[tag];
    slots[tag].sentMs = nowMs();
    const isOut = direction === dataDirection.toDevice;
    watch({
      ...common,
      kind: "sent",
      tag,
      command: memory.commandBytes[tag],
      dataOut: listBytes > 0 ? memory.listBytes[tag].subarray(0, listBytes) : undefined,
      dataOutBytes: listBytes > 0 ? listBytes : isOut ? dataBytes : 0,
      dataInBytes: direction === dataDirection.toHost ? dataBytes : 0,
    });
  };
  return {
    submit(slot, listBytes, data, direction) {
      queue.submit(slot, listBytes, data, direction);
      Object.assign(slots[slot], { listBytes, dataBytes: data?.length ?? 0, direction });
      submitted.push(slot);
    },
    doorbell() {
      const sent = submitted;
      submitted = [];
      for (const slot of sent) tellSent(slot);
      queue.doorbell();
    },
    abort: (slot) => queue.abort(slot),
    reset: () => queue.reset(),
    close: () => queue.close(),
  };
}

/** A transport that tells of each command and its answer, and is otherwise the one that is given. */
export function tracedTransport<Kind extends Transport>(
  transport: Kind,
  family: string,
  watch: CommandWatch | undefined,
): Kind {
  if (watch === undefined) return transport;
  let numbers = 0;
  return {
    ...transport,
    async execute(command, options = {}) {
      const tag = numbers++;
      const { dataIn, dataOut } = options;
      const [dataInBytes, dataOutBytes] = [dataIn?.length ?? 0, dataOut?.length ?? 0];
      const common = { ...nothing, family, queue: "admin", tag, command } as const;
      watch({ ...common, kind: "sent", dataOut, dataInBytes, dataOutBytes });
      const sentMs = nowMs();
      try {
        const completion = await transport.execute(command, options);
        const elapsedMs = nowMs() - sentMs;
        watch({ ...common, kind: "answered", completion, dataIn, elapsedMs });
        return completion;
      } catch (error) {
        watch({ ...common, kind: "failed", error, elapsedMs: nowMs() - sentMs });
        throw error;
      }
    },
    connect: (memory, sink) => tracedQueue(transport, memory, sink, family, watch),
  };
}
