import {
  type BioColumns,
  bioTable,
  type ChunkColumns,
  type CompletionSink,
  chunkTable,
  copyLimits,
  type PairingStrategy,
  type RequestColumns,
  requestTable,
  type Scheduler,
  status,
} from "@blockferry/core";
import { State, type TableDefinition } from "@blockferry/core/table";
import { complete, failAll } from "./completion.ts";
import { removeDevice } from "./control.ts";
import { type BlockDevice, type BottomDevice, numberDevices } from "./device.ts";
import { boundaryBlocks, deviceMap, PIECES } from "./device-map.ts";
import type { BlockEngineOptions } from "./engine-options.ts";
import type { Engine, HardwareQueue } from "./engine-state.ts";
import {
  type CommandColumns,
  commandTable,
  copyTable,
  DEVICE_BY_ADDRESS,
  deviceTable,
  engineTable,
  queueTable,
  residueTable,
  type WindowColumns,
  windowTable,
} from "./engine-tables.ts";
import { hotPath } from "./hot-path.ts";
import { queueMemory } from "./queue-memory.ts";
import { queuePath } from "./queue-path.ts";
import { type Sizes, sizesOf } from "./sizes.ts";
import { strategyEngine } from "./strategy-engine.ts";

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

/** The tables of an engine, laid out. */
interface Tables {
  readonly state: State;
  readonly bios: TableDefinition<BioColumns>;
  readonly chunks: TableDefinition<ChunkColumns>;
  readonly requests: TableDefinition<RequestColumns>;
  readonly windows: TableDefinition<WindowColumns>;
  /** By queue. */
  readonly commands: readonly TableDefinition<CommandColumns>[];
}

function layOut(
  sizes: Sizes,
  devices: readonly BlockDevice[],
  queues: readonly BottomDevice[],
  strategy: PairingStrategy,
  declare: (state: State) => void,
): Tables {
  const commands = queues.map(({ commandSet }, i) =>
    commandTable(i, {
      command: commandSet.layout.commandBytes / 4,
      list: Math.max(1, commandSet.layout.listBytes / 4),
      completion: commandSet.layout.completionBytes / 4,
    }),
  );
  const windows = windowTable(sizes.ranges);
  const bios = bioTable(strategy.tokens);
  const chunks = chunkTable(strategy.tokens);
  const requests = requestTable(strategy.owners);
  // Those that are referred to come before those that refer to them.
  const state = new State()
    .add(windows, sizes.windows)
    .add(copyTable, sizes.copies)
    .add(chunks, sizes.chunks)
    .add(bios, sizes.bios)
    .add(requests, sizes.requests)
    .add(residueTable, sizes.residues)
    .add(deviceTable, devices.length)
    .add(queueTable, queues.length)
    .add(engineTable, 1);
  commands.forEach((definition, i) => {
    state.add(definition, queues[i].queueDepth);
  });
  strategy.declare(state, {
    bios: sizes.bios,
    chunks: sizes.chunks,
    requests: sizes.requests,
    windowRanges: sizes.ranges,
    lanes: sizes.copies,
    devices: devices.length,
  });
  declare(state);
  return { state: state.seal(), bios, chunks, requests, windows, commands };
}

/** The engine as it is before its queues are open. */
function emptyEngine(
  options: BlockEngineOptions,
  scheduler: Scheduler,
  sizes: Sizes,
  devices: readonly BlockDevice[],
  firsts: readonly BottomDevice[],
  tables: Tables,
): Omit<Engine, "pairing" | "hot"> {
  const { state } = tables;
  const numberOf = (device: BlockDevice): number => devices.indexOf(device);
  const perDevice = (value: (device: BlockDevice) => number): Int32Array =>
    Int32Array.from(devices, value);
  const windowRows = state.table(tables.windows);
  const deviceRows = state.table(deviceTable);
  return {
    state,
    bios: state.table(tables.bios),
    chunks: state.table(tables.chunks),
    requests: state.table(tables.requests),
    copies: state.table(copyTable),
    residues: state.table(residueTable),
    windowRows,
    deviceRows,
    queueRows: state.table(queueTable),
    engineRow: state.table(engineTable).columns,
    windows: windowRows.columns.ranges,
    windowRanges: sizes.ranges,
    chunkBlocks: perDevice((device) =>
      Math.min(sizes.chunkBlocks, boundaryBlocks(device) * PIECES),
    ),
    chunksMax: sizes.chunks,
    residueReserve: sizes.residueReserve,
    chunkResidues: sizes.chunkResidues,
    devices,
    maps: devices.map((device, i) =>
      deviceMap(device, numberOf, () => deviceRows.columns.table[i]),
    ),
    workers: perDevice((device) => (device.kind === "asynchronous" ? device.workers : 0)),
    keepsSources: Uint8Array.from(devices, (device) =>
      "walksSources" in device && !device.walksSources ? 1 : 0,
    ),
    queueOf: perDevice((device) =>
      device.kind === "bottom"
        ? firsts.findIndex((first) => first.transport === device.transport)
        : -1,
    ),
    transferBlocks: perDevice((device) => Math.min(device.limits.transferBlocksMax, 2 ** 30)),
    copyCapable: Uint8Array.from(devices, (device) =>
      copyLimits(device.limits) === undefined ? 0 : 1,
    ),
    queues: [],
    mapped: new Float64Array(2),
    filled: new Int32Array(1),
    rangesAtBottom: devices.every((device) => device.kind === "bottom"),
    scheduler,
    strategy: options.strategy,
    emulates: options.emulates !== false,
    faults: options.faults,
    defects: new Set(options.defects),
    isTidy: options.isTidy === true,
    trace: options.trace,
    timeoutMs: options.timeoutMs ?? 30_000,
    retriesMax: options.retriesMax ?? 5,
    lists: new Array(sizes.copies),
    sinks: new Array(sizes.copies).fill(null),
    buffers: new Array(sizes.copies).fill(undefined),
    memory: options.memory,
    settled: options.settled,
    copyEnded: options.copyEnded,
    orders: new Array(sizes.copies).fill(undefined),
    places: new Array(sizes.copies).fill(undefined),
    ioData: [],
    ioEnded: [],
    transfers: { running: 0, waiting: [] },
    frozen: devices.map(() => []),
    counters: { bios: 0, splits: 0, requests: 0, commands: 0, requeues: 0, listBytes: 0 },
    closed: false,
  };
}

/** Stores a field that can only be made when the rest is there: once, as V8 takes it for a constant then. */
function store<T, K extends keyof T>(object: T, name: K, value: T[K]): void {
  Object.defineProperty(object, name, { value, enumerable: true });
}

function openQueue(e: Engine, device: BottomDevice, number: number, tables: Tables): HardwareQueue {
  const row = e.queueRows.allocate();
  e.queueRows.columns.head[row] = -1;
  e.queueRows.columns.tail[row] = -1;
  const commands = tables.state.table(tables.commands[number]);
  const memory = queueMemory(commands);
  const encoder = device.commandSet.open(memory, e.devices.length);
  const hardware = {
    commands,
    encoder,
    lists: memory.lists,
    describe: Array.from({ length: memory.depth }, (_, slot) => () => encoder.describe(slot)),
    data: new Array(memory.depth).fill(undefined),
    clock: device.transport.clock,
    transport: device.transport.connect(memory, completionSink(e, number)),
    disarm: undefined,
  } as Omit<HardwareQueue, "path"> as HardwareQueue;
  store(hardware, "path", queuePath(e, hardware, number));
  return hardware;
}

/** Lays out an engine: numbers devices, sizes and seals the state, opens the queues, lets the strategy attach. */
export function buildEngine(options: BlockEngineOptions, scheduler: Scheduler): Engine {
  const devices = numberDevices(options.devices);
  const bottoms = devices.filter((device): device is BottomDevice => device.kind === "bottom");
  // Devices with the same transport share a queue pair: it is as deep as the first of them says.
  const firsts = bottoms.filter(
    (device, i) => bottoms.findIndex((other) => other.transport === device.transport) === i,
  );
  const tags = firsts.reduce((sum, device) => sum + device.queueDepth, 0);
  const { strategy } = options;
  const emulates = options.emulates !== false;
  // A queue begins to send something again as long as not all its tags are taken by such parts: see `nextRequest`.
  const repeats = options.retriesMax === 0 ? 0 : 2 * tags;
  const sizes = sizesOf(devices, { tags, repeats }, options.bounds ?? {}, strategy, emulates);
  const tables = layOut(sizes, devices, firsts, strategy, options.declare ?? (() => {}));
  const e = emptyEngine(options, scheduler, sizes, devices, firsts, tables) as Engine;
  store(e, "hot", hotPath(e));
  tables.state.table(engineTable).allocate();
  e.engineRow.waitHead[0] = -1;
  e.engineRow.waitTail[0] = -1;
  e.engineRow.context[0] = -1;
  for (let i = 0; i < devices.length; i++) {
    const row = e.deviceRows.allocate();
    e.deviceRows.columns.waitHead[row] = -1;
    e.deviceRows.columns.waitTail[row] = -1;
    e.deviceRows.columns.backlogHead[row] = -1;
    e.deviceRows.columns.backlogTail[row] = -1;
  }
  firsts.forEach((device, i) => {
    e.queues.push(openQueue(e, device, i, tables));
  });
  for (const device of bottoms) {
    const number = devices.indexOf(device);
    e.queues[e.queueOf[number]].encoder.bind(number, device.target);
    if (e.defects.has("limit-by-address")) e.deviceRows.columns.flags[number] = DEVICE_BY_ADDRESS;
  }
  store(e, "pairing", strategy.attach(strategyEngine(e), tables.state));
  return e;
}
