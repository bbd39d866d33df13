import {
  checkAddress,
  checkProtectField,
  checkTransferLength,
  fieldsOfCommand,
  forcesUnitAccess,
} from "./block-request.ts";
import type { Command } from "./command.ts";
import { flushUnit, readBlocks, writeBlocks } from "./medium.ts";
import { type Refusal, refuse, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";

const NOTHING = new Uint8Array(0);

/** Address and length of the command, checked; the answer is a refusal, or the command's own fields. */
export interface Extent {
  readonly lba: number;
  readonly blocks: number;
}

/** What every command with an address checks. */
export function extentOf(target: Target, command: Command): Extent | Refusal {
  const { cdb, unit } = command;
  const fields = fieldsOfCommand(command);
  const lba = fields.lba(cdb);
  const blocks = fields.blocks(cdb);
  const { transferBlocksMax } = target.profile.blockLimits;
  return (
    checkProtectField(cdb) ??
    checkAddress(unit, lba, blocks) ??
    checkTransferLength(blocks, transferBlocksMax, fields.blocksAt) ?? { lba, blocks }
  );
}

export const isRefusal = (one: Extent | Refusal): one is Refusal => "sense" in one;

/** DATA PROTECT, WRITE PROTECTED. */
export const checkWritable = ({ unit }: Command): Refusal | undefined =>
  unit.readonly ? refuse(senseCodes.writeProtected) : undefined;

/** READ(6), (10), (12), (16). */
export function read(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const { bytesPerBlock } = command.unit;
  const { dataIn = NOTHING } = command;
  const wanted = extent.blocks * bytesPerBlock;
  const moved = Math.min(wanted, dataIn.length);
  command.wanted = wanted;
  command.moved = moved;
  const whole = Math.ceil(moved / bytesPerBlock) * bytesPerBlock;
  if (whole === moved) {
    const into = moved === dataIn.length ? dataIn : dataIn.subarray(0, moved);
    return readBlocks(target, command.unit, extent.lba, into);
  }
  // Room for a part of the last block only.
  const blocks = new Uint8Array(whole);
  const refusal = readBlocks(target, command.unit, extent.lba, blocks);
  dataIn.set(blocks.subarray(0, moved));
  return refusal;
}

/** The data that came with a write: whole blocks, at most as many as the command has. */
export function writtenData(command: Command, bytes: number): Uint8Array {
  const { dataOut = NOTHING, unit } = command;
  command.wanted = bytes;
  const given = Math.min(bytes, dataOut.length);
  const moved = given - (given % unit.bytesPerBlock);
  command.moved = moved;
  return moved === dataOut.length ? dataOut : dataOut.subarray(0, moved);
}

/** WRITE(6), (10), (12), (16), and WRITE AND VERIFY: what was written needs no second look. */
export function write(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const protectedUnit = checkWritable(command);
  if (protectedUnit !== undefined) return protectedUnit;
  const data = writtenData(command, extent.blocks * command.unit.bytesPerBlock);
  const refusal = writeBlocks(target, command.unit, extent.lba, data);
  if (refusal === undefined && forcesUnitAccess(command.cdb)) flushUnit(target, command.unit);
  return refusal;
}

/** SYNCHRONIZE CACHE(10), (16). With IMMED too, what was written is durable when the command ends. */
export function synchronizeCache(target: Target, command: Command): Refusal | undefined {
  const fields = fieldsOfCommand(command);
  const wrong = checkAddress(command.unit, fields.lba(command.cdb), fields.blocks(command.cdb));
  if (wrong !== undefined) return wrong;
  flushUnit(target, command.unit);
  return undefined;
}

/** PRE-FETCH(10), (16): there is no cache to fill, so that CONDITION MET would not be true (SBC-3 5.8). */
export function preFetch(_target: Target, command: Command): Refusal | undefined {
  const fields = fieldsOfCommand(command);
  return checkAddress(command.unit, fields.lba(command.cdb), fields.blocks(command.cdb));
}
