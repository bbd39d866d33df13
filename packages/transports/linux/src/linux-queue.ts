import {
  type CompletionSink,
  dataDirection,
  FerryError,
  type QueueMemory,
  type TransportQueue,
} from "@blockferry/core";
import type { LinuxDevice, Party } from "./device.ts";
import type { PassThroughCall } from "./pass-through.ts";

/** What has become of a slot's command. */
const state = { free: 0, submitted: 1, inFlight: 2 } as const;

/** A slot's memory: the kernel reads and writes it while the queue's own memory may be used for other things. */
interface Slot {
  readonly command: Uint8Array;
  /** Room for the longest list, page-aligned. */
  readonly list: Uint8Array;
  readonly argument: Uint8Array;
  readonly extra: Uint8Array;
  readonly completion: Uint8Array;
  /** One array for each slot, so that a completion needs none. */
  readonly self: Int32Array;
}

function slotsOf({ kernel, passThrough }: LinuxDevice, memory: QueueMemory): Slot[] {
  const { argumentBytes, extraBytes, completionBytes } = passThrough;
  return Array.from({ length: memory.depth }, (_, slot) => ({
    command: new Uint8Array(memory.commandBytes[slot].length),
    list: kernel.alignedBuffer(memory.listBytes[slot].length),
    argument: kernel.alignedBuffer(argumentBytes),
    extra: kernel.alignedBuffer(extraBytes),
    completion: new Uint8Array(completionBytes),
    self: Int32Array.of(slot),
  }));
}

/** A queue at a device: each slot's command is one call of the kernel, on a thread. */
export class LinuxQueue implements TransportQueue, Party {
  readonly #device: LinuxDevice;
  readonly #memory: QueueMemory;
  readonly #sink: CompletionSink;
  readonly #slots: readonly Slot[];
  readonly #states: Uint8Array;
  readonly #listLengths: Int32Array;
  readonly #directions: Uint8Array;
  readonly #data: (Uint8Array | undefined)[];
  #submitted: number[] = [];
  /** Counts what is forgotten: an answer from before says nothing any more. */
  #epoch = 0;
  #isClosed = false;

  constructor(device: LinuxDevice, memory: QueueMemory, sink: CompletionSink, depthMax: number) {
    if (memory.depth > depthMax) {
      throw new RangeError(`the queue is ${memory.depth} deep; at most ${depthMax} is possible`);
    }
    const bytes = memory.completionWords * 4;
    const { completionBytes } = device.passThrough;
    if (bytes < completionBytes) {
      throw new RangeError(`${bytes} bytes cannot hold a completion of ${completionBytes}`);
    }
    this.#device = device;
    this.#memory = memory;
    this.#sink = sink;
    this.#slots = slotsOf(device, memory);
    this.#states = new Uint8Array(memory.depth);
    this.#listLengths = new Int32Array(memory.depth);
    this.#directions = new Uint8Array(memory.depth);
    this.#data = new Array<Uint8Array | undefined>(memory.depth).fill(undefined);
    device.parties.add(this);
  }

  submit(slot: number, listBytes: number, data: Uint8Array | undefined, direction: number): void {
    this.#requireOpen();
    const now = this.#states[slot];
    if (now === undefined) {
      throw new RangeError(`there is no slot ${slot} of ${this.#memory.depth}`);
    }
    if (now !== state.free) {
      throw new RangeError(`slot ${slot} holds a command that is not completed`);
    }
    this.#states[slot] = state.submitted;
    this.#listLengths[slot] = listBytes;
    this.#data[slot] = data;
    this.#directions[slot] = direction;
    this.#submitted.push(slot);
  }

  doorbell(): void {
    this.#requireOpen();
    const device = this.#device;
    if (device.isRemoved) {
      this.onRemoved();
      return;
    }
    // What is sent while the device resets is forgotten with the rest.
    if (device.isResetting) return;
    const slots = this.#submitted;
    this.#submitted = [];
    for (const slot of slots) this.#send(slot);
  }

  /** The kernel has no way to take a single command back: its answer is waited for. */
  abort(_slot: number): void {
    this.#requireOpen();
  }

  reset(): void {
    this.#requireOpen();
    this.#device.reset();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#device.parties.delete(this);
    this.#forget();
  }

  onReset(): void {
    this.#forget();
    this.#sink.reset();
  }

  onRemoved(): void {
    this.#forget();
    this.#sink.removed();
  }

  onClose(): void {
    this.close();
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new FerryError("FERRY_TRANSPORT_CLOSED", `a queue of ${this.#device.name} is closed`, {
      hint: "Connect again before sending commands.",
    });
  }

  #forget(): void {
    this.#epoch += 1;
    this.#submitted = [];
    this.#states.fill(state.free);
    this.#data.fill(undefined);
  }

  #callOf(slot: number): PassThroughCall {
    const { command, list, argument, extra, completion } = this.#slots[slot];
    const listBytes = this.#listLengths[slot];
    command.set(this.#memory.commandBytes[slot]);
    if (listBytes > 0) list.set(this.#memory.listBytes[slot].subarray(0, listBytes));
    return {
      queue: "io",
      command,
      data: listBytes > 0 ? list.subarray(0, listBytes) : this.#data[slot],
      direction: listBytes > 0 ? dataDirection.toDevice : this.#directions[slot],
      argument,
      extra,
      completion,
    };
  }

  #send(slot: number): void {
    const { passThrough } = this.#device;
    const call = this.#callOf(slot);
    const launch = passThrough.start(call);
    this.#states[slot] = state.inFlight;
    const epoch = this.#epoch;
    if (launch === undefined) {
      queueMicrotask(() => this.#complete(slot, epoch, call));
      return;
    }
    this.#device.send(launch, (result, errno) => this.#answer(slot, epoch, call, result, errno));
  }

  #answer(slot: number, epoch: number, call: PassThroughCall, result: number, errno: number): void {
    const device = this.#device;
    if (epoch !== this.#epoch) return;
    const ending = device.passThrough.end(call, result, errno);
    if (ending === "removed") device.tellRemoved();
    else if (ending === "reset") device.expectReset();
    else {
      if (ending !== "completed") {
        device.onError(ending);
        device.passThrough.writeFailed(call);
      }
      this.#complete(slot, epoch, call);
    }
  }

  #complete(slot: number, epoch: number, { completion }: PassThroughCall): void {
    if (epoch !== this.#epoch) return;
    this.#memory.completionBytes[slot].set(completion);
    this.#states[slot] = state.free;
    this.#data[slot] = undefined;
    this.#sink.complete(this.#slots[slot].self, 1);
  }
}
