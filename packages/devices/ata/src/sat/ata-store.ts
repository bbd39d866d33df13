import { type DeviceModel, FerryError, type Store, type StoreCopyMeans } from "@blockferry/core";
import type { AtaDevice } from "../ata-device.ts";
import { opcode } from "../codec/commands.ts";
import { encodeDsmRanges } from "../codec/data-set-management.ts";
import { errorBit } from "../codec/error-register.ts";
import { identifyDevice } from "../codec/identify-device.ts";
import type { TaskFile } from "../codec/task-file.ts";
import { type PlannedWriteGathered, planWriteGathered } from "../plan-write-gathered.ts";
import { runCommand } from "./run-command.ts";

/** Sectors of one transfer, far below what COUNT can say. */
const TRANSFER_BYTES = 2 ** 20;
const DSM_TRIM = 1;
const DSM_ENTRY_BLOCKS = 0xffff;
const DSM_PAGE_ENTRIES = 64;

/** Commands of a translator to the disk behind it. */
interface Disk {
  readonly bytesPerSector: number;
  send(taskFile: TaskFile, dataOut?: Uint8Array, dataIn?: Uint8Array): void;
}

function failure(taskFile: TaskFile, what: string, isUnreadable: boolean): FerryError {
  const code = isUnreadable ? "FERRY_STORE_UNREADABLE" : "FERRY_STORE_IO";
  const command = `${taskFile.command.toString(16).toUpperCase()}h`;
  return new FerryError(code, `the disk ended command ${command} with ${what}`, {
    details: { command: taskFile.command, lba: taskFile.lba ?? 0 },
  });
}

function diskOf(model: DeviceModel, bytesPerSector: number): Disk {
  return {
    bytesPerSector,
    send(taskFile, dataOut, dataIn) {
      const run = runCommand(model, taskFile, dataOut, dataIn);
      if (run.outcome !== "completed") throw failure(taskFile, run.outcome, false);
      if (run.isGood) return;
      const { status, error } = run.registers;
      const isUnreadable = (error & errorBit.uncorrectable) !== 0;
      throw failure(taskFile, `STATUS ${status}, ERROR ${error}`, isUnreadable);
    },
  };
}

/** Calls `each` for whole runs of sectors and, at the ends, for parts of a sector. */
function inPieces(
  { bytesPerSector }: Disk,
  offset: number,
  bytes: number,
  whole: (lba: number, at: number, sectors: number) => void,
  part: (lba: number, from: number, at: number, count: number) => void,
): void {
  for (let at = 0; at < bytes; ) {
    const lba = Math.floor((offset + at) / bytesPerSector);
    const from = (offset + at) % bytesPerSector;
    const left = bytes - at;
    if (from > 0 || left < bytesPerSector) {
      const count = Math.min(bytesPerSector - from, left);
      part(lba, from, at, count);
      at += count;
    } else {
      const sectors = Math.floor(Math.min(left, TRANSFER_BYTES) / bytesPerSector);
      whole(lba, at, sectors);
      at += sectors * bytesPerSector;
    }
  }
}

function readBytes(disk: Disk, offset: number, target: Uint8Array): void {
  const { bytesPerSector: size } = disk;
  const read = (lba: number, sectors: number, into: Uint8Array): void =>
    disk.send({ command: opcode.readDmaExt, lba, count: sectors }, undefined, into);
  inPieces(
    disk,
    offset,
    target.length,
    (lba, at, sectors) => read(lba, sectors, target.subarray(at, at + sectors * size)),
    (lba, from, at, count) => {
      const sector = new Uint8Array(size);
      read(lba, 1, sector);
      target.set(sector.subarray(from, from + count), at);
    },
  );
}

function writeBytes(disk: Disk, offset: number, source: Uint8Array): void {
  const { bytesPerSector: size } = disk;
  const write = (lba: number, sectors: number, data: Uint8Array): void =>
    disk.send({ command: opcode.writeDmaExt, lba, count: sectors }, data);
  inPieces(
    disk,
    offset,
    source.length,
    (lba, at, sectors) => write(lba, sectors, source.subarray(at, at + sectors * size)),
    (lba, from, at, count) => {
      const sector = new Uint8Array(size);
      disk.send({ command: opcode.readDmaExt, lba, count: 1 }, undefined, sector);
      sector.set(source.subarray(at, at + count), from);
      write(lba, 1, sector);
    },
  );
}

/** Moves bytes through memory, as memmove does. */
function moveBytes(disk: Disk, from: number, to: number, bytes: number): void {
  const pieces = Math.ceil(bytes / TRANSFER_BYTES);
  const buffer = new Uint8Array(Math.min(bytes, TRANSFER_BYTES));
  for (let piece = 0; piece < pieces; piece += 1) {
    const at = (from < to ? pieces - 1 - piece : piece) * TRANSFER_BYTES;
    const part = buffer.subarray(0, Math.min(TRANSFER_BYTES, bytes - at));
    readBytes(disk, from + at, part);
    writeBytes(disk, to + at, part);
  }
}

function writeZeroes(disk: Disk, offset: number, bytes: number): void {
  const zeroes = new Uint8Array(Math.min(bytes, TRANSFER_BYTES));
  for (let at = 0; at < bytes; at += zeroes.length) {
    writeBytes(disk, offset + at, zeroes.subarray(0, Math.min(zeroes.length, bytes - at)));
  }
}

function trim(disk: Disk, lba: number, sectors: number): void {
  const most = DSM_ENTRY_BLOCKS * DSM_PAGE_ENTRIES;
  for (let at = 0; at < sectors; at += most) {
    const end = Math.min(at + most, sectors);
    const ranges: { lba: number; blocks: number }[] = [];
    for (let from = at; from < end; from += DSM_ENTRY_BLOCKS) {
      ranges.push({ lba: lba + from, blocks: Math.min(DSM_ENTRY_BLOCKS, end - from) });
    }
    const list = encodeDsmRanges("dsm", ranges);
    const count = list.length / 512;
    disk.send({ command: opcode.dataSetManagement, feature: DSM_TRIM, count }, list);
  }
}

function readsZeroAfterTrim(model: DeviceModel, { trimPagesMax }: AtaDevice): boolean {
  if (trimPagesMax === undefined) return false;
  const data = new Uint8Array(identifyDevice.size);
  runCommand(model, { command: opcode.identifyDevice }, undefined, data);
  const decoded = identifyDevice.decode(data, 0, { lenient: true });
  return decoded.ok && decoded.value.rzat;
}

/**
 * The sectors of an ATA disk as a store of bytes, for the copy manager of a translator in front of it: what is whole
 * sectors, and does not overlap, is copied by the disk itself with WRITE GATHERED EXT. The translation of EXTENDED COPY is
 * this project's own: no published standard has one.
 *
 * @param disk what `openAtaDevice` learned of it
 */
export function ataStore(model: DeviceModel, disk: AtaDevice): Store {
  const { bytesPerBlock: size, capacityBlocks, writeGathered } = disk;
  const way = diskOf(model, size);
  const trims = readsZeroAfterTrim(model, disk);
  const bytes = capacityBlocks * size;

  let isClosed = false;

  const requireInside = (offset: number, length: number): void => {
    if (isClosed) throw new FerryError("FERRY_STORE_CLOSED", "the disk behind the store is closed");
    const areWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (areWhole && offset >= 0 && length >= 0 && offset + length <= bytes) return;
    throw new RangeError(`${length} bytes at ${offset} are not on a disk of ${bytes} bytes`);
  };

  const gather = ({ taskFile, list }: PlannedWriteGathered): void => way.send(taskFile, list);

  return {
    name: "ata-disk",
    bytes,
    readonly: false,
    read(offset, target) {
      requireInside(offset, target.length);
      readBytes(way, offset, target);
    },
    write(offset, source) {
      requireInside(offset, source.length);
      writeBytes(way, offset, source);
    },
    copy(from, to, length): StoreCopyMeans {
      requireInside(from, length);
      requireInside(to, length);
      if (length === 0) return "device";
      const isWhole = from % size === 0 && to % size === 0 && length % size === 0;
      const overlaps = from < to + length && to < from + length;
      if (writeGathered === undefined || !isWhole || overlaps) {
        moveBytes(way, from, to, length);
        return "read-write";
      }
      const sources = [{ lba: from / size, blocks: length / size }];
      for (const command of planWriteGathered(disk, { sources, destination: to / size }).commands) {
        gather(command);
      }
      return "device";
    },
    writeZeroes(offset, length) {
      requireInside(offset, length);
      writeZeroes(way, offset, length);
    },
    deallocate(offset, length) {
      requireInside(offset, length);
      const isWhole = offset % size === 0 && length % size === 0;
      if (trims && isWhole) trim(way, offset / size, length / size);
      else writeZeroes(way, offset, length);
    },
    isAllocated(offset, length) {
      requireInside(offset, length);
      return length > 0;
    },
    flush() {
      requireInside(0, 0);
      way.send({ command: opcode.flushCacheExt });
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      model.close();
    },
  };
}
