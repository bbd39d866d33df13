import type { BlockDevice } from "@blockferry/block";
import { locate } from "./locate.ts";

/** Reads what a bottom device stores, past the device: bytes at a byte offset. */
export type RawRead = (offset: number, target: Uint8Array) => void;

/** Reads blocks of a device, however they lie below it. `target` is a whole number of blocks. */
export type BlockRead = (lba: number, target: Uint8Array) => void;

/** A reader of a stacked device over readers of what is at its bottom. */
export function blockReader(
  device: BlockDevice,
  rawReads: ReadonlyMap<BlockDevice, RawRead>,
): BlockRead {
  const { bytesPerBlock } = device;
  return (lba, target) => {
    let done = 0;
    while (done < target.length) {
      const at = locate(device, lba + done / bytesPerBlock);
      const rawRead = rawReads.get(at.device);
      if (rawRead === undefined) throw new RangeError(`${at.device.name} has no raw reader`);
      const bytes = Math.min(target.length - done, at.blocks * bytesPerBlock);
      rawRead(at.lba * bytesPerBlock, target.subarray(done, done + bytes));
      done += bytes;
    }
  };
}
