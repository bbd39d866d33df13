import {
  FerryError,
  joinWords,
  operation,
  type RangeList,
  status,
  statusName,
  traceKind,
} from "@blockferry/core";
import type { State } from "@blockferry/core/table";
import { buildEngine } from "./build.ts";
import { failAll } from "./completion.ts";
import { flushPlug, freeze, hold, limitCopies, reload, removeDevice, unfreeze } from "./control.ts";
import { type BlockDevice, requireData } from "./device.ts";
import type { BlockEngineOptions } from "./engine-options.ts";
import { type CopySink, type Engine, type EngineCounters, step } from "./engine-state.ts";
import { COPY_EMULATE, COPY_EMULATING, COPY_ORDERED } from "./engine-tables.ts";
import { inOrder } from "./in-order.ts";
import type { OrderedPieces } from "./overlap.ts";
import { runStep } from "./steps.ts";
import { transfer } from "./transfer.ts";

/** What goes with a submission beside its ranges. */
export interface SubmitOptions {
  /** Told of what happens; none costs nothing. */
  readonly sink?: CopySink | null;
  /** Given where copying through the host is allowed: the memory for it, whole blocks. */
  readonly buffer?: Uint8Array | undefined;
  /** Copying through the host is allowed; the engine has memory for it (`BlockEngineOptions.memory`). */
  readonly emulate?: boolean | undefined;
  /** Given where source and destination overlap: the order of pieces, all of them through the host. */
  readonly order?: OrderedPieces | undefined;
}

/** Bios, requests and commands between submitters and devices, under one strategy. */
export interface BlockEngine {
  readonly strategy: string;
  readonly devices: readonly BlockDevice[];
  /** All that changes while the engine runs. */
  readonly state: State;
  readonly counters: Readonly<EngineCounters>;
  /** Most commands in flight at one time since the last call. */
  commandsPeak(): number;
  /** The engine's number of a device; throws `RangeError` for one that is not its own. */
  deviceNumber(device: BlockDevice): number;
  /**
   * Submits a copy of rows `first..first+count` of `list`, ranges of `source`, to the destination `low`/`high` of `device`.
   * Nothing runs before `run`. Nothing is checked here: all must lie on the devices, and nothing may overlap. Returns a handle for `cancel`, -1 when no copy more
   * fits. `list` must stay as it is until the copy has ended.
   */
  submit(
    source: number,
    device: number,
    list: RangeList,
    first: number,
    count: number,
    blocks: number,
    low: number,
    high: number,
    options?: SubmitOptions,
  ): number;
  /** Sends nothing new of a copy; it ends when all that is in flight is answered. */
  cancel(handle: number): void;
  /** Runs what was submitted as far as it goes without an answer of a device. */
  run(): void;
  /** Reads whole blocks; rejects with `FERRY_TRANSFER_FAILED`. */
  read(device: number, lba: number, target: Uint8Array): Promise<void>;
  /** Writes whole blocks; rejects with `FERRY_TRANSFER_FAILED`. */
  write(device: number, lba: number, source: Uint8Array): Promise<void>;
  /** Holds new bios back from a device and resolves when its requests have ended. */
  freeze(device: number): Promise<void>;
  /** Holds new bios back from a device, and does not wait. */
  hold(device: number): void;
  unfreeze(device: number): void;
  /** Requests of a bottom device that have not ended. */
  inFlight(device: number): number;
  /** Changes a mapping to another of its tables. */
  reload(device: number, table: number): void;
  /** Limits the blocks of a bio of a copy at a device; `undefined` takes the limit back. */
  limitCopies(device: number, blocks: number | undefined): void;
  /** Empties the plug of the copy behind a handle, as when its submitter sleeps. */
  flushPlug(handle: number): void;
  /** The device is gone: what waits for it fails with `removed`. */
  remove(device: number): void;
  /** Halves that wait for their partners. */
  readonly parkedCount: number;
  /** Closes the queues; what is not answered ends as `removed`. Idempotent. */
  close(): void;
}

const NO_OPTIONS: SubmitOptions = {};

/** See `BlockEngine.submit`. */
function submitCopy(e: Engine): BlockEngine["submit"] {
  const copies = e.copies.columns;
  return (source, device, list, first, count, blocks, low, high, options = NO_OPTIONS) => {
    const copy = e.copies.allocate();
    if (copy < 0) return -1;
    copies.source[copy] = source;
    copies.device[copy] = device;
    copies.lbaLow[copy] = low;
    copies.lbaHigh[copy] = high;
    copies.blocks[copy] = blocks;
    copies.issued[copy] = 0;
    copies.copied[copy] = 0;
    copies.emulated[copy] = 0;
    copies.failed[copy] = 0;
    copies.first[copy] = first;
    copies.count[copy] = count;
    copies.range[copy] = first;
    copies.rangeOffset[copy] = 0;
    copies.chunks[copy] = 0;
    copies.residues[copy] = 0;
    copies.residueHead[copy] = -1;
    copies.status[copy] = status.success;
    copies.plugged[copy] = 0;
    copies.plugHead[copy] = -1;
    copies.plugTail[copy] = -1;
    copies.residueTail[copy] = -1;
    copies.told[copy] = -1;
    copies.pieceOffset[copy] = 0;
    copies.pieceBlocks[copy] = 0;
    copies.flags[copy] = 0;
    if (e.lists[copy] !== list) e.lists[copy] = list;
    if (options !== NO_OPTIONS) takeOptions(e, copy, options);
    if (e.trace !== undefined)
      e.trace(traceKind.copyStart, copy, device, joinWords(low, high), blocks, count);
    const isOrdered = (copies.flags[copy] & COPY_ORDERED) !== 0;
    e.scheduler.post(isOrdered ? step.emulate : step.start, copy, copy);
    return e.copies.handle(copy);
  };
}

function takeOptions(e: Engine, copy: number, options: SubmitOptions): void {
  const { order, buffer, emulate = buffer !== undefined, sink = null } = options;
  const { flags, range } = e.copies.columns;
  if (sink !== null) e.sinks[copy] = sink;
  if (emulate && !e.emulates)
    throw new RangeError("this engine has no room for copies by the host");
  if (emulate) flags[copy] |= COPY_EMULATE;
  if (buffer !== undefined) e.buffers[copy] = buffer;
  if (order !== undefined) {
    flags[copy] |= COPY_EMULATE | COPY_ORDERED | COPY_EMULATING;
    range[copy] = 0;
    e.orders[copy] = order;
  }
}

async function transferAll(
  e: Engine,
  device: number,
  kind: typeof operation.read | typeof operation.write,
  lba: number,
  data: Uint8Array,
): Promise<void> {
  const { name, bytesPerBlock, capacityBlocks } = e.devices[device];
  requireData(e.devices[device]);
  const blocks = data.length / bytesPerBlock;
  if (!Number.isInteger(blocks) || blocks === 0) {
    throw new RangeError(`${data.length} bytes are not whole blocks of ${bytesPerBlock} bytes`);
  }
  if (!Number.isSafeInteger(lba) || lba < 0 || lba + blocks > capacityBlocks) {
    throw new RangeError(`${lba}+${blocks} is not on ${name}, which has ${capacityBlocks} blocks`);
  }
  const value = await transfer(e, device, kind, lba, data);
  if (value !== status.success) {
    const verb = kind === operation.read ? "reading" : "writing";
    throw new FerryError(
      "FERRY_TRANSFER_FAILED",
      `${verb} ${lba}+${blocks} of ${name} failed: ${statusName(value)}`,
      {
        details: { status: statusName(value), lba, blocks, device: name },
      },
    );
  }
}

function closeEngine(e: Engine): void {
  if (e.closed) return;
  e.closed = true;
  for (let device = 0; device < e.devices.length; device++) removeDevice(e, device);
  e.queues.forEach(({ transport }, queue) => {
    failAll(e, queue, status.removed);
    transport.close();
  });
}

function checkOptions({ devices, timeoutMs = 1, retriesMax = 0 }: BlockEngineOptions): void {
  if (devices.length === 0) throw new RangeError("an engine needs at least one device");
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is ${timeoutMs}; it is above 0`);
  if (!Number.isSafeInteger(retriesMax) || retriesMax < 0) {
    throw new RangeError(`retriesMax is ${retriesMax}; it is a whole number from 0 on`);
  }
}

/** Makes an engine and opens its queues. Throws `RangeError` on limits, bounds or options that are none. */
export function blockEngine(options: BlockEngineOptions): BlockEngine {
  checkOptions(options);
  const scheduler = options.scheduler ?? inOrder();
  const e = buildEngine(options, scheduler);
  scheduler.attach((kind, subject) => runStep(e, kind, subject));
  return {
    strategy: e.strategy.name,
    devices: e.devices,
    state: e.state,
    counters: e.counters,
    commandsPeak() {
      let peak = 0;
      for (const { commands } of e.queues) {
        peak += commands.peak;
        commands.resetPeak();
      }
      return peak;
    },
    deviceNumber(device) {
      const number = e.devices.indexOf(device);
      if (number < 0) throw new RangeError(`${device.name} is not a device of this engine`);
      return number;
    },
    submit: submitCopy(e),
    cancel(handle) {
      scheduler.post(step.cancel, handle, -1);
      scheduler.drain();
    },
    run: () => scheduler.drain(),
    read: (device, lba, target) => transferAll(e, device, operation.read, lba, target),
    write: (device, lba, source) => transferAll(e, device, operation.write, lba, source),
    freeze: (device) => freeze(e, device),
    hold: (device) => hold(e, device),
    unfreeze: (device) => unfreeze(e, device),
    inFlight: (device) => e.deviceRows.columns.inFlight[device],
    reload: (device, table) => reload(e, device, table),
    limitCopies: (device, blocks) => limitCopies(e, device, blocks),
    flushPlug(handle) {
      const copy = e.copies.slotOf(handle);
      if (copy >= 0) flushPlug(e, copy);
    },
    remove: (device) => removeDevice(e, device),
    get parkedCount() {
      return e.pairing.parkedCount;
    },
    close: () => closeEngine(e),
  };
}
