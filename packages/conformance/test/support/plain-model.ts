import { type DeviceModel, isFerryError, type ModelOutcome, type Store } from "@blockferry/core";
import type { ModelAnswer, ModelShape, ModelSuiteOptions } from "../../src/model/index.ts";

/** Ways in which this model can break the contract. */
export type ModelFault =
  | "reads one range only"
  | "writes a block behind the destination"
  | "copies the ranges in another order"
  | "takes one range too many"
  | "takes ranges of any length"
  | "takes one block too many"
  | "moves the first range before it looks at the second"
  | "asks its store for what is not there"
  | "throws at an unknown operation"
  | "throws at a list that is too short"
  | "changes the list"
  | "keeps the buffer of a write"
  | "writes behind the completion"
  | "forgets its blocks at a reset"
  | "finishes a copy over a reset"
  | "goes on behind a failed medium"
  | "writes what may not be written"
  | "leaves its stores open"
  | "closes only once"
  | "reads over its end";

/*
 * A device made up for these tests. A command is six words: operation, unit, address (a 64-bit float in two words), blocks
 * of a transfer or ranges of a copy, and a word of zeroes. A list has entries of four words: unit, address, blocks. The
 * completion is a word: 0 success, otherwise what is wrong.
 */
const COMMAND_BYTES = 24;
const ENTRY_BYTES = 16;
const COMPLETION_BYTES = 4;
const operations = { read: 1, write: 2, copy: 3 } as const;
const status = { good: 0, invalid: 1, range: 2, limit: 3, medium: 4, readonly: 5 } as const;

interface Entry {
  readonly unit: number;
  readonly lba: number;
  readonly blocks: number;
}

function readEntries(list: Uint8Array): Entry[] {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  return Array.from({ length: Math.floor(list.length / ENTRY_BYTES) }, (_, index) => {
    const at = index * ENTRY_BYTES;
    const [unit, blocks] = [view.getUint32(at), view.getUint32(at + 12)];
    return { unit, lba: view.getFloat64(at + 4), blocks };
  });
}

interface PlainModel extends DeviceModel {
  /** The device resets itself after so many blocks of the next copy. */
  resetIn: number | undefined;
}

type Device = ModelShape & { readonly fault: ModelFault | undefined };

function isInside({ stores, bytesPerBlock }: Device, { unit, lba, blocks }: Entry): boolean {
  const store = stores[unit];
  const isPlace = store !== undefined && Number.isInteger(lba) && lba >= 0;
  return isPlace && (lba + blocks) * bytesPerBlock <= store.bytes;
}

/** What is wrong with a copy; `good`: nothing. */
function copyStatus(device: Device, to: Entry, entries: readonly Entry[]): number {
  const { fault, limits, stores } = device;
  const { rangesMax = 0, rangeBlocksMax = 0, blocksMax = 0 } = limits;
  const isTooMany =
    entries.length > rangesMax + (fault === "takes one range too many" ? 1 : 0) ||
    to.blocks > blocksMax + (fault === "takes one block too many" ? 1 : 0) ||
    (fault !== "takes ranges of any length" &&
      entries.some(({ blocks }) => blocks > rangeBlocksMax));
  const checked =
    fault === "moves the first range before it looks at the second" ? entries.slice(0, 1) : entries;
  if (!isInside(device, to) || checked.some((one) => !isInside(device, one))) {
    if (fault !== "asks its store for what is not there") return status.range;
  }
  if (isTooMany || entries.length === 0) return status.limit;
  const isFixed = stores[to.unit]?.readonly === true;
  return isFixed && fault !== "writes what may not be written" ? status.readonly : status.good;
}

/** Moves blocks one by one, so that it can be interrupted. */
function moveBlocks(device: Device, model: PlainModel, to: Entry, entries: readonly Entry[]) {
  const { fault, bytesPerBlock: bytes, stores } = device;
  let lba = to.lba;
  const block = new Uint8Array(bytes);
  const order = fault === "copies the ranges in another order" ? [...entries].reverse() : entries;
  const taken = fault === "reads one range only" ? order.slice(0, 1) : order;
  for (const source of taken) {
    if (!isInside(device, source)) return status.range;
    const held = new Uint8Array(source.blocks * bytes);
    stores[source.unit].read(source.lba * bytes, held);
    for (let at = 0; at < source.blocks; at += 1) {
      const isReset = model.resetIn !== undefined && model.resetIn-- <= 0;
      if (isReset && fault !== "finishes a copy over a reset") return "reset";
      block.set(held.subarray(at * bytes, (at + 1) * bytes));
      try {
        stores[to.unit].write(lba * bytes, block);
      } catch (error) {
        if (!isFerryError(error)) throw error;
        if (fault !== "goes on behind a failed medium") return status.medium;
      }
      lba += 1;
    }
  }
  const isBehind = fault === "writes a block behind the destination";
  if (isBehind && isInside(device, { ...to, lba, blocks: 1 }))
    stores[to.unit].write(lba * bytes, block);
  return model.resetIn !== undefined && model.resetIn < 0 ? "reset" : status.good;
}

function copy(device: Device, model: PlainModel, head: DataView, list: Uint8Array) {
  const entries = readEntries(list);
  const { fault } = device;
  const count = head.getUint32(16);
  const isWhole = list.length % ENTRY_BYTES === 0 && entries.length === count;
  if (!isWhole) {
    if (fault === "throws at a list that is too short") throw new RangeError("a list too short");
    return status.invalid;
  }
  const blocks = entries.reduce((sum, one) => sum + one.blocks, 0);
  const to = { unit: head.getUint32(4), lba: head.getFloat64(8), blocks };
  const wrong = copyStatus(device, to, entries);
  if (wrong !== status.good) return wrong;
  const ended = moveBlocks(device, model, to, entries);
  if (fault === "changes the list") list.fill(0, 0, 1);
  if (fault === "changes the list") list[0] ^= 0x80;
  return ended;
}

function transfer(device: Device, head: DataView, data: Uint8Array, isWrite: boolean): number {
  const { bytesPerBlock: bytes, stores, fault } = device;
  const place = { unit: head.getUint32(4), lba: head.getFloat64(8), blocks: head.getUint32(16) };
  if (data.length !== place.blocks * bytes) return status.invalid;
  if (!isInside(device, place)) {
    return fault === "reads over its end" && !isWrite ? status.good : status.range;
  }
  const store = stores[place.unit];
  if (isWrite && store.readonly) return status.readonly;
  if (isWrite) store.write(place.lba * bytes, data);
  else store.read(place.lba * bytes, data);
  return status.good;
}

function plainModel(shape: ModelShape, fault?: ModelFault): PlainModel {
  const device: Device = { ...shape, fault };
  let kept: { store: Store; at: number; data: Uint8Array } | undefined;
  let isClosed = false;
  const keep = (head: DataView, data: Uint8Array): void => {
    const at = head.getFloat64(8) * shape.bytesPerBlock;
    kept = { store: shape.stores[head.getUint32(4)], at, data };
  };
  const model: PlainModel = {
    name: "plain",
    family: "plain",
    completionBytes: COMPLETION_BYTES,
    resetIn: undefined,
    execute(_queue, command, dataOut = new Uint8Array(0), dataIn = new Uint8Array(0), completion) {
      if (kept !== undefined) kept.store.write(kept.at, kept.data);
      const view = new DataView(completion.buffer, completion.byteOffset, completion.length);
      if (fault === "writes behind the completion") new Uint8Array(completion.buffer)[4] = 1;
      const head = new DataView(command.buffer, command.byteOffset, command.length);
      const operation = command.length === COMMAND_BYTES ? head.getUint32(0) : 0;
      let ended: number | "reset" = status.invalid;
      if (operation === operations.copy) ended = copy(device, model, head, dataOut);
      else if (operation === operations.read) ended = transfer(device, head, dataIn, false);
      else if (operation === operations.write) ended = transfer(device, head, dataOut, true);
      else if (fault === "throws at an unknown operation") throw new Error("what is this?");
      const isKept = operation === operations.write && ended === status.good;
      if (isKept && fault === "keeps the buffer of a write") keep(head, dataOut);
      model.resetIn = undefined;
      if (ended === "reset") return ended;
      view.setUint32(0, ended);
      return "completed";
    },
    reset() {
      if (fault !== "forgets its blocks at a reset") return;
      for (const store of shape.stores) store.deallocate(0, store.bytes);
    },
    close() {
      if (isClosed && fault === "closes only once") throw new Error("closed already");
      isClosed = true;
      if (fault !== "leaves its stores open") for (const store of shape.stores) store.close();
    },
  };
  return model;
}

function commandOf(operation: number, unit: number, lba: number, count: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(COMMAND_BYTES));
  view.setUint32(0, operation);
  view.setUint32(4, unit);
  view.setFloat64(8, lba);
  view.setUint32(16, count);
  return new Uint8Array(view.buffer);
}

function listOf(entries: readonly Entry[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(entries.length * ENTRY_BYTES));
  entries.forEach(({ unit, lba, blocks }, index) => {
    view.setUint32(index * ENTRY_BYTES, unit);
    view.setFloat64(index * ENTRY_BYTES + 4, lba);
    view.setUint32(index * ENTRY_BYTES + 12, blocks);
  });
  return new Uint8Array(view.buffer);
}

/** What the suite needs to know of this family of devices. */
export function plainModelDriver(fault?: ModelFault): Omit<ModelSuiteOptions, "describe" | "it"> {
  return {
    supports: {
      ...{ units: 2, crossUnit: true, overlap: "in-order", emptyRanges: "taken" },
      ...{ refusals: "at-once", repeatsSources: true },
    },
    open(shape) {
      const model = plainModel(shape, fault);
      const { bytesPerBlock, limits } = shape;
      const completion = new Uint8Array(COMPLETION_BYTES);
      const send = (command: Uint8Array, out?: Uint8Array, into?: Uint8Array): ModelAnswer => {
        const outcome: ModelOutcome = model.execute("io", command, out, into, completion);
        const code = completion[3];
        return { outcome, ok: outcome === "completed" && code === 0, status: `status ${code}` };
      };
      const { read, write, copy: copying } = operations;
      const examples = [
        { queue: "io" as const, command: commandOf(read, 0, 3, 1), dataInBytes: bytesPerBlock },
        {
          queue: "io" as const,
          command: commandOf(write, 0, 3, 1),
          dataOut: new Uint8Array(bytesPerBlock),
        },
        {
          queue: "io" as const,
          command: commandOf(copying, 1, 30, 1),
          dataOut: listOf([{ unit: 0, lba: 2, blocks: 3 }]),
        },
      ];
      return {
        ...{ model, limits, examples },
        read: (unit, lba, data) =>
          send(commandOf(read, unit, lba, data.length / bytesPerBlock), undefined, data),
        write: (unit, lba, data) =>
          send(commandOf(write, unit, lba, data.length / bytesPerBlock), data),
        copy: (unit, lba, sources) =>
          send(commandOf(copying, unit, lba, sources.length), listOf(sources)),
        resetWithin(blocks) {
          model.resetIn = blocks;
        },
      };
    },
  };
}
