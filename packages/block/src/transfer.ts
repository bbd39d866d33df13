import { type operation, status } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";

/** Submits a read, write or flush bio, of the piece that copy `copy` has in hand or, with -1, of the engine's user. */
export function submitTransfer(
  e: Engine,
  device: number,
  kind: number,
  lba: number,
  blocks: number,
  copy: number,
): number {
  const bio = e.bios.allocate();
  if (bio < 0) throw new Error("the engine's bounds leave no row for a transfer");
  const bios = e.bios.columns;
  bios.operation[bio] = kind;
  bios.device[bio] = device;
  bios.lbaLow[bio] = lba | 0;
  bios.lbaHigh[bio] = (lba / 2 ** 32) | 0;
  bios.blocks[bio] = blocks;
  bios.offset[bio] = 0;
  bios.chunk[bio] = -1;
  bios.root[bio] = bio;
  bios.pieces[bio] = 1;
  bios.status[bio] = status.success;
  bios.window[bio] = -1;
  bios.ranges[bio] = 0;
  bios.lane[bio] = -1;
  bios.token[bio] = copy;
  e.counters.bios++;
  e.scheduler.post(step.submit, bio, -1);
  return bio;
}

/** Reads and writes that the engine's user has at one time; more wait. */
export const TRANSFERS_MAX = 64;

/** Reads or writes `data.length` bytes, whole blocks, from block `lba` on, piece by piece. Resolves with the status. */
export async function transfer(
  e: Engine,
  device: number,
  kind: typeof operation.read | typeof operation.write,
  lba: number,
  data: Uint8Array,
): Promise<number> {
  const { transfers } = e;
  if (transfers.running === TRANSFERS_MAX) {
    await new Promise<void>((resolve) => transfers.waiting.push(resolve));
  } else {
    transfers.running++;
  }
  try {
    return await transferPieces(e, device, kind, lba, data);
  } finally {
    const next = transfers.waiting.shift();
    if (next === undefined) transfers.running--;
    else next();
  }
}

async function transferPieces(
  e: Engine,
  device: number,
  kind: typeof operation.read | typeof operation.write,
  lba: number,
  data: Uint8Array,
): Promise<number> {
  const bytes = e.devices[device].bytesPerBlock;
  const blocks = data.length / bytes;
  const pieceBlocks = Math.min(e.chunkBlocks[device], Math.max(1, Math.floor(2 ** 24 / bytes)));
  for (let done = 0; done < blocks; done += pieceBlocks) {
    const piece = Math.min(pieceBlocks, blocks - done);
    const part = data.subarray(done * bytes, (done + piece) * bytes);
    const value = await new Promise<number>((resolve) => {
      const bio = submitTransfer(e, device, kind, lba + done, piece, -1);
      e.ioData[bio] = part;
      e.ioEnded[bio] = resolve;
      e.scheduler.drain();
    });
    if (value !== status.success) return value;
  }
  return status.success;
}
