import { readSync, writeSync } from "node:fs";
import { type Image, shrunk } from "./image.ts";
import { storeError } from "./store-error.ts";

/** Fills `target` from `offset` on, however many calls it takes. */
export function readImage(image: Image, offset: number, target: Uint8Array): void {
  let done = 0;
  while (done < target.length) {
    let read: number;
    try {
      read = readSync(image.fd, target, done, target.length - done, offset + done);
    } catch (cause) {
      throw storeError(image.path, "read", cause, { offset: offset + done });
    }
    if (read === 0) throw shrunk(image);
    done += read;
  }
}

/** Writes all of `source` at `offset`, however many calls it takes. */
export function writeImage(image: Image, offset: number, source: Uint8Array): void {
  let done = 0;
  while (done < source.length) {
    try {
      done += writeSync(image.fd, source, done, source.length - done, offset + done);
    } catch (cause) {
      throw storeError(image.path, "write", cause, { offset: offset + done });
    }
  }
}
