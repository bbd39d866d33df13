// What the conformance suite of command sets needs to know of ATA. Lists of the default profile are read back by hand;
// statuses are those of ACS-4, 6.2 and 6.3.
import type {
  CommandSetSuiteOptions,
  ReadCommand,
  SentCommand,
} from "@blockferry/conformance/command-set";
import type { CopySegment, QueueMemory, StatusName } from "@blockferry/core";
import { defaultProfile, LBA48_MAX, registerHostToDevice } from "../../src/codec/index.ts";
import { ataCommandSet, openAtaDevice } from "../../src/index.ts";
import { testDisk } from "./disk.ts";
import { loopback } from "./loopback.ts";

const ENTRY_BYTES = 8;
const operations: Readonly<Record<number, "read" | "write">> = { 37: "read", 53: "write" };

/** Entry `index` of a list: LBA in bytes 0 to 5, sectors in 6 and 7. */
function entryOf(list: Uint8Array, index: number): { lba: number; blocks: number } {
  const view = new DataView(list.buffer, list.byteOffset + index * ENTRY_BYTES);
  const lba = view.getUint32(0, true) + view.getUint16(4, true) * 2 ** 32;
  return { lba, blocks: view.getUint16(6, true) };
}

function read([{ command, list }]: readonly SentCommand[]): ReadCommand {
  const decoded = registerHostToDevice.decode(command);
  if (!decoded.ok) throw new Error(decoded.violated);
  const { command: opcode, lba, count } = decoded.value;
  if (opcode === 0xea) return { operation: "flush", device: 0 };
  if (opcode !== defaultProfile.command) {
    return { operation: operations[opcode], device: 0, lba, blocks: count || 65_536 };
  }
  if (count * 512 !== list.length) throw new Error(`COUNT ${count}, ${list.length} bytes`);
  const segments: CopySegment[] = [];
  let to = lba;
  for (let index = 0; index * ENTRY_BYTES < list.length; index += 1) {
    const { lba: from, blocks } = entryOf(list, index);
    const source = { device: 0, lba: from };
    if (blocks > 0) segments.push({ source, destination: { device: 0, lba: to }, blocks });
    to += blocks;
  }
  return { operation: "copy", segments };
}

/** A Register Device to Host FIS. */
function answer(memory: QueueMemory, slot: number, code: number, lba = 0): void {
  const fis = memory.completionBytes[slot].fill(0);
  const place = Array.from({ length: 6 }, (_, at) => Math.floor(lba / 256 ** at) % 256);
  fis.set([0x34, 0x40, Math.floor(code / 256), code % 256, ...place.slice(0, 3), 0x40]);
  fis.set(place.slice(3), 8);
}

const known: readonly (readonly [number, StatusName, string])[] = [
  [0x5000, "success", "DRDY, DSC"],
  [0x4000, "success", "DRDY"],
  [0x5140, "unrecoveredRead", "UNC"],
  [0x5110, "outOfRange", "IDNF"],
  [0x5104, "unsupported", "ABRT"],
  [0x5184, "deviceError", "ICRC, ABRT"],
  [0x7000, "writeFault", "DF"],
  [0x8000, "busy", "BSY"],
];

export const commandSetDriver: Omit<CommandSetSuiteOptions, "describe" | "it"> = {
  supports: {
    crossDevice: false,
    tellsLateAnswers: false,
    saysBlocksDone: true,
    lbaMax: LBA48_MAX,
    transferBlocksMax: 65_536,
  },
  async open(bounds) {
    const { rangesMax: entries, rangeBlocksMax: blocksPerEntry, blocksMax: blocks } = bounds;
    const { model } = testDisk(1000, { limits: { entries, blocksPerEntry, blocks } });
    return { set: ataCommandSet(), targets: [await openAtaDevice(loopback(model))], bounds };
  },
  read,
  succeed: (memory, slot) => answer(memory, slot, 0x5000),
  fail: answer,
  failAfter: (memory, slot, ranges) =>
    answer(memory, slot, 0x5140, entryOf(memory.listBytes[slot], ranges).lba),
  statuses: known.map(([code, means, name]) => ({ code, means, name })),
  unknownStatuses: [0x5100, 0x5101, 0x5102, 0x5120],
};
