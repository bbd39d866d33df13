import {
  type BlockDevice,
  type BlockEngine,
  blockEngine,
  bottomsOf,
  step,
} from "@blockferry/block";
import {
  type BioColumns,
  type ChunkColumns,
  copyLimits,
  joinWords,
  type PairingStrategy,
  type QueueMemory,
  type RequestColumns,
  status,
  type TraceSink,
} from "@blockferry/core";
import {
  RANGE_BLOCKS as ENTRY_BLOCKS,
  RANGE_DEVICE as ENTRY_DEVICE,
  RANGE_HIGH as ENTRY_HIGH,
  RANGE_LOW as ENTRY_LOW,
  RANGE_WORDS as ENTRY_WORDS,
} from "@blockferry/core/plan";
import {
  type ColumnKinds,
  defineTable,
  type Fingerprinter,
  fingerprinter,
  type State,
  type Table,
  type TableDefinition,
} from "@blockferry/core/table";
import type { Scenario } from "../scenario.ts";
import { Chance } from "./chance.ts";
import { Controller } from "./controller.ts";
import { Copies, copyState } from "./copies.ts";
import { idleColumns } from "./idle-columns.ts";
import {
  commandKind as commandKinds,
  COMMAND_WORDS as WORDS_OF_COMMAND,
} from "./label-command-set.ts";
import { Labels, labelOf, originOf, staleLabel } from "./labels.ts";
import { buildDevices, devicesBelow, mappingOf, placeOf } from "./layout.ts";
import { Queues } from "./queues.ts";
import { Steps } from "./steps.ts";
import { Violation } from "./violation.ts";
import { type BufferColumns, boundsOf, copySizes, memoryOf } from "./world-sizes.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const RANGE_BLOCKS = ENTRY_BLOCKS;
const RANGE_DEVICE = ENTRY_DEVICE;
const RANGE_HIGH = ENTRY_HIGH;
const RANGE_LOW = ENTRY_LOW;
const RANGE_WORDS = ENTRY_WORDS;
const COMMAND_WORDS = WORDS_OF_COMMAND;
const commandKind = commandKinds;

/** Columns of the engine's tables that a world looks at. */
type CopyRowColumns = {
  readonly plugged: "word";
  readonly plugHead: "word";
  readonly told: "number";
};

/** Of each device of the engine: whether somebody holds bios back from it. */
type GateColumns = { readonly held: "word" };
const gateTable: TableDefinition<GateColumns> = defineTable(
  "gate",
  { held: "word" },
  { fixed: true, linked: false, linear: true },
);
export const gate = { open: 0, frozen: 1, suspended: 2 } as const;

const TIMEOUT_MS = 1000;

export interface WorldOptions {
  readonly trace?: TraceSink | undefined;
}

/** An engine with all that is around it, in one state. */
export class World {
  readonly scenario: Scenario;
  readonly strategy: PairingStrategy;
  readonly engine: BlockEngine;
  readonly state: State;
  readonly print: Fingerprinter;
  readonly steps: Steps = new Steps();
  readonly chance: Chance;
  readonly copies: Copies;
  readonly labels: Labels;
  readonly controllers: readonly Controller[];
  readonly gates: Table<GateColumns>;
  readonly top: BlockDevice;
  /** Engine numbers of bottom devices, of the mapping and of the devices below it. */
  readonly bottoms: readonly number[];
  readonly mapping: number;
  readonly tables: number;
  private readonly belowMapping: Uint8Array;
  private readonly spareFrom: number;
  readonly bios: Table<BioColumns>;
  readonly chunks: Table<ChunkColumns>;
  readonly requests: Table<RequestColumns>;
  readonly copyRows: Table<CopyRowColumns>;
  readonly queues: Queues;
  private readonly deviceRows: Table<{ readonly table: "word" }>;
  private readonly baseline: readonly (readonly [Table, number])[];
  /** A copy has ended in the step that runs: its task may go on. */
  private hasEnded = false;

  constructor(scenario: Scenario, strategy: PairingStrategy, options: WorldOptions = {}) {
    this.scenario = scenario;
    this.strategy = strategy;
    this.chance = new Chance(scenario);
    const total = scenario.devices.reduce((sum, device) => sum + device.blocks, 0);
    this.labels = new Labels(total);
    this.controllers = this.makeControllers();
    this.top = buildDevices(scenario, (number) => this.controllers[number].transport);
    this.copies = new Copies(scenario, this.top);
    const rows = scenario.tasks.reduce(
      (sum, task) => sum + (task.atOnce === true ? task.copies.length : 1),
      0,
    );
    const buffers = this.buffersOf(rows);
    this.engine = blockEngine({
      devices: [this.top],
      strategy,
      scheduler: this.steps,
      declare: (state) => this.declare(state, rows, buffers),
      trace: options.trace,
      timeoutMs: TIMEOUT_MS,
      retriesMax: scenario.retriesMax ?? 1,
      bounds: boundsOf(scenario, this.copies.copies, rows),
      emulates: scenario.emulate === true,
      faults: this.chance,
      defects: scenario.defects,
      isTidy: true,
      ...(buffers === undefined ? {} : { memory: (copy) => memoryOf(this.state, buffers, copy) }),
      settled: (row, offset, blocks, value) =>
        this.copies.settle(this.copyIn(row), offset, blocks, value === status.success),
      copyEnded: (row, value) => this.copyEnded(row, value),
    });
    const { devices, state } = this.engine;
    this.state = state;
    const numberOf = (device: BlockDevice): number => devices.indexOf(device);
    const mapping = mappingOf(this.top);
    this.mapping = mapping === undefined ? -1 : numberOf(mapping);
    this.tables = mapping?.tables.length ?? 1;
    const below = mapping === undefined ? new Set<BlockDevice>() : devicesBelow(mapping);
    this.belowMapping = Uint8Array.from(devices, (device) => (below.has(device) ? 1 : 0));
    this.bottoms = [...new Set(bottomsOf(this.top).map(numberOf))];
    this.gates = state.table(gateTable);
    this.bios = this.tableOf("bio");
    this.chunks = this.tableOf("chunk");
    this.requests = this.tableOf("request");
    this.copyRows = this.tableOf("copy");
    this.deviceRows = this.tableOf("device");
    this.queues = new Queues({
      rows: this.tableOf("queue"),
      commands: this.controllers.map((_, i) => this.tableOf(`command${i}`)),
      requests: this.requests,
      chunks: this.chunks,
    });
    this.spareFrom = this.top.capacityBlocks;
    this.open(buffers, numberOf);
    this.baseline = state.tables
      .filter((table) => !["step", "lane", "outcome"].includes(table.name))
      .map((table) => [table, table.used] as const);
    this.print = fingerprinter(state, {
      idle: idleColumns(scenario),
    });
    this.begin();
  }

  private makeControllers(): Controller[] {
    const { devices, checksAnswers = true, reversesCopies = false, cutsRanges } = this.scenario;
    const count = 1 + Math.max(...devices.map((device) => device.controller ?? 0));
    return Array.from(
      { length: count },
      (_, queue) =>
        new Controller({
          queue,
          labels: this.labels,
          timeoutMs: TIMEOUT_MS,
          checksAnswers,
          reversesCopies,
          rangeBlocksMax:
            cutsRanges === false
              ? (device) => copyLimits(this.engine.devices[device].limits)?.rangeBlocksMax ?? 0
              : undefined,
          inspect: (number, slot, memory) => this.inspect(number, slot, memory),
        }),
    );
  }

  /** Memory for copies through the host, where they are allowed. */
  private buffersOf(rows: number): TableDefinition<BufferColumns> | undefined {
    if (this.scenario.emulate !== true || rows === 0) return undefined;
    const words = Math.max(...this.copies.copies.map((copy) => copy.blocks));
    return defineTable("buffer", { words }, { fixed: true, linked: false });
  }

  private declare(
    state: State,
    rows: number,
    buffers: TableDefinition<BufferColumns> | undefined,
  ): void {
    const { scenario } = this;
    state.layInMemory();
    this.chance.declare(state);
    this.labels.declare(state);
    this.copies.declare(state);
    const depth = scenario.devices.reduce((sum, device) => sum + (device.queueDepth ?? 8), 0);
    for (const controller of this.controllers) controller.declare(state, depth + 2);
    state.add(gateTable, scenario.devices.length + (scenario.stack?.length ?? 0));
    const { bios } = copySizes(scenario, this.copies.copies);
    // A bio has one step at a time; so have a submitter for its plug, for copying through the host and for each deferral.
    Steps.declare(state, bios * rows + rows * 4 + 8, rows);
    if (buffers !== undefined) state.add(buffers, rows);
  }

  private tableOf<C extends ColumnKinds>(name: string): Table<C> {
    const table = this.state.tables.find((each) => each.name === name);
    if (table === undefined) throw new Error(`the engine has no table ${name}`);
    return table as unknown as Table<C>;
  }

  private open(
    buffers: TableDefinition<BufferColumns> | undefined,
    numberOf: (device: BlockDevice) => number,
  ): void {
    const { state, engine } = this;
    const bases = new Int32Array(engine.devices.length).fill(-1);
    let base = 0;
    for (const number of this.bottoms) {
      bases[number] = base;
      base += engine.devices[number].capacityBlocks;
    }
    this.chance.open(state);
    this.labels.open(state, bases);
    this.steps.open(state);
    for (const controller of this.controllers) controller.open(state);
    for (const { name } of engine.devices) {
      if (this.gates.allocate() < 0) throw new Error(`there is no gate for device ${name}`);
    }
    if (buffers !== undefined) {
      const table = state.table(buffers);
      while (table.allocate() >= 0);
    }
    this.copies.open(state, this.labels, numberOf, this.tables);
    const { words } = this.labels;
    for (let place = 0; place < words.length; place++) {
      words[place] = labelOf(this.spareFrom + place);
    }
    for (let lba = 0; lba < this.top.capacityBlocks; lba++) {
      const place = placeOf(this.top, lba, 0);
      words[this.labels.indexOf(numberOf(place.device), place.lba)] = labelOf(lba);
    }
  }

  /** Submits the first copies of all tasks. Where memory cannot fail, their bios are made at once. */
  private begin(): void {
    this.advance();
    if (this.scenario.happens?.allocationFailure !== undefined) return;
    for (;;) {
      const { rows } = this.steps;
      let slot = 0;
      while (slot < rows.capacity && !(rows.isLive(slot) && rows.columns.kind[slot] === step.start))
        slot++;
      if (slot === rows.capacity) return;
      this.steps.run(slot);
    }
  }

  /** Tasks whose copies have ended submit their next ones. */
  private advance(): void {
    const { tasks } = this.scenario;
    const { copies } = this.copies;
    const { state, row } = this.copies.table.columns;
    let task = -1;
    let isBusy = false;
    // Copies are in the order of their tasks.
    for (let copy = 0; copy < copies.length; copy++) {
      if (copies[copy].task !== task) isBusy = false;
      task = copies[copy].task;
      if (state[copy] === copyState.running) isBusy = true;
      if (state[copy] !== copyState.waiting || (isBusy && tasks[task].atOnce !== true)) continue;
      const handle = this.submit(copy);
      row[copy] = this.copyRows.slotOf(handle);
      state[copy] = copyState.running;
      isBusy = true;
    }
  }

  private submit(copy: number): number {
    const { first, count, blocks, destination } = this.copies.copies[copy];
    const top = this.engine.deviceNumber(this.top);
    const options = this.scenario.emulate === true ? { emulate: true } : {};
    const { list } = this.copies;
    return this.engine.submit(top, top, list, first, count, blocks, destination, 0, options);
  }

  /** The copy of the scenario that runs in a row of the engine. */
  private copyIn(row: number): number {
    const copy = this.copies.inRow(row);
    if (copy < 0) throw new Violation("twice", "something of a copy happens after its end");
    return copy;
  }

  private copyEnded(row: number, value: number): void {
    const copy = this.copyIn(row);
    const told = this.copyRows.columns.told[row];
    const { columns } = this.copies.table;
    this.copies.end(copy, told, this.labels.words, this.tableInForce());
    columns.state[copy] = copyState.ended;
    columns.status[copy] = value;
    columns.row[copy] = -1;
    this.hasEnded = true;
  }

  /** The table of the mapping that is in force. */
  tableInForce(): number {
    if (this.mapping < 0) return 0;
    return this.deviceRows.columns.table[this.mapping];
  }

  /** Looks at a copy command before it is sent: it carries its copy's own blocks to their own places. */
  private inspect(queue: number, slot: number, memory: QueueMemory): void {
    const at = slot * COMMAND_WORDS;
    const { commands, lists, listWords } = memory;
    if (commands[at] !== commandKind.copy) return;
    const { request, offset } = this.queues.commands[queue].columns;
    const chunk = this.requests.columns.chunk[request[slot]];
    const copy = this.copyIn(this.chunks.columns.copy[chunk]);
    const place = this.copies.placesOf(this.tableInForce());
    const { destination } = this.copies.copies[copy];
    const { words } = this.labels;
    let block = this.chunks.columns.offset[chunk] + offset[slot];
    let to = this.labels.indexOf(commands[at + 1], joinWords(commands[at + 2], commands[at + 3]));
    for (let range = 0; range < commands[at + 5]; range++) {
      const entry = slot * listWords + range * RANGE_WORDS;
      const lba = joinWords(lists[entry + RANGE_LOW], lists[entry + RANGE_HIGH]);
      let from = this.labels.indexOf(lists[entry + RANGE_DEVICE], lba);
      for (let i = 0; i < lists[entry + RANGE_BLOCKS]; i++) {
        const label = words[from++];
        if (originOf(label) !== this.copies.wants(copy, block)) {
          this.copies.refuse(copy, block, label, "a command is sent");
        }
        if (place[destination + block] !== to++) {
          const message = `a command is sent: ${this.copies.nameOf(copy)}'s block ${block} goes to another place`;
          throw new Violation("wrong-place", message);
        }
        block++;
      }
    }
  }

  /** True while somebody holds bios back from a device. */
  isAnyHeld(): boolean {
    const { held } = this.gates.columns;
    for (let device = 0; device < this.gates.used; device++)
      if (held[device] !== gate.open) return true;
    return false;
  }

  /** The handle of a running copy. */
  handleOf(copy: number): number {
    return this.copyRows.handle(this.copies.table.columns.row[copy]);
  }

  /** Before a move: what an earlier one left half done when it threw is forgotten. */
  beginMove(script: number): void {
    this.hasEnded = false;
    this.chance.begin(script);
  }

  /** After a move: tasks whose copies have ended go on. */
  settleMove(): void {
    if (!this.hasEnded) return;
    this.hasEnded = false;
    this.advance();
  }

  /** Deadlines of one command of a queue have passed. */
  expire(queue: number, slot: number): void {
    this.queues.commands[queue].columns.deadline[slot] = 0;
    this.steps.runNow(step.timeout, queue);
  }

  /** True while a bio is below the mapping: who suspends it waits. */
  isBelowMapping(): boolean {
    const { device } = this.bios.columns;
    let left = this.bios.used;
    for (let bio = 0; left > 0; bio++) {
      if (!this.bios.isLive(bio)) continue;
      left--;
      if (device[bio] >= 0 && this.belowMapping[device[bio]] !== 0) return true;
    }
    return false;
  }

  /** The mapping changes to its next table; the blocks go along, and leave nothing behind that anybody may read. */
  swap(): void {
    const before = this.tableInForce();
    const after = (before + 1) % this.tables;
    const { words } = this.labels;
    const from = this.copies.placesOf(before);
    const to = this.copies.placesOf(after);
    const content = Int32Array.from(from, (place) => words[place]);
    for (let lba = 0; lba < from.length; lba++) {
      if (from[lba] !== to[lba]) words[from[lba]] = staleLabel(from[lba]);
    }
    for (let lba = 0; lba < to.length; lba++) words[to[lba]] = content[lba];
    this.engine.reload(this.mapping, after);
  }

  /** Checks a state in which nothing happens by itself any more. Throws a `Violation`. */
  checkEnd(): void {
    const { state } = this.copies.table.columns;
    for (let copy = 0; copy < this.copies.copies.length; copy++) {
      if (state[copy] !== copyState.ended) {
        throw new Violation("wait", `${this.copies.nameOf(copy)} waits for ever`);
      }
    }
    this.copies.checkBlocks(this.labels.words, this.tableInForce(), this.spareFrom);
    for (const [table, used] of this.baseline) {
      if (table.used !== used) {
        const rows = table.used - used;
        throw new Violation("leak", `${rows} of table ${table.name} are taken after all has ended`);
      }
    }
  }
}
