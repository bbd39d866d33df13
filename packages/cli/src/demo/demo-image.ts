import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlockRange } from "@blockferry/core";
import { BYTES_PER_BLOCK, labelledBlocks } from "./labels.ts";

/** Blocks on each side of a destination that no copy may touch. */
export const GUARD_BLOCKS = 256;

/** A sparse image in a folder of its own, written and read past any device. */
export interface DemoImage {
  readonly path: string;
  label(kind: string, range: BlockRange): void;
  /** Whether the blocks of `range` are those that were labelled at `labelledAt`. */
  holds(range: BlockRange, kind: string, labelledAt: number): boolean;
  /** Removes image and folder. */
  remove(): void;
}

/** Makes the image. */
export function makeDemoImage(bytes: number): DemoImage {
  const folder = mkdtempSync(join(tmpdir(), "blockferry-demo-"));
  const path = join(folder, "demo.img");
  const fd = openSync(path, "w+");
  ftruncateSync(fd, bytes);
  return {
    path,
    label(kind, { lba, blocks }) {
      const bytes = labelledBlocks(kind, lba, blocks);
      writeSync(fd, bytes, 0, bytes.length, lba * BYTES_PER_BLOCK);
    },
    holds({ lba, blocks }, kind, labelledAt) {
      const found = new Uint8Array(blocks * BYTES_PER_BLOCK);
      readSync(fd, found, 0, found.length, lba * BYTES_PER_BLOCK);
      return Buffer.compare(found, labelledBlocks(kind, labelledAt, blocks)) === 0;
    },
    remove() {
      closeSync(fd);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
