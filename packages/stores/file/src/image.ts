import { fstatSync } from "node:fs";
import type { FerryError } from "@blockferry/core";
import type { LinuxCalls } from "@blockferry/linux";
import { shrunkError } from "./store-error.ts";

/** An open image file. */
export interface Image {
  readonly path: string;
  readonly fd: number;
  readonly bytes: number;
  /** The calls of Linux, where there are any. */
  readonly calls: LinuxCalls | undefined;
  /** Bytes per block of the file system: clones begin and end at multiples of it. */
  readonly bytesPerFileSystemBlock: number;
}

/** The error for an image that ended too soon, with its size of now. */
export function shrunk(image: Image): FerryError {
  return shrunkError(image.path, image.bytes, fstatSync(image.fd).size);
}

/**
 * Throws if the image is shorter than it was at opening. Done before anything is written: a write
 * beyond the end would grow the file again and hide what was lost.
 */
export function requireNotShrunk(image: Image): void {
  if (fstatSync(image.fd).size < image.bytes) throw shrunk(image);
}
