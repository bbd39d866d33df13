import { getLbaStatusCdb } from "../codec/cdb/capacity-cdb.ts";
import { unmapCdb, writeSame10Cdb, writeSame16Cdb } from "../codec/cdb/write-same-cdb.ts";
import { rangeDescriptor } from "../codec/copy/range-descriptor.ts";
import { lbaStatusData, unmapHeader } from "../codec/parameter/block-descriptors.ts";
import { checkAddress, checkProtectField, fieldsOfCommand } from "./block-request.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList, respond } from "./command.ts";
import { clearBlocks, writeBlocks } from "./medium.ts";
import { BUFFER_BYTES } from "./move-bytes.ts";
import { checkWritable, writtenData } from "./read-write.ts";
import { type Refusal, refuse, refuseAddress, refuseCdb, refuseList, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

const field = {
  unmap: fieldReader(writeSame10Cdb, "unmap"),
  anchor: fieldReader(writeSame10Cdb, "anchor"),
  ndob: fieldReader(writeSame16Cdb, "ndob"),
};
const WRITE_SAME_16 = 0x93;

/** Bits of byte 1 that the profile does not have. */
function checkFlags(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  const { provisioning } = target.profile;
  const protect = checkProtectField(cdb);
  if (protect !== undefined) return protect;
  // Nothing is anchored, and full units unmap nothing (SBC-3, WRITE SAME).
  if (field.anchor(cdb) === 1) return refuseCdb(1, 4);
  if (field.unmap(cdb) === 1 && !unit.thin) return refuseCdb(1, 3);
  const isNdob = cdb[0] === WRITE_SAME_16 && field.ndob(cdb) === 1;
  return isNdob && !provisioning.noDataOut ? refuseCdb(1, 0) : undefined;
}

function repeatBlock(
  target: Target,
  unit: Unit,
  lba: number,
  blocks: number,
  block: Uint8Array,
): Refusal | undefined {
  const step = Math.min(blocks, Math.floor(BUFFER_BYTES / unit.bytesPerBlock));
  const piece = target.buffer().subarray(0, step * unit.bytesPerBlock);
  for (let at = 0; at < piece.length; at += block.length) piece.set(block, at);
  for (let done = 0; done < blocks; done += step) {
    const count = Math.min(step, blocks - done);
    const part = count === step ? piece : piece.subarray(0, count * unit.bytesPerBlock);
    const refusal = writeBlocks(target, unit, lba + done, part);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

/** WRITE SAME(10), (16), with NDOB. UNMAP with data other than zeros writes them (SBC-3, table 120). */
export function writeSame(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  const { provisioning, blockLimits } = target.profile;
  const fields = fieldsOfCommand(command);
  const lba = fields.lba(cdb);
  const given = fields.blocks(cdb);
  const refusal = checkFlags(target, command) ?? checkWritable(command);
  if (refusal !== undefined) return refusal;
  if (given === 0 && provisioning.writeSameNonZero) return refuseCdb(fields.blocksAt);
  if (given === 0 && lba >= unit.blocks) return refuseAddress(lba);
  // No number: to the end of the medium.
  const blocks = given === 0 ? unit.blocks - lba : given;
  const wrong = checkAddress(unit, lba, blocks);
  if (wrong !== undefined) return wrong;
  const { writeSameBlocksMax } = blockLimits;
  if (writeSameBlocksMax > 0 && blocks > writeSameBlocksMax) return refuseCdb(fields.blocksAt);
  const isNdob = cdb[0] === WRITE_SAME_16 && field.ndob(cdb) === 1;
  const how = field.unmap(cdb) === 1 ? "deallocate" : "writeZeroes";
  if (isNdob) return clearBlocks(target, unit, lba, blocks, how);
  const block = writtenData(command, unit.bytesPerBlock);
  if (block.length < unit.bytesPerBlock) return refuse(senseCodes.listLength);
  if (isZero(block)) return clearBlocks(target, unit, lba, blocks, how);
  return repeatBlock(target, unit, lba, blocks, block);
}

const unmapFields = {
  anchor: fieldReader(unmapCdb, "anchor"),
  listLength: fieldReader(unmapCdb, "parameterListLength"),
  dataLength: fieldReader(unmapHeader, "dataLength"),
  descriptorBytes: fieldReader(unmapHeader, "blockDescriptorDataLength"),
  lba: fieldReader(rangeDescriptor, "lba"),
  blocks: fieldReader(rangeDescriptor, "blocks"),
};
const DESCRIPTORS_LENGTH_AT = unmapHeader.offsetOf("blockDescriptorDataLength");

/** Checks all descriptors before the first block is unmapped. */
function checkUnmap(
  target: Target,
  unit: Unit,
  list: Uint8Array,
  count: number,
): Refusal | undefined {
  const { unmapBlocksMax, unmapDescriptorsMax } = target.profile.blockLimits;
  if (count > unmapDescriptorsMax) return refuseList(DESCRIPTORS_LENGTH_AT);
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const at = unmapHeader.size + index * rangeDescriptor.size;
    const blocks = unmapFields.blocks(list, at);
    const wrong = checkAddress(unit, unmapFields.lba(list, at), blocks);
    if (wrong !== undefined) return wrong;
    total += blocks;
    if (total > unmapBlocksMax) return refuseList(at + 8);
  }
  return undefined;
}

/** UNMAP (SBC-3, UNMAP command). An incomplete last descriptor is ignored. */
export function unmap(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  if (unmapFields.anchor(cdb) === 1) return refuseCdb(1, 0);
  const length = unmapFields.listLength(cdb);
  if (length === 0) return undefined;
  const protectedUnit = checkWritable(command);
  if (protectedUnit !== undefined) return protectedUnit;
  const list = parameterList(command, length);
  if (list.length < unmapHeader.size) return refuse(senseCodes.listLength);
  const announced = Math.min(
    unmapFields.descriptorBytes(list),
    unmapFields.dataLength(list) + 2 - unmapHeader.size,
    list.length - unmapHeader.size,
  );
  const count = Math.max(0, Math.floor(announced / rangeDescriptor.size));
  const wrong = checkUnmap(target, unit, list, count);
  if (wrong !== undefined) return wrong;
  for (let index = 0; index < count; index += 1) {
    const at = unmapHeader.size + index * rangeDescriptor.size;
    const blocks = unmapFields.blocks(list, at);
    if (blocks === 0) continue;
    const lba = unmapFields.lba(list, at);
    const refusal = clearBlocks(target, unit, lba, blocks, "deallocate");
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const lbaStatus = {
  lba: fieldReader(getLbaStatusCdb, "startingLba"),
  allocationLength: fieldReader(getLbaStatusCdb, "allocationLength"),
};
const STATUS_DESCRIPTOR_BYTES = 16;
const STATUS_HEADER_BYTES = 8;
const STATUSES_MAX = 1024;
/** Blocks looked at in one command. */
const SCAN_BLOCKS_MAX = 65_536;

interface Run {
  lba: number;
  blocks: number;
  provisioningStatus: number;
}

const stateOf = ({ store, bytesPerBlock, thin }: Unit, lba: number): number =>
  thin && !store.isAllocated(lba * bytesPerBlock, bytesPerBlock) ? 1 : 0;

/** Runs of blocks that are alike, from `first` on. */
function runsOf(unit: Unit, first: number, runsMax: number): Run[] {
  const runs: Run[] = [];
  const end = Math.min(unit.blocks, first + SCAN_BLOCKS_MAX);
  for (let lba = first; lba < end; lba += 1) {
    const state = stateOf(unit, lba);
    const last = runs.at(-1);
    if (last !== undefined && last.provisioningStatus === state) last.blocks += 1;
    else if (runs.length === runsMax) break;
    else runs.push({ lba, blocks: 1, provisioningStatus: state });
  }
  return runs;
}

/** GET LBA STATUS (SBC-3, GET LBA STATUS command). */
export function getLbaStatus(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  const lba = lbaStatus.lba(cdb);
  if (lba >= unit.blocks) return refuseAddress(lba);
  const allocation = lbaStatus.allocationLength(cdb);
  const room = Math.floor((allocation - STATUS_HEADER_BYTES) / STATUS_DESCRIPTOR_BYTES);
  target.access = "read";
  const statuses = runsOf(unit, lba, Math.min(Math.max(room, 1), STATUSES_MAX));
  target.access = "none";
  respond(command, lbaStatusData.encode({ statuses }), allocation);
  return undefined;
}
