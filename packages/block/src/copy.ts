import {
  copyLimits,
  FerryError,
  highWord,
  lowWord,
  type PairingStrategy,
  statusName,
  type TraceSink,
} from "@blockferry/core";
import { CopyRecord } from "./copy-record.ts";
import { checkRequest, type DeviceCopyRequest, orderFor } from "./copy-request.ts";
import { type CopyCost, CopyResult } from "./copy-result.ts";
import { type BlockDevice, requireData } from "./device.ts";
import { type BlockEngine, blockEngine, type SubmitOptions } from "./engine.ts";
import type { CopySink } from "./engine-state.ts";
import { onKeptEngine } from "./kept-engines.ts";

export interface CopyProgress {
  readonly blocks: number;
  readonly offloadedBlocks: number;
  readonly clonedBlocks: number;
  readonly kernelCopiedBlocks: number;
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
  /** How often in a row a part is sent again of which nothing was copied. Default 5. */
  readonly retriesMax?: number | undefined;
  readonly trace?: TraceSink | undefined;
}

const BUFFER_BYTES = 2 ** 20;

/** Where blocks are counted, by the means that carried them. */
const blocksOf = {
  offload: "offloadedBlocks",
  clone: "clonedBlocks",
  "kernel-copy": "kernelCopiedBlocks",
} as const;

function bufferFor(
  device: BlockDevice,
  to: BlockDevice,
  options: EngineCopyOptions,
): Uint8Array | undefined {
  if (options.emulate !== true) return undefined;
  for (const end of [device, to]) requireData(end);
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

type Counts = { -readonly [Name in keyof CopyProgress]: number };

const nothingDone = (blocks: number): Counts => ({
  ...{ blocks, offloadedBlocks: 0, clonedBlocks: 0, kernelCopiedBlocks: 0 },
  ...{ emulatedBlocks: 0, failedBlocks: 0 },
});

function counted({ failedBlocks: _, ...done }: Counts): Omit<Counts, "failedBlocks"> {
  return done;
}

function costSince(before: BlockEngine["counters"], engine: BlockEngine): CopyCost {
  const { counters } = engine;
  return {
    bios: counters.bios - before.bios,
    splits: counters.splits - before.splits,
    requests: counters.requests - before.requests,
    commands: counters.commands - before.commands,
    commandsPeak: engine.commandsPeak(),
    listBytes: counters.listBytes - before.listBytes,
  };
}

/** Copies on an engine that stays. See `copy`. */
export function copyOn(
  engine: BlockEngine,
  device: BlockDevice,
  request: DeviceCopyRequest,
  options: EngineCopyOptions = {},
): Promise<CopyResult> {
  return new Promise((resolve, refuse) => {
    const number = engine.deviceNumber(device);
    const checked = checkRequest(device, request);
    const { list, numbers, blocks, to } = checked;
    const target = engine.deviceNumber(to);
    const buffer = bufferFor(device, to, options);
    const order = orderFor(device, checked, request, buffer);
    if (copyLimits(to.limits) === undefined && buffer === undefined) {
      throw new FerryError("FERRY_COPY_UNSUPPORTED", `${to.name} has no copy command`, {
        hint: "allow emulation to copy through the host",
      });
    }
    const record = new CopyRecord(engine.devices.map((each) => each.name));
    const before = { ...engine.counters };
    engine.commandsPeak();
    const done = nothingDone(blocks);
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
        else done[blocksOf[record.meansOf(command)]] += length;
        tell();
      },
      ended(value) {
        signal?.removeEventListener("abort", abort);
        const totals = {
          status: statusName(value),
          strategy: engine.strategy,
          bytesPerBlock: device.bytesPerBlock,
          destination: request.destination,
          ...counted(done),
          cost: costSince(before, engine),
        };
        resolve(new CopyResult(totals, record, list, numbers));
      },
    };
    const submission: SubmitOptions = { sink, buffer, order };
    const { destination } = request;
    handle = engine.submit(
      number,
      target,
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

/**
 * Copies blocks inside a device, or from one device to another (`request.to`).
 *
 * The result says range by range what was copied and by what means; a device's refusal is part of it, not an exception.
 * Rejects with a `FerryError` where nothing was sent: `FERRY_COPY_EMPTY`, `FERRY_RANGE_ADDRESS`, `FERRY_RANGE_EMPTY`,
 * `FERRY_COPY_OUT_OF_RANGE`, `FERRY_COPY_OVERLAP` (and `…_CYCLE`), `FERRY_COPY_UNSUPPORTED`, `FERRY_COPY_BLOCK_SIZE`.
 *
 * Engines are kept for the last few strategy objects of each device, unless `trace`, `timeoutMs` or `retriesMax` ask for
 * one of their own.
 */
export async function copy(
  device: BlockDevice,
  request: DeviceCopyRequest,
  options: CopyOptions,
): Promise<CopyResult> {
  const { strategy, trace, timeoutMs, retriesMax } = options;
  const to = request.to ?? device;
  if (trace === undefined && timeoutMs === undefined && retriesMax === undefined) {
    return await onKeptEngine(device, to, strategy, (engine) =>
      copyOn(engine, device, request, options),
    );
  }
  const engine = blockEngine({ devices: [device, to], strategy, trace, timeoutMs, retriesMax });
  try {
    return await copyOn(engine, device, request, options);
  } finally {
    engine.close();
  }
}
