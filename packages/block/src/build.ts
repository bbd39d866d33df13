import {
  bioTable,
  type CommandEncoder,
  type CompletionSink,
  chunkTable,
  copyLimits,
  joinWords,
  type Pairing,
  type PairingStrategy,
  type QueueMemory,
  requestTable,
  type Scheduler,
  type StrategyEngine,
  status,
  type TraceSink,
  traceKind,
} from "@blockferry/core";
import { State } from "@blockferry/core/table";
import { account, endBio, failBio } from "./account.ts";
import { complete, failAll } from "./completion.ts";
import { removeDevice } from "./control.ts";
import type { BlockDevice, BottomDevice } from "./device.ts";
import { boundaryBlocks, deviceMap } from "./device-map.ts";
import { type Engine, type HardwareQueue, step } from "./engine-state.ts";
import {
  type CommandTable,
  commandTable,
  copyTable,
  deviceTable,
  queueTable,
  residueTable,
  windowTable,
} from "./engine-tables.ts";
import { pair, reaches } from "./pair.ts";

/** Bounds of an engine's tables. */
export interface EngineBounds {
  /** Copies at one time. */
  readonly copies: number;
  /** Chunks at one time, over all copies. */
  readonly chunks: number;
  /** Source ranges of a chunk. */
  readonly ranges: number;
  /** Blocks of a chunk. */
  readonly chunkBlocks: number;
}

export interface EngineOptions {
  /** The devices that copies are submitted to; those below come with them. */
  readonly devices: readonly BlockDevice[];
  readonly strategy: PairingStrategy;
  readonly scheduler: Scheduler;
  readonly bounds?: Partial<EngineBounds>;
  readonly trace?: TraceSink | undefined;
  /** Default 30,000. Without a clock of the transport there are no deadlines. */
  readonly timeoutMs?: number;
  /** How often a part is sent again after a status that may pass. Default 5. */
  readonly retriesMax?: number;
}

/** How many pieces a stack that cuts may make of a chunk, beside its ranges. */
const PIECES = 32;

function collect(devices: readonly BlockDevice[], into: BlockDevice[]): BlockDevice[] {
  for (const device of devices) {
    if (!into.includes(device)) {
      into.push(device);
      collect(device.lower, into);
    }
  }
  return into;
}

function depthOf(device: BlockDevice): number {
  return device.kind === "bottom" ? 0 : 1 + Math.max(...device.lower.map(depthOf));
}

interface Sizes extends EngineBounds {
  readonly pieces: number;
  readonly bios: number;
  readonly windows: number;
  readonly requests: number;
  readonly residues: number;
  readonly residueReserve: number;
}

/** Bounds such that no row is ever missing: `pieces` is what a stack may make of a chunk in the worst case. */
function sizesOf(devices: readonly BlockDevice[], tags: number, options: EngineOptions): Sizes {
  const cuts = devices.some((device) => boundaryBlocks(device) !== Number.POSITIVE_INFINITY);
  const bottoms = devices.filter((device) => device.kind === "bottom");
  const widest = Math.max(...bottoms.map((device) => copyLimits(device.limits)?.rangesMax ?? 1));
  const ranges = Math.min(Math.max(1, options.bounds?.ranges ?? widest), 256);
  const copies = options.bounds?.copies ?? 256;
  const chunks = options.bounds?.chunks ?? (cuts ? 32 : 256);
  const levels = Math.max(1, ...devices.map(depthOf));
  const pieces = cuts ? levels * (ranges + 2 * PIECES + 8) : bottoms.length > 1 ? ranges : 0;
  const retries = options.retriesMax ?? 5;
  const residueReserve = tags + 2 * (ranges + pieces) + 8;
  return {
    copies,
    chunks,
    ranges,
    chunkBlocks: options.bounds?.chunkBlocks ?? 2 ** 30,
    pieces,
    bios: chunks * (ranges + 2 + 2 * pieces) + copies * (2 + (cuts ? 2 * PIECES + 4 : 0)),
    windows: chunks * (2 + pieces) + tags * (retries + 2),
    requests:
      chunks * (1 + pieces) + copies * (2 + (cuts ? 2 * PIECES + 4 : 0)) + tags * (retries + 2),
    residues: residueReserve * 4,
    residueReserve,
  };
}

function bytesOf(words: Int32Array, each: number, count: number): Uint8Array[] {
  return Array.from(
    { length: count },
    (_, slot) => new Uint8Array(words.buffer, words.byteOffset + slot * each * 4, each * 4),
  );
}

function queueMemory(table: CommandTable): QueueMemory {
  const { columns, capacity, definition } = table;
  const words = definition.columns;
  return {
    depth: capacity,
    commands: columns.command,
    commandWords: words.command,
    lists: columns.list,
    listWords: words.list,
    completions: columns.completion,
    completionWords: words.completion,
    commandBytes: bytesOf(columns.command, words.command, capacity),
    listBytes: bytesOf(columns.list, words.list, capacity),
    completionBytes: bytesOf(columns.completion, words.completion, capacity),
    generation: new Int32Array(capacity),
  };
}

function strategyEngine(e: Engine): StrategyEngine {
  const bios = e.bios.columns;
  const chunks = e.chunks.columns;
  return {
    bios: e.bios,
    chunks: e.chunks,
    windows: e.windows,
    windowRanges: e.windowRanges,
    allocateWindow: () => e.windowRows.allocate(),
    freeWindow: (window) => e.windowRows.free(window),
    allocateBio(chunk, operation) {
      const bio = e.bios.allocate();
      if (bio < 0) throw new Error(`strategy ${e.strategy.name} makes more bios than it announced`);
      bios.operation[bio] = operation;
      bios.device[bio] = chunks.device[chunk];
      bios.chunk[bio] = chunk;
      bios.root[bio] = bio;
      bios.pieces[bio] = 1;
      bios.status[bio] = status.success;
      bios.window[bio] = -1;
      bios.ranges[bio] = 0;
      chunks.bios[chunk]++;
      e.counters.bios++;
      return bio;
    },
    submit: (bio) => e.scheduler.post(step.submit, bio, chunks.lane[bios.chunk[bio]]),
    endBio: (bio, value) => endBio(e, bio, value),
    failBio: (bio, value) => failBio(e, bio, value),
    pair: (chunk, device, low, high, offset, window, ranges, owner) =>
      pair(e, chunk, device, low, high, offset, window, ranges, owner),
    reaches: (device, source) => reaches(e, device, source),
    account: (chunk, offset, blocks, value) => account(e, chunk, offset, blocks, value, -1),
    parked(bio) {
      if (e.trace === undefined) return;
      const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
      e.trace(traceKind.bioPark, bio, bios.device[bio], lba, bios.blocks[bio], bios.operation[bio]);
    },
  };
}

function completionSink(e: Engine, queue: number): CompletionSink {
  return {
    complete: (slots, count) => complete(e, queue, slots, count),
    reset: () => failAll(e, queue, status.reset),
    removed() {
      for (let device = 0; device < e.devices.length; device++) {
        if (e.queueOf[device] === queue) removeDevice(e, device);
      }
      failAll(e, queue, status.removed);
    },
  };
}

/** Lays out an engine: numbers devices, sizes and seals the state, opens the queues, lets the strategy attach. */
export function buildEngine(options: EngineOptions): Engine {
  const devices = collect(options.devices, []);
  const bottoms = devices.filter((device): device is BottomDevice => device.kind === "bottom");
  const firsts = bottoms.filter(
    (device, i) => bottoms.findIndex((other) => other.transport === device.transport) === i,
  );
  const tags = firsts.reduce((sum, device) => sum + device.queueDepth, 0);
  const sizes = sizesOf(devices, tags, options);
  const { strategy, scheduler } = options;

  const commandDefinitions = firsts.map((device, i) => {
    const { commandBytes, listBytes, completionBytes } = device.commandSet.layout;
    return commandTable(i, {
      command: commandBytes / 4,
      list: Math.max(1, listBytes / 4),
      completion: completionBytes / 4,
    });
  });
  const windowDefinition = windowTable(sizes.ranges);
  const state = new State()
    .add(bioTable, sizes.bios)
    .add(chunkTable, sizes.chunks)
    .add(requestTable, sizes.requests)
    .add(copyTable, sizes.copies)
    .add(residueTable, sizes.residues)
    .add(windowDefinition, sizes.windows)
    .add(deviceTable, devices.length)
    .add(queueTable, Math.max(1, firsts.length));
  commandDefinitions.forEach((definition, i) => {
    state.add(definition, firsts[i].queueDepth);
  });
  strategy.declare(state, { bios: sizes.bios, chunks: sizes.chunks, windowRanges: sizes.ranges });
  state.seal();

  const numberOf = (device: BlockDevice): number => devices.indexOf(device);
  const perDevice = (value: (device: BlockDevice) => number): Int32Array =>
    Int32Array.from(devices, value);
  const windowRows = state.table(windowDefinition);
  const queues: HardwareQueue[] = [];
  const e: Engine = {
    state,
    bios: state.table(bioTable),
    chunks: state.table(chunkTable),
    requests: state.table(requestTable),
    copies: state.table(copyTable),
    residues: state.table(residueTable),
    windowRows,
    deviceRows: state.table(deviceTable),
    queueRows: state.table(queueTable),
    windows: windowRows.columns.ranges,
    windowRanges: sizes.ranges,
    chunkBlocks: perDevice((device) =>
      Math.min(sizes.chunkBlocks, boundaryBlocks(device) * PIECES),
    ),
    chunksMax: sizes.chunks,
    residueReserve: sizes.residueReserve,
    devices,
    maps: devices.map((device) => deviceMap(device, numberOf)),
    queueOf: perDevice((device) =>
      device.kind === "bottom"
        ? firsts.findIndex((first) => first.transport === device.transport)
        : -1,
    ),
    transferBlocks: perDevice((device) => Math.min(device.limits.transferBlocksMax, 2 ** 30)),
    copyCapable: Uint8Array.from(devices, (device) =>
      copyLimits(device.limits) === undefined ? 0 : 1,
    ),
    queues,
    mapped: new Float64Array(2),
    rangesAtBottom: devices.every((device) => device.kind === "bottom"),
    scheduler,
    pairing: undefined as unknown as Pairing,
    strategy,
    trace: options.trace,
    timeoutMs: options.timeoutMs ?? 30_000,
    retriesMax: options.retriesMax ?? 5,
    lists: new Array(sizes.copies),
    sinks: new Array(sizes.copies).fill(null),
    buffers: new Array(sizes.copies).fill(undefined),
    orders: new Array(sizes.copies).fill(undefined),
    ioData: [],
    ioEnded: [],
    frozen: devices.map(() => []),
    waiting: Int32Array.of(-1, -1),
    counters: { bios: 0, splits: 0, requests: 0, commands: 0, requeues: 0, listBytes: 0 },
    closed: false,
  };
  for (let i = 0; i < devices.length; i++) {
    const row = e.deviceRows.allocate();
    e.deviceRows.columns.waitHead[row] = -1;
    e.deviceRows.columns.waitTail[row] = -1;
  }
  firsts.forEach((device, i) => {
    const row = e.queueRows.allocate();
    e.queueRows.columns.head[row] = -1;
    e.queueRows.columns.tail[row] = -1;
    const commands = state.table(commandDefinitions[i]);
    const memory = queueMemory(commands);
    const encoder: CommandEncoder = device.commandSet.open(memory, devices.length);
    queues.push({
      commands,
      encoder,
      generation: memory.generation,
      lists: memory.lists,
      describe: Array.from({ length: memory.depth }, (_, slot) => () => encoder.describe(slot)),
      data: new Array(memory.depth).fill(undefined),
      labels: new Int32Array(memory.depth),
      clock: device.transport.clock,
      transport: device.transport.connect(memory, completionSink(e, i)),
      disarm: undefined,
    });
  });
  for (const device of bottoms) {
    const number = numberOf(device);
    queues[e.queueOf[number]].encoder.bind(number, device.target);
  }
  e.pairing = strategy.attach(strategyEngine(e), state);
  return e;
}
