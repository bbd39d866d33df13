import { writeAtomic16Cdb } from "../codec/cdb/atomic-cdb.ts";
import { writeScattered16Cdb } from "../codec/cdb/write-same-cdb.ts";
import { lbaRangeDescriptor } from "../codec/parameter/block-descriptors.ts";
import {
  checkAddress,
  checkTransferLength,
  fieldsOfCommand,
  forcesUnitAccess,
} from "./block-request.ts";
import { fieldReader } from "./cdb-field.ts";
import type { Command } from "./command.ts";
import { flushUnit, readBlocks, writeBlocks } from "./medium.ts";
import { checkWritable, extentOf, isRefusal, writtenData } from "./read-write.ts";
import { type Refusal, refuse, refuseCdb, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import { firstDifference } from "./verify.ts";

function settle(
  target: Target,
  command: Command,
  refusal: Refusal | undefined,
): Refusal | undefined {
  if (refusal === undefined && forcesUnitAccess(command.cdb)) flushUnit(target, command.unit);
  return refusal;
}

/** COMPARE AND WRITE: first the blocks to compare, then those to write (SBC-3, COMPARE AND WRITE). */
export function compareAndWrite(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const { unit } = command;
  const { compareAndWriteBlocksMax } = target.profile.blockLimits;
  const refusal =
    checkTransferLength(
      extent.blocks,
      compareAndWriteBlocksMax,
      fieldsOfCommand(command).blocksAt,
    ) ?? checkWritable(command);
  if (refusal !== undefined || extent.blocks === 0) return refusal;
  const bytes = extent.blocks * unit.bytesPerBlock;
  const data = writtenData(command, 2 * bytes);
  if (data.length < 2 * bytes) return refuse(senseCodes.listLength);
  const stored = new Uint8Array(bytes);
  const failed = readBlocks(target, unit, extent.lba, stored);
  if (failed !== undefined) return failed;
  const difference = firstDifference(stored, data.subarray(0, bytes));
  if (difference >= 0) return refuse(senseCodes.miscompare, { information: difference });
  return settle(target, command, writeBlocks(target, unit, extent.lba, data.subarray(bytes)));
}

/** ORWRITE(16): each byte becomes the OR of what is stored and what is sent. */
export function orWrite(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const refusal = checkWritable(command);
  if (refusal !== undefined) return refusal;
  const { unit } = command;
  const data = writtenData(command, extent.blocks * unit.bytesPerBlock);
  const stored = new Uint8Array(data.length);
  const failed = readBlocks(target, unit, extent.lba, stored);
  if (failed !== undefined) return failed;
  for (let at = 0; at < stored.length; at += 1) stored[at] |= data[at];
  return settle(target, command, writeBlocks(target, unit, extent.lba, stored));
}

const atomicBoundary = fieldReader(writeAtomic16Cdb, "atomicBoundary");
const BOUNDARY_AT = writeAtomic16Cdb.offsetOf("atomicBoundary");

/** WRITE ATOMIC(16): commands are carried out one at a time, so that each is atomic against the others. */
export function writeAtomic(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const { atomicBlocksMax } = target.profile.blockLimits;
  // MAXIMUM ATOMIC BOUNDARY SIZE is 0: no boundaries.
  if (atomicBoundary(command.cdb) !== 0) return refuseCdb(BOUNDARY_AT);
  const refusal =
    checkTransferLength(extent.blocks, atomicBlocksMax, fieldsOfCommand(command).blocksAt) ??
    checkWritable(command);
  if (refusal !== undefined) return refusal;
  const bytes = extent.blocks * command.unit.bytesPerBlock;
  const data = writtenData(command, bytes);
  // Some of the blocks is not all of them.
  if (data.length < bytes) return refuse(senseCodes.listLength);
  return settle(target, command, writeBlocks(target, command.unit, extent.lba, data));
}

const scattered = {
  dataOffset: fieldReader(writeScattered16Cdb, "dataOffset"),
  ranges: fieldReader(writeScattered16Cdb, "rangeDescriptors"),
  transferLength: fieldReader(writeScattered16Cdb, "bufferTransferLength"),
  fua: fieldReader(writeScattered16Cdb, "fua"),
};
const OFFSET_AT = writeScattered16Cdb.offsetOf("dataOffset");
const LENGTH_AT = writeScattered16Cdb.offsetOf("bufferTransferLength");
const lbaOf = fieldReader(lbaRangeDescriptor, "lba");
const blocksOf = fieldReader(lbaRangeDescriptor, "blocks");
const HEADER_BYTES = 32;

/** Checks all ranges before the first is written. Returns how many blocks of data they need. */
function checkScattered(command: Command, data: Uint8Array, count: number): Refusal | number {
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * lbaRangeDescriptor.size;
    const lba = lbaOf(data, at);
    const blocks = blocksOf(data, at);
    const wrong = checkAddress(command.unit, lba, blocks);
    if (wrong !== undefined) return wrong;
    total += blocks;
  }
  return total;
}

/**
 * WRITE SCATTERED(16): ranges, padding to whole blocks, then the data of all ranges (SBC-4, WRITE SCATTERED). Initiators
 * count BUFFER TRANSFER LENGTH with the ranges in front of the data or, as sg_write_x does, without: both are taken.
 */
export function writeScattered(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  const { bytesPerBlock } = unit;
  const count = scattered.ranges(cdb);
  const offset = scattered.dataOffset(cdb) * bytesPerBlock;
  const blocks = scattered.transferLength(cdb);
  const refusal = checkWritable(command);
  if (refusal !== undefined) return refusal;
  if (count === 0 || blocks === 0) return undefined;
  if (HEADER_BYTES + count * lbaRangeDescriptor.size > offset) return refuseCdb(OFFSET_AT);
  const data = writtenData(command, offset + blocks * bytesPerBlock);
  if (data.length < offset) return refuse(senseCodes.listLength);
  const total = checkScattered(command, data, count);
  if (typeof total !== "number") return total;
  if (total > blocks) return refuseCdb(LENGTH_AT);
  if (offset + total * bytesPerBlock > data.length) return refuse(senseCodes.listLength);
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    const range = HEADER_BYTES + index * lbaRangeDescriptor.size;
    const bytes = blocksOf(data, range) * bytesPerBlock;
    const failed = writeBlocks(target, unit, lbaOf(data, range), data.subarray(at, at + bytes));
    if (failed !== undefined) return failed;
    at += bytes;
  }
  if (scattered.fua(cdb) === 1) flushUnit(target, unit);
  return undefined;
}
