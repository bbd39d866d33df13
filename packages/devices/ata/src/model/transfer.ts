import { address28, type Command, count28, count48, isLbaMode } from "./command.ts";
import type { Disk } from "./disk.ts";
import {
  isInside,
  moveRegisters,
  outOfRange,
  readableBlocks,
  readData,
  settle,
  unmark,
  writableBlocks,
  writeData,
} from "./medium.ts";
import { type CommandResult, result } from "./result.ts";

/** Reads sectors (ACS-4, 7.21 to 7.28). An error is at the address in LBA; what is before it has been transferred. */
export function readBlocks(
  disk: Disk,
  command: Command,
  lba: number,
  blocks: number,
): CommandResult {
  if (!isLbaMode(command)) return result.invalidField;
  if (!isInside(disk, lba, blocks)) return outOfRange(disk);
  const { dataIn } = command;
  const bytes = blocks * disk.bytesPerSector;
  if (dataIn === undefined || dataIn.length < bytes) return result.transferLength;
  const sound = readableBlocks(disk, lba, blocks);
  if (sound === blocks) {
    readData(disk, command, lba, dataIn.length === bytes ? dataIn : dataIn.subarray(0, bytes));
    moveRegisters(disk, command, blocks);
    return result.good;
  }
  readData(disk, command, lba, dataIn.subarray(0, sound * disk.bytesPerSector));
  command.outLba = lba + sound;
  return result.unrecoveredRead;
}

/** Writes sectors (ACS-4, 7.57 to 7.67). */
export function writeBlocks(
  disk: Disk,
  command: Command,
  lba: number,
  blocks: number,
  forceUnitAccess: boolean,
): CommandResult {
  if (!isLbaMode(command)) return result.invalidField;
  if (!isInside(disk, lba, blocks)) return outOfRange(disk);
  if (disk.readonly) return result.writeProtected;
  const { dataOut } = command;
  const bytes = blocks * disk.bytesPerSector;
  if (dataOut === undefined || dataOut.length !== bytes) return result.transferLength;
  const sound = writableBlocks(disk, lba, blocks);
  const whole = sound === blocks;
  writeData(disk, command, lba, whole ? dataOut : dataOut.subarray(0, sound * disk.bytesPerSector));
  unmark(disk, lba, sound);
  if (!whole) {
    command.outLba = lba + sound;
    return result.writeFault;
  }
  settle(disk, command, forceUnitAccess);
  moveRegisters(disk, command, blocks);
  return result.good;
}

export const readExt = (disk: Disk, command: Command): CommandResult =>
  readBlocks(disk, command, command.lba, count48(command));

export const read28 = (disk: Disk, command: Command): CommandResult =>
  readBlocks(disk, command, address28(command), count28(command));

export const writeExt = (disk: Disk, command: Command): CommandResult =>
  writeBlocks(disk, command, command.lba, count48(command), false);

export const writeFuaExt = (disk: Disk, command: Command): CommandResult =>
  writeBlocks(disk, command, command.lba, count48(command), true);

export const write28 = (disk: Disk, command: Command): CommandResult =>
  writeBlocks(disk, command, address28(command), count28(command), false);

function verify(disk: Disk, command: Command, lba: number, blocks: number): CommandResult {
  if (!isLbaMode(command)) return result.invalidField;
  if (!isInside(disk, lba, blocks)) return outOfRange(disk);
  const sound = readableBlocks(disk, lba, blocks);
  if (sound === blocks) return result.good;
  command.outLba = lba + sound;
  return result.unrecoveredRead;
}

/** READ VERIFY SECTOR(S) (ACS-4, 7.31 and 7.32). */
export const verifyExt = (disk: Disk, command: Command): CommandResult =>
  verify(disk, command, command.lba, count48(command));

export const verify28 = (disk: Disk, command: Command): CommandResult =>
  verify(disk, command, address28(command), count28(command));

/** FLUSH CACHE and FLUSH CACHE EXT (ACS-4, 7.10 and 7.11). */
export function flush(disk: Disk, command: Command): CommandResult {
  command.access = "write";
  disk.store.flush();
  command.access = "none";
  return result.good;
}
