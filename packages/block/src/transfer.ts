import { type operation, status } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";

/**
 * Submits a read, write or flush bio. `data` is kept by reference until `ended` is called. False when the engine has no
 * row for it.
 */
export function submitTransfer(
  e: Engine,
  device: number,
  kind: number,
  lba: number,
  blocks: number,
  data: Uint8Array | undefined,
  ended: (status: number) => void,
): boolean {
  const bio = e.bios.allocate();
  if (bio < 0) return false;
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
  bios.token[bio] = -1;
  e.ioData[bio] = data;
  e.ioEnded[bio] = ended;
  e.counters.bios++;
  e.scheduler.post(step.submit, bio, -1);
  return true;
}

/** Reads `data.length` bytes from block `lba` on, in pieces the engine's tables bear; whole blocks only. */
export function transfer(
  e: Engine,
  device: number,
  kind: typeof operation.read | typeof operation.write,
  lba: number,
  data: Uint8Array,
): Promise<number> {
  const bytes = e.devices[device].bytesPerBlock;
  const blocks = data.length / bytes;
  const pieceBlocks = Math.min(e.chunkBlocks[device], Math.max(1, Math.floor(2 ** 24 / bytes)));
  return new Promise((resolve, refuse) => {
    const next = (done: number, value: number): void => {
      if (value !== status.success || done === blocks) {
        resolve(value);
        return;
      }
      const piece = Math.min(pieceBlocks, blocks - done);
      const part = data.subarray(done * bytes, (done + piece) * bytes);
      const sent = submitTransfer(e, device, kind, lba + done, piece, part, (ended) =>
        next(done + piece, ended),
      );
      if (!sent) refuse(new RangeError("more transfers at one time than the engine has rows for"));
    };
    next(0, status.success);
    e.scheduler.drain();
  });
}
