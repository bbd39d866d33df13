import { closeSync, fdatasyncSync } from "node:fs";
import { FerryError, type Store } from "@blockferry/core";
import { type LinuxCalls, linux } from "@blockferry/linux";
import { copyInside } from "./copy.ts";
import { bestMeans, copyState, type FileCopyMeans } from "./copy-state.ts";
import { requireNotShrunk } from "./image.ts";
import type { LockMeans } from "./lock.ts";
import { openImage } from "./open-image.ts";
import { readImage, writeImage } from "./read-write.ts";
import { space } from "./space.ts";
import { storeError } from "./store-error.ts";

/** Which image to keep blocks in, and how. */
export interface FileStoreOptions {
  readonly path: string;
  /** Make a new, sparse image of that many bytes; the file must not be there. Default: open one. */
  readonly create?: { readonly bytes: number };
  /** Open for reading only, beside other readers. Default false. */
  readonly readonly?: boolean;
  /** Open in spite of another process's lock. Default false. */
  readonly force?: boolean;
  /** The calls of Linux to use; `false` for none. Default: those of this machine, if any. */
  readonly linux?: LinuxCalls | false;
}

/** A {@link Store} in a raw image file. */
export interface FileStore extends Store {
  readonly path: string;
  /** The best means of copying that is not known to be refused here. */
  readonly copyMeans: FileCopyMeans;
  /** Bytes copied inside the image so far, by means. */
  readonly copiedBytes: Readonly<Record<FileCopyMeans, number>>;
  /** How the image is kept from other processes. */
  readonly lockMeans: LockMeans;
}

function requireOptions(options: FileStoreOptions): void {
  const { path, create, readonly } = options;
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    throw new TypeError("path is not the name of a file");
  }
  if (create === undefined) return;
  if (readonly === true) throw new TypeError("a new image cannot be read-only");
  if (!Number.isSafeInteger(create.bytes) || create.bytes < 1) {
    throw new RangeError(`create.bytes is not a whole number from 1 to 2^53-1: ${create.bytes}`);
  }
}

/** Checks each call's range and that the store is open and writable. */
function guard(
  path: string,
  bytes: number,
  readonly: boolean,
): {
  close(): boolean;
  range(offset: number, length: number): void;
  write(): void;
} {
  let closed = false;
  return {
    close() {
      const first = !closed;
      closed = true;
      return first;
    },
    range(offset, length) {
      if (closed) throw new FerryError("FERRY_STORE_CLOSED", `the image ${path} is closed`);
      const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!whole || offset < 0 || length < 0 || length > bytes - offset) {
        throw new RangeError(`${length} bytes at ${offset} are not inside 0..${bytes} of ${path}`);
      }
    },
    write() {
      if (!readonly) return;
      throw new FerryError("FERRY_STORE_READONLY", `the image ${path} is open for reading only`, {
        details: { path },
        hint: "open it for writing",
      });
    },
  };
}

/**
 * Keeps blocks in a raw image file. Copies inside it are done by the file system (reflink), else by
 * the kernel (copy_file_range), else by reading and writing. Input and output are synchronous.
 *
 * @throws FerryError `FERRY_STORE_*`: see the README for when
 */
export function fileStore(options: FileStoreOptions): FileStore {
  requireOptions(options);
  const { path, readonly = false, force = false } = options;
  const calls = options.linux === false ? undefined : (options.linux ?? linux());
  const createBytes = options.create?.bytes;
  const { image, lock } = openImage({ path, createBytes, readonly, force, calls });
  const { fd, bytes } = image;
  const check = guard(path, bytes, readonly);
  const copies = copyState(image);
  const { writeZeroes, deallocate, isAllocated } = space(image);

  function requireWritable(offset: number, length: number): void {
    check.range(offset, length);
    check.write();
  }

  return {
    name: path,
    path,
    bytes,
    readonly,
    copiedBytes: copies.copiedBytes,
    lockMeans: lock.means,
    get copyMeans() {
      return bestMeans(copies);
    },
    read(offset, target) {
      check.range(offset, target.length);
      readImage(image, offset, target);
    },
    write(offset, source) {
      requireWritable(offset, source.length);
      requireNotShrunk(image);
      writeImage(image, offset, source);
    },
    copy(sourceOffset, destinationOffset, length) {
      check.range(sourceOffset, length);
      requireWritable(destinationOffset, length);
      return copyInside(copies, sourceOffset, destinationOffset, length);
    },
    writeZeroes(offset, length) {
      requireWritable(offset, length);
      writeZeroes(offset, length);
    },
    deallocate(offset, length) {
      requireWritable(offset, length);
      deallocate(offset, length);
    },
    isAllocated(offset, length) {
      check.range(offset, length);
      return isAllocated(offset, length);
    },
    flush() {
      check.range(0, 0);
      if (readonly) return;
      try {
        fdatasyncSync(fd);
      } catch (cause) {
        throw storeError(path, "flush", cause);
      }
    },
    close() {
      if (!check.close()) return;
      closeSync(fd);
      lock.release();
    },
  };
}
