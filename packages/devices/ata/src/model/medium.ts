import type { Command } from "./command.ts";
import type { Disk } from "./disk.ts";
import { type CommandResult, result } from "./result.ts";

/** Faults of a disk are on no unit but its own. */
const DISK = 0;

/** True if the range is inside the disk. */
export const isInside = (disk: Disk, lba: number, blocks: number): boolean =>
  lba + blocks <= disk.sectors;

/** The refusal of a range that ends behind the last sector. */
export const outOfRange = ({ preset }: Disk): CommandResult =>
  preset.outOfRange === "IDNF" ? result.outOfRange : result.outOfRangeAborted;

/** Sectors of a range that can be read, up to the first that cannot. */
export function readableBlocks(disk: Disk, lba: number, blocks: number): number {
  const { faults, marked } = disk;
  const unmarked = marked.isEmpty ? blocks : marked.blocksBefore(lba, blocks);
  return faults.hasMediumFaults ? faults.reach("unrecovered-read", DISK, lba, unmarked) : unmarked;
}

/** Sectors of a range that can be written, up to the first that cannot. */
export function writableBlocks({ faults }: Disk, lba: number, blocks: number): number {
  return faults.hasMediumFaults ? faults.reach("write-fault", DISK, lba, blocks) : blocks;
}

export function readData(disk: Disk, command: Command, lba: number, target: Uint8Array): void {
  command.access = "read";
  disk.store.read(lba * disk.bytesPerSector, target);
  command.access = "none";
}

export function writeData(disk: Disk, command: Command, lba: number, source: Uint8Array): void {
  command.access = "write";
  disk.store.write(lba * disk.bytesPerSector, source);
  command.access = "none";
}

/** What was written can be read again. */
export function unmark({ marked }: Disk, lba: number, blocks: number): void {
  if (!marked.isEmpty) marked.remove(lba, blocks);
}

/** After a write: what must be durable is made so. */
export function settle(disk: Disk, command: Command, forceUnitAccess: boolean): void {
  if (!forceUnitAccess && disk.settings.writeCache) return;
  command.access = "write";
  disk.store.flush();
  command.access = "none";
}

/** Registers of a disk that counts in them: LBA moves on by what was done, COUNT runs down to 0. */
export function moveRegisters({ preset }: Disk, command: Command, blocks: number): void {
  if (!preset.movesRegisters) return;
  command.outLba = command.lba + blocks;
  command.outCount = 0;
}
