import { performance } from "node:perf_hooks";
import { clearImmediate, setImmediate } from "node:timers";
import {
  type CompletionSink,
  dataDirection,
  FerryError,
  type QueueMemory,
  type TransportQueue,
} from "@blockferry/core";
import { type Device, type Party, tellRemoved, tellReset } from "./device.ts";
import { type SlotCopies, slotCopies } from "./slot-copies.ts";
import { type SlotRing, slotRing } from "./slot-ring.ts";

/** How long the device works before others in the process get their turn. */
const TURN_MS = 2;

/** What has become of a slot's command. */
const state = { free: 0, submitted: 1, waiting: 2, lost: 3 } as const;

interface Duplicate {
  readonly slot: number;
  readonly completion: Uint8Array;
}

function requireMemory({ model, settings }: Device, memory: QueueMemory): void {
  if (memory.depth > settings.queueDepthMax) {
    throw new RangeError(
      `the queue is ${memory.depth} deep; at most ${settings.queueDepthMax} is possible`,
    );
  }
  const bytes = memory.completionWords * 4;
  if (bytes < model.completionBytes) {
    throw new RangeError(`${bytes} bytes cannot hold a completion of ${model.completionBytes}`);
  }
}

/** A queue pair at the device. The hot path allocates nothing. */
export class MemoryQueue implements TransportQueue, Party {
  readonly #device: Device;
  readonly #memory: QueueMemory;
  readonly #sink: CompletionSink;
  readonly #states: Uint8Array;
  readonly #submitted: SlotRing;
  readonly #waiting: SlotRing;
  readonly #copies: SlotCopies;
  readonly #listLengths: Int32Array;
  readonly #directions: Uint8Array;
  readonly #data: (Uint8Array | undefined)[];
  readonly #completion: Uint8Array;
  /** Completions to deliver; a second one for those that come up while the first is delivered. */
  #batch: Int32Array;
  #delivering: Int32Array;
  #batched = 0;
  #lost = 0;
  #completions = 0;
  #duplicates: Duplicate[] = [];
  #turn: ReturnType<typeof setImmediate> | undefined;
  #isWorking = false;
  #isDelivering = false;
  #isClosed = false;

  constructor(device: Device, memory: QueueMemory, sink: CompletionSink) {
    requireMemory(device, memory);
    const { depth } = memory;
    this.#device = device;
    this.#memory = memory;
    this.#sink = sink;
    this.#states = new Uint8Array(depth);
    this.#submitted = slotRing(depth);
    this.#waiting = slotRing(depth);
    this.#copies = slotCopies(memory);
    this.#listLengths = new Int32Array(depth);
    this.#directions = new Uint8Array(depth);
    this.#data = new Array<Uint8Array | undefined>(depth).fill(undefined);
    this.#completion = new Uint8Array(device.model.completionBytes);
    this.#batch = new Int32Array(depth);
    this.#delivering = new Int32Array(depth);
    device.parties.add(this);
  }

  submit(slot: number, listBytes: number, data: Uint8Array | undefined, direction: number): void {
    this.#requireOpen();
    const now = this.#states[slot];
    if (now === undefined) {
      throw new RangeError(`there is no slot ${slot} of ${this.#memory.depth}`);
    }
    if (now === state.submitted || now === state.waiting) {
      throw new RangeError(`slot ${slot} holds a command that is not completed`);
    }
    if (now === state.lost) this.#find(slot);
    this.#states[slot] = state.submitted;
    this.#listLengths[slot] = listBytes;
    this.#data[slot] = data;
    this.#directions[slot] = direction;
    this.#submitted.push(slot);
  }

  doorbell(): void {
    this.#requireOpen();
    if (this.#device.isRemoved) {
      this.onRemoved();
      return;
    }
    while (this.#submitted.length > 0) {
      const slot = this.#submitted.shift();
      this.#copies.take(slot, this.#listLengths[slot]);
      this.#states[slot] = state.waiting;
      this.#waiting.push(slot);
    }
    if (this.#device.settings.isInline) this.#workInline();
    else this.#schedule();
  }

  abort(slot: number): void {
    this.#requireOpen();
    const { writeAborted } = this.#device.settings;
    if (writeAborted === undefined) return;
    if (this.#states[slot] === state.waiting) this.#waiting.remove(slot);
    else if (this.#states[slot] === state.lost) this.#find(slot);
    else return;
    this.#completion.fill(0);
    writeAborted(this.#copies.command(slot), this.#completion);
    this.#answer(slot);
    if (!this.#isWorking) this.#deliver();
  }

  reset(): void {
    this.#requireOpen();
    this.#device.model.reset();
    tellReset(this.#device);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#device.parties.delete(this);
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#batched = 0;
    this.#forget();
  }

  onReset(): void {
    this.#deliver();
    this.#forget();
    this.#sink.reset();
  }

  onRemoved(): void {
    this.#deliver();
    this.#forget();
    this.#sink.removed();
  }

  onClose(): void {
    this.close();
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new FerryError("FERRY_TRANSPORT_CLOSED", "the queue of the memory transport is closed", {
      hint: "Connect again before sending commands.",
    });
  }

  #lose(slot: number): void {
    this.#states[slot] = state.lost;
    this.#lost += 1;
    this.#device.hold(1);
  }

  /** The slot of a lost command gets a new use. */
  #find(slot: number): void {
    this.#states[slot] = state.free;
    this.#lost -= 1;
    this.#device.hold(-1);
  }

  #forget(): void {
    this.#submitted.clear();
    this.#waiting.clear();
    this.#states.fill(state.free);
    this.#data.fill(undefined);
    this.#device.hold(-this.#lost);
    this.#lost = 0;
    this.#duplicates = [];
  }

  /** Puts the completion into queue memory and the batch. */
  #answer(slot: number): void {
    const { duplicateEvery } = this.#device.settings;
    this.#memory.completionBytes[slot].set(this.#completion);
    this.#states[slot] = state.free;
    this.#data[slot] = undefined;
    this.#batch[this.#batched] = slot;
    this.#batched += 1;
    this.#completions += 1;
    if (duplicateEvery > 0 && this.#completions % duplicateEvery === 0) {
      this.#duplicates.push({ slot, completion: this.#completion.slice() });
    }
  }

  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      while (this.#batched > 0) {
        const count = this.#batched;
        const slots = this.#batch;
        this.#batch = this.#delivering;
        this.#delivering = slots;
        this.#batched = 0;
        this.#sink.complete(slots, count);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #deliverDuplicates(): void {
    const due = this.#duplicates;
    this.#duplicates = [];
    for (const { slot, completion } of due) {
      this.#memory.completionBytes[slot].set(completion);
      this.#sink.complete(Int32Array.of(slot), 1);
    }
  }

  /** Has the device carry out a command. False: the device is not there as it was. */
  #carryOut(slot: number): boolean {
    const device = this.#device;
    const data = this.#data[slot];
    const direction = this.#directions[slot];
    const outcome = device.model.execute(
      "io",
      this.#copies.command(slot),
      this.#copies.list(slot) ?? (direction === dataDirection.toDevice ? data : undefined),
      direction === dataDirection.toHost ? data : undefined,
      this.#completion,
    );
    if (outcome === "completed") this.#answer(slot);
    else if (outcome === "lost") this.#lose(slot);
    else if (outcome === "reset") tellReset(device);
    else tellRemoved(device);
    return outcome === "completed" || outcome === "lost";
  }

  /** Commands that were waiting, then their completions as one batch. */
  #work(commandsMax: number, untilMs: number): void {
    for (let done = 0; done < commandsMax && this.#waiting.length > 0; done += 1) {
      if (!this.#carryOut(this.#waiting.shift())) return;
      if (untilMs > 0 && performance.now() > untilMs) break;
    }
    this.#deliver();
  }

  #workInline(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      do {
        this.#deliverDuplicates();
        this.#work(this.#memory.depth, 0);
      } while (this.#waiting.length > 0 || this.#duplicates.length > 0);
    } finally {
      this.#isWorking = false;
    }
  }

  #workTurn(): void {
    this.#turn = undefined;
    this.#isWorking = true;
    try {
      this.#deliverDuplicates();
      this.#work(this.#device.settings.commandsPerTurn, performance.now() + TURN_MS);
    } finally {
      this.#isWorking = false;
      if (this.#waiting.length > 0 || this.#duplicates.length > 0) this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#turn !== undefined || this.#isWorking || this.#isClosed) return;
    this.#turn = setImmediate(() => this.#workTurn());
  }
}
