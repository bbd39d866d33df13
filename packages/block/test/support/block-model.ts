import {
  type Clock,
  type CommandEncoder,
  type CommandSet,
  type CommandTarget,
  type CompletionSink,
  copyLimits,
  dataDirection,
  joinWords,
  type QueueLimits,
  type QueueMemory,
  status,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";
import { planCommand, plannedBlocks, RANGE_WORDS, windowLayout } from "@blockferry/core/plan";
import { type BottomDevice, blockDevice } from "../../src/index.ts";

/*
 * A device as plain as can be, for tests of the engine alone: its commands are five words (operation, unit, address,
 * blocks), its list is a window as it stands, and a block is one number, its label.
 */
const WORDS = 8;

export interface UnitOptions {
  readonly blocks: number;
  readonly limits?: Partial<QueueLimits>;
}

/** What a test may do to the next commands. */
export interface Behaviour {
  /** Returns the status to answer a command with, or undefined to carry it out. */
  refuse?: (command: {
    kind: number;
    unit: number;
    lba: number;
    blocks: number;
    sources: number[];
  }) => number | undefined;
  /** Copied ranges reported and done before a refusal. */
  rangesDone?: number;
  retryable?: boolean;
  /** Commands are kept, unanswered, while this is true. */
  hold?: boolean;
}

export interface Unit {
  readonly target: CommandTarget & { readonly limits: QueueLimits; readonly unit: number };
  /** Label of each block. */
  readonly labels: Float64Array;
}

export interface TestController {
  readonly units: readonly Unit[];
  readonly devices: readonly BottomDevice[];
  readonly behaviour: Behaviour;
  /** Commands in the order in which they were carried out or refused. */
  readonly log: { kind: number; unit: number; lba: number; blocks: number; ranges: number }[];
  readonly sinks: CompletionSink[];
  resets: number;
  aborts: number;
  /** Answers what is held. */
  release(): void;
}

const KIND = { read: 0, write: 1, flush: 2, copy: 5 };
const BYTES = 8;

/** A controller with units whose blocks hold 8 bytes, a label each. */
export function testController(
  units: readonly UnitOptions[],
  options: { depth?: number; clock?: Clock; crossDevice?: boolean } = {},
): TestController {
  const made: Unit[] = units.map((unit, i) => ({
    target: {
      family: "test",
      unit: i,
      capacityBlocks: unit.blocks,
      bytesPerBlock: BYTES,
      limits: {
        bytesPerBlock: BYTES,
        transferBlocksMax: 16,
        copyShape: "many-to-one",
        copyBlocksMax: 24,
        copyRangesMax: 4,
        copyRangeBlocksMax: 8,
        copyCrossDevice: options.crossDevice === true,
        ...unit.limits,
      },
    },
    labels: Float64Array.from({ length: unit.blocks }, (_, lba) => (i + 1) * 1e9 + lba),
  }));
  const behaviour: Behaviour = {};
  const commandSet: CommandSet = {
    name: "test",
    layout: { commandBytes: WORDS * 4, listBytes: 256 * RANGE_WORDS * 4, completionBytes: 16 },
    open: (memory, devicesMax) => encoder(memory, devicesMax, options.crossDevice === true),
  };
  const controller: TestController = {
    units: made,
    devices: [],
    behaviour,
    log: [],
    sinks: [],
    resets: 0,
    aborts: 0,
    release: () => {
      behaviour.hold = false;
      for (const answer of held.splice(0)) answer();
    },
  };
  const held: (() => void)[] = [];
  const transport: Transport = {
    name: "test",
    supports: { queueDepthMax: 64 },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    execute: () => Promise.reject(new Error("no admin commands here")),
    connect: (memory, sink) => connect(controller, memory, sink, held),
    close: () => Promise.resolve(),
  };
  const devices = made.map(({ target }, i) =>
    blockDevice({
      name: `unit${i}`,
      target,
      commandSet,
      transport,
      queueDepth: options.depth ?? 4,
    }),
  );
  return Object.assign(controller, { devices });
}

function encoder(memory: QueueMemory, devicesMax: number, crossDevice: boolean): CommandEncoder {
  const { commands, lists, completions, listWords } = memory;
  const units = new Int32Array(devicesMax);
  const listBytes = new Int32Array(memory.depth);
  const bounds: { rangesMax: number; rangeBlocksMax: number; blocksMax: number }[] = [];
  const put = (
    slot: number,
    kind: number,
    device: number,
    low: number,
    high: number,
    blocks: number,
  ): void => {
    commands.set([kind, units[device], low, high, blocks, memory.generation[slot]], slot * WORDS);
    listBytes[slot] = 0;
  };
  return {
    bind(device, target) {
      units[device] = (target as Unit["target"]).unit;
      bounds[device] = copyLimits((target as Unit["target"]).limits) ?? {
        rangesMax: 1,
        rangeBlocksMax: 1,
        blocksMax: 1,
      };
    },
    copy(slot, device, low, high, window, base, count, cursor, cursorAt) {
      const at = slot * listWords;
      const ranges = planCommand(
        window,
        base,
        count,
        cursor,
        cursorAt,
        bounds[device],
        lists,
        at,
        windowLayout,
        units,
      );
      put(slot, KIND.copy, device, low, high, cursor[cursorAt + 2]);
      listBytes[slot] = ranges * RANGE_WORDS * 4;
      return ranges;
    },
    copiedBlocks: (device, window, base, count, range, offset, ranges) =>
      plannedBlocks(window, base, count, range, offset, bounds[device], ranges),
    read: (slot, device, low, high, blocks) => put(slot, KIND.read, device, low, high, blocks),
    write: (slot, device, low, high, blocks) => put(slot, KIND.write, device, low, high, blocks),
    flush: (slot, device) => put(slot, KIND.flush, device, 0, 0, 0),
    listBytesOf: (slot) => listBytes[slot],
    interpret: (slot) => completions[slot * 4],
    isRetryable: (slot) => completions[slot * 4 + 1] !== 0,
    rangesDone: (slot) => completions[slot * 4 + 2],
    describe: (slot) => ({
      family: "test",
      code: completions[slot * 4],
      name: "test status",
      fields: {},
    }),
    reaches: (device, source) => device === source || crossDevice,
  };
}

function connect(
  controller: TestController,
  memory: QueueMemory,
  sink: CompletionSink,
  held: (() => void)[],
): TransportQueue {
  controller.sinks.push(sink);
  const submitted: {
    slot: number;
    listBytes: number;
    data: Uint8Array | undefined;
    direction: number;
  }[] = [];
  let open = new Set<number>();
  const answer = (slot: number): void => {
    if (open.delete(slot)) sink.complete(Int32Array.of(slot), 1);
  };
  return {
    submit: (slot, listBytes, data, direction) =>
      submitted.push({ slot, listBytes, data, direction }),
    doorbell() {
      for (const entry of submitted.splice(0)) {
        open.add(entry.slot);
        const act = (): void => {
          carryOut(controller, memory, entry.slot, entry.listBytes, entry.data, entry.direction);
          answer(entry.slot);
        };
        if (controller.behaviour.hold === true) held.push(act);
        else act();
      }
    },
    abort() {
      controller.aborts++;
    },
    reset() {
      controller.resets++;
      open = new Set();
      held.splice(0);
      sink.reset();
    },
    close() {},
  };
}

function carryOut(
  controller: TestController,
  memory: QueueMemory,
  slot: number,
  listBytes: number,
  data: Uint8Array | undefined,
  direction: number,
): void {
  const { behaviour, units, log } = controller;
  const [kind, unit, low, high, blocks] = memory.commands.subarray(
    slot * WORDS,
    slot * WORDS + WORDS,
  );
  const lba = joinWords(low, high);
  const labels = units[unit].labels;
  const ranges = listBytes / (RANGE_WORDS * 4);
  const answer = memory.completions.subarray(slot * 4, slot * 4 + 4);
  const list = memory.lists.slice(
    slot * memory.listWords,
    slot * memory.listWords + ranges * RANGE_WORDS,
  );
  const sources = Array.from({ length: ranges }, (_, i) =>
    joinWords(list[i * 4 + 1], list[i * 4 + 2]),
  );
  log.push({ kind, unit, lba, blocks, ranges });
  const refused = behaviour.refuse?.({ kind, unit, lba, blocks, sources });
  const done = refused === undefined ? ranges : (behaviour.rangesDone ?? 0);
  answer.set([
    refused ?? status.success,
    behaviour.retryable === true ? 1 : 0,
    refused === undefined ? 0 : done,
    0,
  ]);
  if (kind === KIND.copy) {
    let to = lba;
    for (let i = 0; i < done; i++) {
      const from = units[list[i * 4]].labels;
      labels.set(from.slice(sources[i], sources[i] + list[i * 4 + 3]), to);
      to += list[i * 4 + 3];
    }
  } else if (refused === undefined && data !== undefined) {
    const bytes = new Uint8Array(labels.buffer, lba * BYTES, blocks * BYTES);
    if (direction === dataDirection.toHost) data.set(bytes);
    else bytes.set(data);
  }
}
