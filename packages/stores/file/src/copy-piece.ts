import type { CopyState, FileCopyMeans } from "./copy-state.ts";
import { requireNotShrunk, shrunk } from "./image.ts";
import { readImage, writeImage } from "./read-write.ts";
import { isRefusal } from "./refusal.ts";
import { storeError } from "./store-error.ts";

const bufferBytes = 1_048_576;

/** Runs an attempt of the kernel's; false where the range must be copied another way. */
function accepted(
  state: CopyState,
  means: "clone" | "kernel-copy",
  range: Readonly<Record<string, number>>,
  attempt: () => void,
): boolean {
  try {
    attempt();
    return true;
  } catch (cause) {
    requireNotShrunk(state.image); // a file that was cut makes EINVAL too
    if (isRefusal(cause)) {
      state.refused[means] = true;
      return false;
    }
    // A clone takes space for the file system's own records; writing in place may take none.
    const isFull = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    if (means === "clone" && isFull) return false;
    throw storeError(state.image.path, "copy inside", cause, range);
  }
}

/** Shares blocks. Bounds must be multiples of the file system's block; false where refused. */
export function clonePiece(
  state: CopyState,
  sourceOffset: number,
  destinationOffset: number,
  bytes: number,
): boolean {
  const { calls, fd } = state.image;
  if (calls === undefined || state.refused.clone) return false;
  const range = { sourceOffset, bytes, destinationOffset };
  if (!accepted(state, "clone", range, () => calls.cloneRange(fd, { fdSource: fd, ...range }))) {
    return false;
  }
  state.copiedBytes.clone += bytes;
  return true;
}

/** Has the kernel copy, from the start on, as long as it takes it; returns how much it took. */
function kernelCopy(state: CopyState, source: number, destination: number, bytes: number): number {
  const { calls, fd } = state.image;
  if (calls === undefined || state.refused["kernel-copy"]) return 0;
  let done = 0;
  accepted(state, "kernel-copy", { source, destination, bytes }, () => {
    while (done < bytes) {
      const left = bytes - done;
      const copied = calls.copyFileRange(fd, source + done, fd, destination + done, left);
      if (copied === 0) throw shrunk(state.image);
      done += copied;
    }
  });
  state.copiedBytes["kernel-copy"] += done;
  return done;
}

/** Reads and writes, from the end down where the destination lies above: as memmove. */
export function readWrite(
  state: CopyState,
  source: number,
  destination: number,
  bytes: number,
): void {
  const { image } = state;
  state.buffer ??= new Uint8Array(bufferBytes);
  for (let done = 0; done < bytes; ) {
    const length = Math.min(bufferBytes, bytes - done);
    const at = destination > source ? bytes - done - length : done;
    const piece = length === bufferBytes ? state.buffer : state.buffer.subarray(0, length);
    readImage(image, source + at, piece);
    writeImage(image, destination + at, piece);
    state.copiedBytes["read-write"] += length;
    done += length;
  }
}

/** Copies the bytes of ranges that do not overlap: by the kernel, the rest by reads and writes. */
export function copyBytes(
  state: CopyState,
  source: number,
  destination: number,
  bytes: number,
): FileCopyMeans {
  const done = kernelCopy(state, source, destination, bytes);
  if (done === bytes) return "kernel-copy";
  readWrite(state, source + done, destination + done, bytes - done);
  return "read-write";
}
