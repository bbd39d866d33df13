import {
  type CompletionSink,
  type DeviceModel,
  dataDirection,
  FerryError,
  type QueueMemory,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";

/** Ways in which this transport can break the contract. */
export type TransportFault =
  | "drops the last byte of data to the device"
  | "zeroes the last byte of data to the host"
  | "sends lists at full length"
  | "sends at once"
  | "changes a byte of the command"
  | "answers twice"
  | "answers for the device"
  | "swaps the answers of two slots"
  | "takes queues of any depth"
  | "forgets to tell a reset"
  | "keeps a removal to itself"
  | "speaks after close"
  | "closes only once"
  | "ignores the signal"
  | "answers no abort";

const code = (condition: string): FerryError =>
  new FerryError(`FERRY_TRANSPORT_${condition}`, `the plain transport: ${condition}`);

const later = (work: () => void): void => void setTimeout(work, 0);

const DEPTH_MAX = 8;

/** The plainest transport that keeps the contract, or breaks one sentence of it. */
export function plainTransport(model: DeviceModel, fault?: TransportFault): Transport {
  const queues = new Set<PlainQueue>();
  const waiting = new Set<(error: unknown) => void>();
  let state: "open" | "removed" | "closed" = "open";

  const tellReset = (): void => {
    for (const reject of [...waiting]) reject(code("RESET"));
    for (const queue of queues) queue.forget("reset");
  };
  const tellRemoved = (): void => {
    state = "removed";
    for (const reject of [...waiting]) reject(code("REMOVED"));
    for (const queue of queues) queue.forget("removed");
  };

  class PlainQueue implements TransportQueue {
    readonly #memory: QueueMemory;
    readonly #sink: CompletionSink;
    #submitted: (() => void)[] = [];
    #lost = new Set<number>();
    #epoch = 0;
    #isClosed = false;

    constructor(memory: QueueMemory, sink: CompletionSink) {
      this.#memory = memory;
      this.#sink = sink;
      queues.add(this);
    }

    submit(slot: number, listBytes: number, data: Uint8Array | undefined, way: number): void {
      if (this.#memory.commandBytes[slot] === undefined) throw new RangeError(`no slot ${slot}`);
      const epoch = this.#epoch;
      const work = (): void => {
        if (epoch === this.#epoch) this.#carryOut(slot, listBytes, data, way);
      };
      if (fault === "sends at once") later(work);
      else this.#submitted.push(work);
    }

    #carryOut(slot: number, listBytes: number, data: Uint8Array | undefined, way: number): void {
      const memory = this.#memory;
      const command = memory.commandBytes[slot].slice();
      if (fault === "changes a byte of the command") command[40] ^= 1;
      const listEnd = fault === "sends lists at full length" ? undefined : listBytes;
      const list = listBytes > 0 ? memory.listBytes[slot].slice(0, listEnd) : undefined;
      let out = list ?? (way === dataDirection.toDevice ? data : undefined);
      const isCut = fault === "drops the last byte of data to the device" && list === undefined;
      if (isCut) out = out?.subarray(0, -1);
      const into = way === dataDirection.toHost ? data : undefined;
      const completion = new Uint8Array(model.completionBytes);
      const outcome = model.execute("io", command, out, into, completion);
      if (fault === "zeroes the last byte of data to the host") into?.fill(0, into.length - 1);
      if (outcome === "reset") tellReset();
      else if (outcome === "removed") tellRemoved();
      else if (outcome === "completed" || fault === "answers for the device") {
        this.#answer(slot, completion);
        if (fault === "answers twice") this.#answer(slot, completion);
      } else this.#lost.add(slot);
    }

    #answer(slot: number, completion: Uint8Array): void {
      const { depth, completionBytes } = this.#memory;
      const isSwapped = fault === "swaps the answers of two slots" && depth > 1;
      completionBytes[isSwapped ? Math.min(slot ^ 1, depth - 1) : slot].set(completion);
      if (this.#isClosed && fault !== "speaks after close") return;
      this.#sink.complete(Int32Array.of(slot), 1);
    }

    doorbell(): void {
      this.#requireOpen();
      if (state === "removed") this.forget("removed");
      for (const work of this.#submitted.splice(0)) later(work);
    }

    abort(slot: number): void {
      this.#requireOpen();
      if (fault === "answers no abort" || !this.#lost.delete(slot)) return;
      this.#answer(slot, new Uint8Array(model.completionBytes));
    }

    reset(): void {
      this.#requireOpen();
      model.reset();
      tellReset();
    }

    forget(why: "reset" | "removed"): void {
      if (this.#isClosed) return;
      this.#epoch += 1;
      this.#submitted = [];
      this.#lost.clear();
      if (why === "reset" && fault !== "forgets to tell a reset") this.#sink.reset();
      if (why === "removed" && fault !== "keeps a removal to itself") this.#sink.removed();
    }

    close(): void {
      this.#isClosed = true;
      if (fault !== "speaks after close") this.#epoch += 1;
    }

    #requireOpen(): void {
      if (this.#isClosed) throw code("CLOSED");
    }
  }

  return {
    name: "plain",
    supports: { queueDepthMax: DEPTH_MAX, dataBytesMax: 20_000 },
    execute(command, { dataIn, dataOut, signal } = {}) {
      if (state !== "open") return Promise.reject(code(state.toUpperCase()));
      const sent = command.slice();
      return new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          if (waiting.delete(fail)) settle();
        };
        const fail = (error: unknown): void => end(() => reject(error));
        waiting.add(fail);
        if (fault !== "ignores the signal") {
          if (signal?.aborted === true) return fail(signal.reason);
          signal?.addEventListener("abort", () => fail(signal.reason));
        }
        later(() => {
          if (!waiting.has(fail)) return;
          const completion = new Uint8Array(model.completionBytes);
          const outcome = model.execute("admin", sent, dataOut, dataIn, completion);
          if (outcome === "completed") end(() => resolve(completion));
        });
      });
    },
    connect(memory, sink) {
      if (state === "closed") throw code("CLOSED");
      if (memory.depth > DEPTH_MAX && fault !== "takes queues of any depth") {
        throw new RangeError(`a queue has at most ${DEPTH_MAX} slots`);
      }
      return new PlainQueue(memory, sink);
    },
    async close() {
      if (state === "closed" && fault === "closes only once") throw new Error("closed already");
      state = "closed";
      for (const reject of [...waiting]) reject(code("CLOSED"));
      for (const queue of queues) queue.close();
    },
  };
}
