// Goal: the calls on files keep the contract of command sets. Method: the suite; commands are read back by offsets of their
// own, errors are those of errno(3) on Linux.
import {
  commandSetSuite,
  type ReadCommand,
  type SentCommand,
} from "@blockferry/conformance/command-set";
import type { QueueMemory } from "@blockferry/core";
import { describe, it } from "vitest";
import { type FileTarget, fileCommandSet } from "../src/index.ts";

const BYTES_PER_BLOCK = 512;
const LBA_MAX = Math.floor(Number.MAX_SAFE_INTEGER / BYTES_PER_BLOCK) - 2 ** 20;
const operations = [undefined, "copy", "read", "write", "flush"] as const;

function target(file: number, blocksMax: number): FileTarget {
  return {
    ...{ family: "file", file, path: `f${file}`, fileSystem: "ext4", clones: "no" },
    ...{ capacityBlocks: LBA_MAX, bytesPerBlock: BYTES_PER_BLOCK, copyRefusal: undefined },
    // No part of a block: commands are cut at their bounds alone.
    bytesPerFileSystemBlock: 1,
    limits: {
      ...{ bytesPerBlock: BYTES_PER_BLOCK, transferBlocksMax: 2048, copyShape: "one-to-one" },
      ...{ copyBlocksMax: blocksMax, copyRangesMax: 1, copyRangeBlocksMax: blocksMax },
      copyCrossDevice: true,
    },
  };
}

function read([{ command }]: readonly SentCommand[]): ReadCommand {
  const view = new DataView(command.buffer, command.byteOffset);
  const blocksAt = (at: number): number => Number(view.getBigUint64(at, true)) / BYTES_PER_BLOCK;
  const operation = operations[command[0]];
  const device = view.getUint16(6, true);
  if (operation === undefined) throw new Error(`operation ${command[0]}`);
  if (operation === "flush") return { operation, device };
  const [lba, blocks] = [blocksAt(16), blocksAt(24)];
  if (operation !== "copy") return { operation, device, lba, blocks };
  const source = { device: view.getUint16(4, true), lba: blocksAt(8) };
  return { operation, segments: [{ source, destination: { device, lba }, blocks }] };
}

function answer(memory: QueueMemory, slot: number, errno: number, bytes = 0): void {
  const completion = memory.completionBytes[slot].fill(0);
  const view = new DataView(completion.buffer, completion.byteOffset);
  view.setUint32(4, errno, true);
  view.setBigUint64(8, BigInt(bytes), true);
}

commandSetSuite({
  ...{ describe, it },
  supports: {
    crossDevice: true,
    tellsLateAnswers: false,
    saysBlocksDone: false,
    lbaMax: LBA_MAX,
    transferBlocksMax: 2048,
  },
  open({ rangeBlocksMax, blocksMax }) {
    const blocks = Math.min(rangeBlocksMax, blocksMax);
    const targets = [target(0, blocks), target(1, blocks)];
    const bounds = { rangesMax: 1, rangeBlocksMax: blocks, blocksMax: blocks };
    return { set: fileCommandSet, targets, bounds };
  },
  read,
  succeed: (memory, slot) => answer(memory, slot, 0),
  fail: answer,
  statuses: [
    { code: 0, name: "success", means: "success" },
    { code: 28, name: "ENOSPC", means: "capacityExceeded" },
    { code: 30, name: "EROFS", means: "writeProtected" },
    { code: 95, name: "EOPNOTSUPP", means: "unsupported" },
    { code: 18, name: "EXDEV", means: "unsupported" },
    { code: 16, name: "EBUSY", means: "busy" },
    { code: 19, name: "ENODEV", means: "removed" },
    { code: 5, name: "EIO" },
  ],
  unknownStatuses: [200, 511, 4095],
});
