import { LIST_PAGE_BYTES } from "../codec/data-set-management.ts";
import { readPlace } from "../codec/write-gathered/field-bytes.ts";
import type { FieldPlace } from "../codec/write-gathered/profile.ts";
import { type Command, count48, isLbaMode } from "./command.ts";
import type { Disk } from "./disk.ts";
import { isInside, moveRegisters, outOfRange, settle, unmark, writableBlocks } from "./medium.ts";
import { type CommandResult, result } from "./result.ts";

interface EntryPlaces {
  readonly bytes: number;
  readonly lba: FieldPlace;
  readonly blocks: FieldPlace;
}

/** ACS-4, 7.5.3; ACS-5 for the longer one. */
const entry: EntryPlaces = { bytes: 8, lba: { byte: 0, bytes: 6 }, blocks: { byte: 6, bytes: 2 } };
const entryXl: EntryPlaces = {
  bytes: 16,
  lba: { byte: 0, bytes: 6 },
  blocks: { byte: 8, bytes: 8 },
};

function trim(
  disk: Disk,
  command: Command,
  pages: number,
  { bytes, lba, blocks }: EntryPlaces,
): CommandResult {
  const { preset, store, bytesPerSector } = disk;
  const { dataOut } = command;
  if (pages === 0) return result.invalidField;
  if (preset.dsmPagesMax > 0 && pages > preset.dsmPagesMax) return result.invalidField;
  if (dataOut === undefined || dataOut.length !== pages * LIST_PAGE_BYTES) {
    return result.transferLength;
  }
  for (let at = 0; at < dataOut.length; at += bytes) {
    const count = readPlace(dataOut, at, blocks, true);
    if (count > 0 && !isInside(disk, readPlace(dataOut, at, lba, true), count)) {
      return outOfRange(disk);
    }
  }
  if (disk.readonly) return result.writeProtected;
  command.access = "write";
  for (let at = 0; at < dataOut.length; at += bytes) {
    const count = readPlace(dataOut, at, blocks, true);
    if (count === 0) continue;
    const first = readPlace(dataOut, at, lba, true);
    store.deallocate(first * bytesPerSector, count * bytesPerSector);
    unmark(disk, first, count);
  }
  command.access = "none";
  settle(disk, command, false);
  moveRegisters(disk, command, pages);
  return result.good;
}

const TRIM = 1;

/** DATA SET MANAGEMENT with TRIM (ACS-4, 7.5). */
export function dataSetManagement(disk: Disk, command: Command): CommandResult {
  if (command.feature % 256 !== TRIM) return result.invalidField;
  return trim(disk, command, command.count, entry);
}

/** DATA SET MANAGEMENT XL with TRIM (ACS-5). */
export function dataSetManagementXl(disk: Disk, command: Command): CommandResult {
  if (command.feature % 256 !== TRIM) return result.invalidField;
  return trim(disk, command, command.count, entryXl);
}

/** SEND FPDMA QUEUED, subcommand 00h: FEATURE has the blocks of the list, AUXILIARY what FEATURES had (ACS-4, 7.16). */
export function queuedDataSetManagement(disk: Disk, command: Command): CommandResult {
  if (command.auxiliary % 65_536 !== TRIM) return result.invalidField;
  return trim(disk, command, command.feature, entry);
}

/** ZERO EXT (ACS-4, 7.70): writes zeroes; with FEATURE bit 0 the space may be freed as well. */
export function zeroExt(disk: Disk, command: Command): CommandResult {
  const blocks = count48(command);
  if (!isLbaMode(command)) return result.invalidField;
  if (!isInside(disk, command.lba, blocks)) return outOfRange(disk);
  if (disk.readonly) return result.writeProtected;
  const sound = writableBlocks(disk, command.lba, blocks);
  const offset = command.lba * disk.bytesPerSector;
  const bytes = sound * disk.bytesPerSector;
  command.access = "write";
  if (command.feature % 2 === TRIM) disk.store.deallocate(offset, bytes);
  else disk.store.writeZeroes(offset, bytes);
  command.access = "none";
  unmark(disk, command.lba, sound);
  if (sound < blocks) {
    command.outLba = command.lba + sound;
    return result.writeFault;
  }
  settle(disk, command, false);
  return result.good;
}

const PSEUDO_UNCORRECTABLE = 0x55;
const FLAGGED = 0xaa;

/** WRITE UNCORRECTABLE EXT (ACS-4, 7.68): later reads of the sectors fail until they are written. */
export function writeUncorrectable(disk: Disk, command: Command): CommandResult {
  const kind = command.feature % 256;
  const blocks = count48(command);
  if (!isLbaMode(command)) return result.invalidField;
  if (kind !== PSEUDO_UNCORRECTABLE && kind !== FLAGGED) return result.invalidField;
  if (!isInside(disk, command.lba, blocks)) return outOfRange(disk);
  if (disk.readonly) return result.writeProtected;
  disk.marked.add(command.lba, blocks);
  return result.good;
}
