import type { StoreCopyMeans } from "@blockferry/core";
import type { Image } from "./image.ts";

/** The means a file has: `clone`, `kernel-copy`, `read-write`; the best first. */
export type FileCopyMeans = Exclude<StoreCopyMeans, "memory" | "device">;

/** What the copies inside one image have in common. */
export interface CopyState {
  readonly image: Image;
  /** What the file system refused is not asked for again. */
  readonly refused: { clone: boolean; "kernel-copy": boolean };
  /** Bytes copied so far. */
  readonly copiedBytes: Record<FileCopyMeans, number>;
  /** For reads and writes, made by the first. */
  buffer: Uint8Array | undefined;
}

/** Nothing copied yet; without the calls of Linux the kernel's means are refused from the start. */
export function copyState(image: Image): CopyState {
  const none = image.calls === undefined;
  return {
    image,
    refused: { clone: none, "kernel-copy": none },
    copiedBytes: { clone: 0, "kernel-copy": 0, "read-write": 0 },
    buffer: undefined,
  };
}

/** The best means that is not known to be refused. */
export function bestMeans({ refused }: CopyState): FileCopyMeans {
  if (!refused.clone) return "clone";
  return refused["kernel-copy"] ? "read-write" : "kernel-copy";
}

const rank: Readonly<Record<FileCopyMeans, number>> = {
  clone: 2,
  "kernel-copy": 1,
  "read-write": 0,
};

/** The lesser of two means: what a range copied by both is said to have been copied by. */
export function lesserMeans(one: FileCopyMeans, two: FileCopyMeans): FileCopyMeans {
  return rank[two] < rank[one] ? two : one;
}
