import { closeSync, constants, openSync, readSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import { requireLinux } from "@blockferry/linux";
import type { RawRead } from "../verify/raw-reader.ts";

const PIECE_BYTES = 2 ** 20;

/** A reader of a block device, and how to close it. */
export interface DirectReader {
  readonly read: RawRead;
  close(): void;
}

/**
 * Reads a block device through the block layer and past its page cache (O_DIRECT), which knows nothing of what commands did
 * to the device. It is opened when it is first needed.
 *
 * @param path `undefined` where the kernel has no block device for it
 */
export function directReader(name: string, path: string | undefined): DirectReader {
  let fd: number | undefined;
  let piece: Uint8Array | undefined;
  return {
    read(offset, target) {
      if (path === undefined) {
        throw new FerryError("FERRY_VERIFY_UNREADABLE", `${name} has no block device to read`, {
          hint: "leave out --verify, or load the driver that makes the block device (sd_mod)",
        });
      }
      fd ??= openSync(path, constants.O_RDONLY | constants.O_DIRECT);
      piece ??= requireLinux().alignedBuffer(PIECE_BYTES);
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
