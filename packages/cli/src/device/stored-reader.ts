import { closeSync, constants, openSync, readSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import { requireLinux } from "@blockferry/linux";
import type { RawRead } from "../verify/raw-reader.ts";

const PIECE_BYTES = 2 ** 20;

/** Reads what a device stores, past the device; opened when it is first needed. */
export interface StoredReader {
  readonly read: RawRead;
  close(): void;
}

function reader(path: string, flags: number, makePiece: () => Uint8Array): StoredReader {
  let fd: number | undefined;
  let piece: Uint8Array | undefined;
  return {
    read(offset, target) {
      fd ??= openSync(path, flags);
      piece ??= makePiece();
      for (let done = 0; done < target.length; ) {
        const want = Math.min(PIECE_BYTES, target.length - done);
        const got = readSync(fd, piece, 0, want, offset + done);
        if (got === 0) {
          throw new FerryError("FERRY_VERIFY_UNREADABLE", `${path} ends before ${offset + done}`);
        }
        target.set(piece.subarray(0, got), done);
        done += got;
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

/** Reads a file through a descriptor of its own. */
export function fileReader(path: string): StoredReader {
  return reader(path, constants.O_RDONLY, () => new Uint8Array(PIECE_BYTES));
}

/**
 * Reads a block device through the block layer and past its page cache (O_DIRECT), which knows nothing of what commands did
 * to the device.
 *
 * @param path `undefined` where the kernel has no block device for it: reads then throw
 */
export function blockDeviceReader(name: string, path: string | undefined): StoredReader {
  if (path !== undefined) {
    const flags = constants.O_RDONLY | constants.O_DIRECT;
    return reader(path, flags, () => requireLinux().alignedBuffer(PIECE_BYTES));
  }
  return {
    read() {
      throw new FerryError("FERRY_VERIFY_UNREADABLE", `${name} has no block device to read`, {
        hint: "leave out --verify, or load the driver that makes the block device (sd_mod)",
      });
    },
    close() {},
  };
}
