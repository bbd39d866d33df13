import {
  type CopyRequest,
  FerryError,
  highWord,
  isRangeList,
  joinWords,
  lowWord,
  type PairingStrategy,
  type RangeList,
  RANGE_LIST_BLOCKS_MAX,
  rangeList,
  statusName,
  type TraceSink,
} from "@blockferry/core";
import { CopyRecord } from "./copy-record.ts";
import { CopyResult } from "./copy-result.ts";
import type { BlockDevice } from "./device.ts";
import { type BlockEngine, blockEngine, type SubmitOptions } from "./engine.ts";
import type { CopySink } from "./engine-state.ts";
import { type OrderedPieces, orderPieces, overlappingRange } from "./overlap.ts";

export interface CopyProgress {
  readonly blocks: number;
  readonly offloadedBlocks: number;
  readonly emulatedBlocks: number;
  readonly failedBlocks: number;
}

export interface EngineCopyOptions {
  /** Allow copying through the host what the device will not take. Default false: such blocks are refused. */
  readonly emulate?: boolean | undefined;
  /** Memory for copying through the host, whole blocks. Default: 1 MiB. */
  readonly buffer?: Uint8Array | undefined;
  /** Cancels: nothing new is sent; the copy resolves with what was done when all that is in flight is answered. */
  readonly signal?: AbortSignal | undefined;
  /** Called after batches of completions. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
}

export interface CopyOptions extends EngineCopyOptions {
  readonly strategy: PairingStrategy;
  /** How long a command may take. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a part is sent again after a status that may pass. Default 5. */
  readonly retriesMax?: number | undefined;
  readonly trace?: TraceSink | undefined;
}

const BUFFER_BYTES = 2 ** 20;

interface CheckedRequest {
  readonly list: RangeList;
  /** Index of the caller's range for each row of the list; `undefined` where they are the same. */
  readonly numbers: Int32Array | undefined;
  readonly blocks: number;
}

/** Throws what is wrong with a request before anything moves. */
function checkRequest(device: BlockDevice, request: CopyRequest): CheckedRequest {
  const { destination } = request;
  const list = isRangeList(request.sources) ? request.sources : rangeList(request.sources);
  if (list.count === 0) {
    throw new FerryError("FERRY_COPY_EMPTY", "the request has no source range; name at least one");
  }
  const capacity = device.capacityBlocks;
  let blocks = 0;
  for (let i = 0; i < list.count; i++) {
    const lba = joinWords(list.low[i], list.high[i]);
    const length = list.blocks[i];
    if (length < 1 || length > RANGE_LIST_BLOCKS_MAX) {
      throw new FerryError(
        "FERRY_RANGE_EMPTY",
        `source range ${i} has ${length} blocks; a row holds 1..2^30`,
        {
          details: { range: i, lba, blocks: length },
        },
      );
    }
    if (lba + length > capacity) {
      throw new FerryError(
        "FERRY_COPY_OUT_OF_RANGE",
        `source range ${i} (${lba}+${length}) ends behind ${device.name}, which has ${capacity} blocks`,
        { details: { range: i, lba, blocks: length, capacityBlocks: capacity } },
      );
    }
    blocks += length;
  }
  if (!Number.isSafeInteger(destination) || destination < 0) {
    throw new FerryError(
      "FERRY_RANGE_ADDRESS",
      `destination ${destination} is not a whole number of 0..2^53-1`,
      {
        details: { lba: destination },
      },
    );
  }
  if (destination + blocks > capacity) {
    throw new FerryError(
      "FERRY_COPY_OUT_OF_RANGE",
      `the destination (${destination}+${blocks}) ends behind ${device.name}, which has ${capacity} blocks`,
      { details: { lba: destination, blocks, capacityBlocks: capacity } },
    );
  }
  return { list, numbers: rowNumbers(request, list), blocks };
}

function rowNumbers(request: CopyRequest, list: RangeList): Int32Array | undefined {
  if (isRangeList(request.sources) || request.sources.length === list.count) return undefined;
  const numbers = new Int32Array(list.count);
  let row = 0;
  request.sources.forEach((range, i) => {
    for (let left = range.blocks; left > 0; left -= RANGE_LIST_BLOCKS_MAX) numbers[row++] = i;
  });
  return numbers;
}

/** The order for ranges that overlap, where copying through the host is allowed. */
function orderFor(
  device: BlockDevice,
  list: RangeList,
  destination: number,
  blocks: number,
  buffer: Uint8Array | undefined,
): OrderedPieces | undefined {
  const range = overlappingRange(list, destination, blocks);
  if (range < 0) return undefined;
  const details = { range, lba: joinWords(list.low[range], list.high[range]), destination, blocks };
  if (buffer === undefined) {
    throw new FerryError(
      "FERRY_COPY_OVERLAP",
      `source range ${range} overlaps the destination (${destination}+${blocks}); a device may copy such ranges in any order`,
      { details, hint: "allow emulation to copy them through the host, in an order that is safe" },
    );
  }
  const room = Math.floor(buffer.length / device.bytesPerBlock);
  const half = Math.floor(room / 2);
  const order =
    orderPieces(list, destination, room, 0) ??
    (half > 0 ? orderPieces(list, destination, half, half) : undefined);
  if (order === undefined) {
    throw new FerryError(
      "FERRY_COPY_OVERLAP_CYCLE",
      `ranges overwrite each other in a circle that does not fit into a buffer of ${buffer.length} bytes`,
      { details, hint: "give a larger buffer" },
    );
  }
  return order;
}

function bufferFor(device: BlockDevice, options: EngineCopyOptions): Uint8Array | undefined {
  if (options.emulate !== true) return undefined;
  const buffer = options.buffer ?? new Uint8Array(Math.max(BUFFER_BYTES, device.bytesPerBlock));
  if (buffer.length < device.bytesPerBlock) {
    throw new RangeError(
      `a buffer of ${buffer.length} bytes does not hold one block of ${device.bytesPerBlock}`,
    );
  }
  return buffer;
}

/** Tells of progress after the batch that made it, not within. */
function progressTeller(options: EngineCopyOptions, now: () => CopyProgress): () => void {
  const { onProgress } = options;
  if (onProgress === undefined) return () => {};
  let posted = false;
  return () => {
    if (posted) return;
    posted = true;
    void Promise.resolve().then(() => {
      posted = false;
      onProgress(now());
    });
  };
}

/** Copies on an engine that stays. See `copy`. */
export function copyOn(
  engine: BlockEngine,
  device: BlockDevice,
  request: CopyRequest,
  options: EngineCopyOptions = {},
): Promise<CopyResult> {
  return new Promise((resolve, refuse) => {
    const number = engine.deviceNumber(device);
    const { list, numbers, blocks } = checkRequest(device, request);
    const buffer = bufferFor(device, options);
    const order = orderFor(device, list, request.destination, blocks, buffer);
    if (device.limits.copyShape === undefined && buffer === undefined) {
      throw new FerryError("FERRY_COPY_UNSUPPORTED", `${device.name} has no copy command`, {
        hint: "allow emulation to copy through the host",
      });
    }
    const record = new CopyRecord(engine.devices.map((each) => each.name));
    const before = { ...engine.counters };
    engine.commandsPeak();
    const done = { blocks, offloadedBlocks: 0, emulatedBlocks: 0, failedBlocks: 0 };
    const tell = progressTeller(options, () => ({ ...done }));
    const { signal } = options;
    let handle = -1;
    const abort = (): void => engine.cancel(handle);
    const sink: CopySink = {
      issued: (_queue, at, lba, length, ranges) => record.issued(at, lba, length, ranges),
      answered: (command, value, describe) => record.answered(command, value, describe?.()),
      refused: (offset, length, value, command) => record.refused(offset, length, value, command),
      outcome(offset, length, emulated, value, command) {
        record.outcome(offset, length, emulated, value, command);
        if (value !== 0) done.failedBlocks += length;
        else if (emulated) done.emulatedBlocks += length;
        else done.offloadedBlocks += length;
        tell();
      },
      ended(value) {
        signal?.removeEventListener("abort", abort);
        const { counters } = engine;
        const totals = {
          status: statusName(value),
          strategy: engine.strategy,
          blocks,
          bytesPerBlock: device.bytesPerBlock,
          destination: request.destination,
          offloadedBlocks: done.offloadedBlocks,
          emulatedBlocks: done.emulatedBlocks,
          cost: {
            bios: counters.bios - before.bios,
            splits: counters.splits - before.splits,
            requests: counters.requests - before.requests,
            commands: counters.commands - before.commands,
            commandsPeak: engine.commandsPeak(),
            listBytes: counters.listBytes - before.listBytes,
          },
        };
        resolve(new CopyResult(totals, record, list, numbers));
      },
    };
    const submission: SubmitOptions = { sink, buffer, order };
    const { destination } = request;
    handle = engine.submit(
      number,
      list,
      0,
      list.count,
      blocks,
      lowWord(destination),
      highWord(destination),
      submission,
    );
    if (handle < 0) {
      throw new FerryError(
        "FERRY_ENGINE_FULL",
        "the engine has no row for one more copy; wait until one has ended",
      );
    }
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
    try {
      engine.run();
    } catch (error) {
      refuse(error);
    }
  });
}

const engines = new WeakMap<BlockDevice, WeakMap<PairingStrategy, BlockEngine>>();

function keptEngine(device: BlockDevice, strategy: PairingStrategy): BlockEngine {
  let perStrategy = engines.get(device);
  if (perStrategy === undefined) {
    perStrategy = new WeakMap();
    engines.set(device, perStrategy);
  }
  let engine = perStrategy.get(strategy);
  if (engine === undefined) {
    engine = blockEngine({ devices: [device], strategy });
    perStrategy.set(strategy, engine);
  }
  return engine;
}

/**
 * Copies blocks inside a device.
 *
 * The result says range by range what was copied and by what means; a device's refusal is part of it, not an exception.
 * Rejects with a `FerryError` where nothing was sent: `FERRY_COPY_EMPTY`, `FERRY_RANGE_ADDRESS`, `FERRY_RANGE_EMPTY`,
 * `FERRY_COPY_OUT_OF_RANGE`, `FERRY_COPY_OVERLAP` (and `…_CYCLE`), `FERRY_COPY_UNSUPPORTED`.
 *
 * An engine is kept for each pair of device and strategy objects, unless `trace`, `timeoutMs` or `retriesMax` ask for
 * one of their own.
 */
export async function copy(
  device: BlockDevice,
  request: CopyRequest,
  options: CopyOptions,
): Promise<CopyResult> {
  const { strategy, trace, timeoutMs, retriesMax } = options;
  if (trace === undefined && timeoutMs === undefined && retriesMax === undefined) {
    return await copyOn(keptEngine(device, strategy), device, request, options);
  }
  const engine = blockEngine({ devices: [device], strategy, trace, timeoutMs, retriesMax });
  try {
    return await copyOn(engine, device, request, options);
  } finally {
    engine.close();
  }
}
