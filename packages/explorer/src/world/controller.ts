import {
  type Clock,
  type CompletionSink,
  dataDirection,
  joinWords,
  type QueueMemory,
  status as statuses,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";
import {
  RANGE_BLOCKS as ENTRY_BLOCKS,
  RANGE_DEVICE as ENTRY_DEVICE,
  RANGE_HIGH as ENTRY_HIGH,
  RANGE_LOW as ENTRY_LOW,
  RANGE_WORDS as ENTRY_WORDS,
} from "@blockferry/core/plan";
import { defineTable, type State, type Table, type TableDefinition } from "@blockferry/core/table";
import {
  commandKind as commandKinds,
  COMMAND_WORDS as WORDS_OF_COMMAND,
  COMPLETION_WORDS as WORDS_OF_COMPLETION,
} from "./label-command-set.ts";
import type { Labels } from "./labels.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const RANGE_BLOCKS = ENTRY_BLOCKS;
const RANGE_DEVICE = ENTRY_DEVICE;
const RANGE_HIGH = ENTRY_HIGH;
const RANGE_LOW = ENTRY_LOW;
const RANGE_WORDS = ENTRY_WORDS;
const COMMAND_WORDS = WORDS_OF_COMMAND;
const COMPLETION_WORDS = WORDS_OF_COMPLETION;
const commandKind = commandKinds;
const status = statuses;

/** How far a command is at the device. */
const flightStates = {
  /** The device has it. */
  sent: 1,
  /** Its host has given up waiting for the answer, and asked the device to abort it. */
  late: 2,
  /** It was answered; a second answer is on its way. */
  echo: 3,
} as const;
export const flight: typeof flightStates = flightStates;

/** Commands that a device has, or has an answer to. */
export type FlightColumns = {
  readonly command: "word";
  readonly state: "word";
  readonly carriedOut: "word";
  readonly dataAt: "word";
  readonly dataWords: "word";
  readonly toHost: "word";
  readonly slot: "word";
  readonly serial: "word";
};

function flightTable(queue: number): TableDefinition<FlightColumns> {
  return defineTable(
    `flight${queue}`,
    {
      command: `handle:command${queue}` as "word",
      state: "word",
      carriedOut: "word",
      dataAt: "word",
      dataWords: "word",
      toHost: "word",
      slot: "word",
      serial: "word",
    },
    // The tag says nothing that the command does not.
    { linked: false, idle: ["slot", "serial"] },
  );
}

export interface ControllerOptions {
  readonly queue: number;
  readonly labels: Labels;
  readonly timeoutMs: number;
  readonly checksAnswers: boolean;
  /** Copies the destination over the source. */
  readonly reversesCopies: boolean;
  /** Blocks of one source range at most, by the number of a device; `undefined` where no driver sends more. */
  readonly rangeBlocksMax: ((device: number) => number) | undefined;
  /** Asked before a command is sent; throws on what must not be. */
  readonly inspect: (queue: number, slot: number, memory: QueueMemory) => void;
}

/**
 * The device's end of a queue. It carries out and answers commands when it is told to; all it knows lies in tables.
 */
export class Controller {
  declare flights: Table<FlightColumns>;
  private readonly options: ControllerOptions;
  private readonly definition: TableDefinition<FlightColumns>;
  declare private memory: QueueMemory;
  declare private sink: CompletionSink;
  private handleOf: (slot: number) => number = () => -1;
  private readonly slots = new Int32Array(1);
  readonly transport: Transport;

  constructor(options: ControllerOptions) {
    this.options = options;
    this.definition = flightTable(options.queue);
    this.transport = {
      name: `label${options.queue}`,
      supports: { queueDepthMax: 64 },
      clock: this.clock(),
      execute: () => Promise.reject(new Error("devices of labels have no admin commands")),
      connect: (memory, sink) => this.connect(memory, sink),
      close: () => Promise.resolve(),
    };
  }

  /** Delays are over at once, as a step that may run at any time; deadlines pass when the explorer says so. */
  private clock(): Clock {
    const { timeoutMs } = this.options;
    const nothing = (): void => {};
    return {
      nowMs: () => 0,
      after(delayMs, wake) {
        if (delayMs < timeoutMs) wake();
        return nothing;
      },
    };
  }

  declare(state: State, flightsMax: number): void {
    state.add(this.definition, flightsMax);
  }

  /** Takes the tables once the state is sealed. */
  open(state: State): void {
    this.flights = state.table(this.definition);
    const commands = state.tables.find((table) => table.name === `command${this.options.queue}`);
    if (commands === undefined) throw new Error("the engine has no such queue");
    this.handleOf = (slot) => commands.handle(slot);
  }

  private connect(memory: QueueMemory, sink: CompletionSink): TransportQueue {
    this.memory = memory;
    this.sink = sink;
    return {
      submit: (slot, _listBytes, data, direction) => this.take(slot, data, direction),
      doorbell() {},
      abort: (slot) => this.abort(slot),
      reset: () => this.reset(),
      close() {},
    };
  }

  private take(slot: number, data: Uint8Array | undefined, direction: number): void {
    this.options.inspect(this.options.queue, slot, this.memory);
    const row = this.flights.allocate();
    if (row < 0) throw new Error("more commands are in flight than the world has room for");
    const { columns } = this.flights;
    columns.command[row] = this.handleOf(slot);
    columns.state[row] = flightStates.sent;
    columns.carriedOut[row] = 0;
    columns.dataAt[row] = data === undefined ? -1 : data.byteOffset / 4;
    columns.dataWords[row] = data === undefined ? 0 : data.byteLength / 4;
    columns.toHost[row] = direction === dataDirection.toHost ? 1 : 0;
    columns.slot[row] = slot;
    columns.serial[row] = this.memory.generation[slot];
  }

  private abort(slot: number): void {
    const { columns } = this.flights;
    for (let row = 0; row < this.flights.capacity; row++) {
      if (!this.flights.isLive(row) || columns.slot[row] !== slot) continue;
      if (columns.state[row] === flightStates.sent) columns.state[row] = flightStates.late;
    }
  }

  /** Forgets everything; the host is told. */
  private reset(): void {
    this.forget();
    this.sink.reset();
  }

  private forget(): void {
    for (let row = 0; row < this.flights.capacity; row++) {
      if (this.flights.isLive(row)) this.flights.free(row);
    }
  }

  /** True for a copy with a range that is longer than its device takes: nothing of it is carried out. */
  refuses(row: number): boolean {
    const { rangeBlocksMax } = this.options;
    if (rangeBlocksMax === undefined) return false;
    const { commands, lists, listWords } = this.memory;
    const slot = this.flights.columns.slot[row];
    const at = slot * COMMAND_WORDS;
    if (commands[at] !== commandKind.copy) return false;
    const most = rangeBlocksMax(commands[at + 1]);
    for (let range = 0; range < commands[at + 5]; range++) {
      if (lists[slot * listWords + range * RANGE_WORDS + RANGE_BLOCKS] > most) return true;
    }
    return false;
  }

  /** Carries a command out, up to `blocks` blocks of it. */
  carryOut(row: number, blocks: number): void {
    if (this.refuses(row)) return;
    const { columns } = this.flights;
    // What was carried out in part is carried out again by an answer that comes late.
    columns.carriedOut[row] = blocks >= this.blocksOf(row) ? 1 : 0;
    const { commands, lists, listWords } = this.memory;
    const slot = columns.slot[row];
    const at = slot * COMMAND_WORDS;
    const to = this.options.labels.indexOf(
      commands[at + 1],
      joinWords(commands[at + 2], commands[at + 3]),
    );
    const { words } = this.options.labels;
    if (commands[at] === commandKind.copy) {
      let left = Math.min(blocks, commands[at + 4]);
      let into = to;
      for (let range = 0; left > 0; range++) {
        const entry = slot * listWords + range * RANGE_WORDS;
        const lba = joinWords(lists[entry + RANGE_LOW], lists[entry + RANGE_HIGH]);
        const from = this.options.labels.indexOf(lists[entry + RANGE_DEVICE], lba);
        const length = Math.min(lists[entry + RANGE_BLOCKS], left);
        if (this.options.reversesCopies) words.copyWithin(from, into, into + length);
        else words.copyWithin(into, from, from + length);
        into += length;
        left -= length;
      }
      return;
    }
    const { state } = this.options.labels;
    const length = Math.min(blocks, commands[at + 4]);
    const data = columns.dataAt[row];
    if (commands[at] === commandKind.read) state.set(words.subarray(to, to + length), data);
    else if (commands[at] === commandKind.write) words.set(state.subarray(data, data + length), to);
  }

  blocksOf(row: number): number {
    return this.memory.commands[this.flights.columns.slot[row] * COMMAND_WORDS + 4];
  }

  /** Answers a command; `keeps` leaves it in the table for a second answer. */
  answer(row: number, value: number, retryable: boolean, keeps = false): void {
    const { columns } = this.flights;
    const slot = columns.slot[row];
    const isStale = this.memory.generation[slot] !== columns.serial[row];
    const told = value === status.success && this.refuses(row) ? status.limitExceeded : value;
    if (keeps) columns.state[row] = flightStates.echo;
    else this.flights.free(row);
    if (isStale && this.options.checksAnswers) return;
    const at = slot * COMPLETION_WORDS;
    this.memory.completions[at] = told;
    this.memory.completions[at + 1] = retryable ? 1 : 0;
    this.memory.completions[at + 2] = 0;
    this.slots[0] = slot;
    this.sink.complete(this.slots, 1);
  }

  /** The device resets itself. */
  resetByItself(): void {
    this.reset();
  }

  /** The device goes away. */
  remove(): void {
    this.forget();
    this.sink.removed();
  }

  /** An aborted command is answered as such. */
  answerAborted(row: number): void {
    this.answer(row, status.aborted, true);
  }
}
