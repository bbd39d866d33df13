import type { GuardBits } from "../block-tags.ts";
import { crc16T10 } from "./crc16-t10.ts";
import { crc32c } from "./crc32c.ts";
import { crc64NvmeStart, crc64NvmeUpdate } from "./crc64-nvme.ts";

const store32 = (target: Uint8Array, at: number, value: number): void => {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
};

/**
 * Writes the guard tag, big-endian, at `target[at]`: the CRC of a block's data (`size` bytes from `dataAt` on) and then
 * of the metadata before the protection information (NVM Command Set Specification 1.2, section 5.3.1).
 */
export function writeGuard(
  guardBits: GuardBits,
  data: Uint8Array,
  dataAt: number,
  size: number,
  metadata: Uint8Array,
  metadataAt: number,
  metadataSize: number,
  target: Uint8Array,
  at: number,
): void {
  const dataEnd = dataAt + size;
  const metadataEnd = metadataAt + metadataSize;
  if (guardBits === 16) {
    const crc = crc16T10(metadata, metadataAt, metadataEnd, crc16T10(data, dataAt, dataEnd));
    target[at] = crc >>> 8;
    target[at + 1] = crc;
  } else if (guardBits === 32) {
    store32(target, at, crc32c(metadata, metadataAt, metadataEnd, crc32c(data, dataAt, dataEnd)));
  } else {
    const state = crc64NvmeStart();
    crc64NvmeUpdate(state, data, dataAt, dataEnd);
    crc64NvmeUpdate(state, metadata, metadataAt, metadataEnd);
    store32(target, at, ~state[1]);
    store32(target, at + 4, ~state[0]);
  }
}
