import { type Image, requireNotShrunk } from "./image.ts";
import { writeImage } from "./read-write.ts";
import { isRefusal } from "./refusal.ts";
import { storeError } from "./store-error.ts";

/** Zeroes and holes of one image. */
export interface Space {
  /** Makes the range read as zeroes. */
  writeZeroes(offset: number, bytes: number): void;
  /** Frees the range where the file system has holes; it reads as zeroes in any case. */
  deallocate(offset: number, bytes: number): void;
  /** False where the file system says that the whole range is a hole. */
  isAllocated(offset: number, bytes: number): boolean;
}

const zeroes = new Uint8Array(262_144);

function writeZeroBytes(image: Image, offset: number, bytes: number): void {
  for (let done = 0; done < bytes; ) {
    const length = Math.min(zeroes.length, bytes - done);
    writeImage(image, offset + done, zeroes.subarray(0, length));
    done += length;
  }
}

/** Uses fallocate(2) until it is refused, then writes zeroes. */
export function space(image: Image): Space {
  const { calls, fd, path } = image;
  const refused = { zero: calls === undefined, punch: calls === undefined };
  let seeks = calls !== undefined;

  /** False where the file system has no such operation. */
  function accepted(kind: "zero" | "punch", offset: number, bytes: number): boolean {
    if (refused[kind]) return false;
    try {
      if (kind === "zero") calls?.zeroRange(fd, offset, bytes);
      else calls?.fallocatePunchHole(fd, offset, bytes);
      return true;
    } catch (cause) {
      if (!isRefusal(cause)) throw storeError(path, "zero a part of", cause, { offset, bytes });
      refused[kind] = true;
      return false;
    }
  }

  return {
    writeZeroes(offset, bytes) {
      requireNotShrunk(image);
      if (accepted("zero", offset, bytes) || accepted("punch", offset, bytes)) return;
      writeZeroBytes(image, offset, bytes);
    },
    deallocate(offset, bytes) {
      requireNotShrunk(image);
      if (!accepted("punch", offset, bytes)) writeZeroBytes(image, offset, bytes);
    },
    isAllocated(offset, bytes) {
      if (bytes === 0) return false;
      if (!seeks || calls === undefined) return true;
      try {
        const data = calls.seekData(fd, offset);
        return data !== undefined && data < offset + bytes;
      } catch (cause) {
        if (!isRefusal(cause)) throw storeError(path, "look for data in", cause, { offset });
        seeks = false;
        return true;
      }
    },
  };
}
