import { commandTagSpace, entryApplicationTags } from "./command-tags.ts";
import { copyFields, readBits } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import { sourceTagSpace } from "./copy-checks.ts";
import { type CopyJob, WIDE_ENTRY_BYTES } from "./copy-job.ts";
import {
  isSound,
  type Reach,
  reachOfRead,
  reachOfWrite,
  readData,
  readMetadata,
  writeData,
  writeMetadata,
} from "./medium.ts";
import type { Namespace } from "./namespace.ts";
import { checksAnything, hasAction } from "./prinfo.ts";
import {
  checkBlocks,
  type ProtectionRequest,
  packedBlocks,
  protectBlocks,
  spaceFrom,
} from "./protect.ts";
import { type StatusCode, sc } from "./status.ts";

/** How one source range goes through memory. */
interface Passage {
  readonly source: Namespace;
  readonly destination: Namespace;
  readonly lba: number;
  readonly destinationLba: number;
  /** What is checked of the source's protection information, and in or about the destination's. */
  readonly read: ProtectionRequest | undefined;
  readonly write: ProtectionRequest | undefined;
}

/** True if blocks go over as they are, with their metadata, and nothing is checked. */
function isPlain(source: Namespace, job: CopyJob): boolean {
  const { destination } = job;
  if (source.store !== destination.store) return false;
  if (source.protection === undefined && destination.protection === undefined) return true;
  return (
    source.protection !== undefined &&
    destination.protection !== undefined &&
    !hasAction(job.prinfow) &&
    !checksAnything(job.prinfor, job.checksSourceStorageTag) &&
    !checksAnything(job.prinfow, job.checksDestinationStorageTag)
  );
}

function moveInStore(
  controller: Controller,
  command: Command,
  source: Namespace,
  destination: Namespace,
  lba: number,
  destinationLba: number,
  blocks: number,
): void {
  const { bytesPerBlock } = destination;
  command.access = "write";
  const means = destination.store.copy(
    lba * bytesPerBlock,
    destinationLba * bytesPerBlock,
    blocks * bytesPerBlock,
  );
  moveMetadata(controller, source, destination, lba, destinationLba, blocks);
  command.access = "none";
  controller.onStoreCopy?.(means, blocks, destination.nsid, lba, destinationLba);
}

function moveMetadata(
  controller: Controller,
  source: Namespace,
  destination: Namespace,
  lba: number,
  destinationLba: number,
  blocks: number,
): void {
  if (destination.metadata === undefined || source.metadata === undefined) return;
  if (source === destination) {
    destination.metadata.copy(lba, destinationLba, blocks);
    return;
  }
  const { metadataBytes } = destination;
  const step = controller.buffers.blocksMax(1, metadataBytes);
  for (let done = 0; done < blocks; done += step) {
    const count = Math.min(step, blocks - done);
    const metadata = controller.buffers.metadata(count * metadataBytes);
    source.metadata.read(lba + done, count, metadata);
    destination.metadata.write(destinationLba + done, count, metadata);
  }
}

/** Reads, checks, converts and writes some blocks of a range, `done` blocks into it. */
function moveThroughMemory(
  controller: Controller,
  command: Command,
  passage: Passage,
  done: number,
  blocks: number,
): StatusCode {
  const { source, destination, read, write } = passage;
  const data = controller.buffers.data(blocks * source.bytesPerBlock);
  const metadataBytes = Math.max(source.metadataBytes, destination.metadataBytes);
  const metadata = controller.buffers.metadata(blocks * metadataBytes);
  readData(command, source, passage.lba + done, data);
  readMetadata(command, source, passage.lba + done, blocks, metadata);
  if (read !== undefined) {
    const packed = packedBlocks(source, blocks, data, metadata);
    const status = checkBlocks(source, packed, read, done);
    if (status !== sc.success) return status;
  }
  if (write !== undefined) {
    const packed = packedBlocks(destination, blocks, data, metadata);
    const status = hasAction(write.prinfo)
      ? protectBlocks(destination, packed, write, done)
      : checkBlocks(destination, packed, write, done);
    if (status !== sc.success) return status;
  }
  writeData(command, destination, passage.destinationLba + done, data);
  writeMetadata(command, destination, passage.destinationLba + done, blocks, metadata);
  return sc.success;
}

/** What the command says about the blocks it writes, from the first block of this range on. */
function writeRequest(
  command: Command,
  job: CopyJob,
  blocksBefore: number,
): ProtectionRequest | undefined {
  const { protection } = job.destination;
  if (protection === undefined) return undefined;
  return {
    prinfo: job.prinfow,
    checksStorageTag: job.checksDestinationStorageTag,
    applicationTag: readBits(command.words, 0, copyFields.lbat),
    applicationTagMask: readBits(command.words, 0, copyFields.lbatm),
    space: spaceFrom(protection, commandTagSpace(protection, command.words), blocksBefore),
  };
}

/** What the command says about the blocks of a source range. */
function readRequest(
  controller: Controller,
  job: CopyJob,
  range: number,
): ProtectionRequest | undefined {
  const space = sourceTagSpace(controller, job, range);
  if (space === undefined) return undefined;
  const { list, entryBytes } = job;
  const isWide = entryBytes === WIDE_ENTRY_BYTES;
  return {
    prinfo: job.prinfor,
    checksStorageTag: job.checksSourceStorageTag,
    space,
    ...entryApplicationTags(list, range * entryBytes, isWide, controller.peer.tagByteOrder),
  };
}

/** Moves blocks in pieces that fit in memory, in the order that is safe where the two ends overlap. */
function moveInPieces(
  controller: Controller,
  command: Command,
  job: CopyJob,
  passage: Passage,
  blocks: number,
): StatusCode {
  const { source, destination, lba, destinationLba } = passage;
  const metadataBytes = Math.max(source.metadataBytes, destination.metadataBytes);
  const step = controller.buffers.blocksMax(source.bytesPerBlock, metadataBytes);
  const isBackwards = source.store === destination.store && lba < destinationLba;
  const pieces = Math.ceil(blocks / step);
  for (let piece = 0; piece < pieces; piece += 1) {
    const done = (isBackwards ? pieces - 1 - piece : piece) * step;
    const count = Math.min(step, blocks - done);
    const status = moveThroughMemory(controller, command, passage, done, count);
    if (status !== sc.success) return status;
    job.moved += count;
    controller.onStoreCopy?.(
      "read-write",
      count,
      destination.nsid,
      lba + done,
      destinationLba + done,
    );
  }
  return sc.success;
}

/** How far a range gets with the faults that are injected. */
function reachOfRange(
  controller: Controller,
  job: CopyJob,
  source: Namespace,
  lba: number,
  destinationLba: number,
  blocks: number,
): Reach {
  if (isSound(controller, source)) return { blocks, status: sc.success };
  const read = reachOfRead(controller, source, lba, blocks);
  const write = reachOfWrite(controller, job.destination, destinationLba, read.blocks);
  return write.status === sc.success ? read : write;
}

/**
 * Moves the blocks of one source range to the destination, or as many as a fault or a fault plan lets through; then
 * `command.outcome` or the status says why.
 */
export function moveRange(
  controller: Controller,
  command: Command,
  job: CopyJob,
  range: number,
  destinationLba: number,
): StatusCode {
  const { destination } = job;
  const source = job.sources[range] as Namespace;
  const lba = job.lba[range];
  const reach = reachOfRange(controller, job, source, lba, destinationLba, job.blocks[range]);
  const isCut = job.budget >= 0 && job.moved + reach.blocks > job.budget;
  const blocks = isCut ? job.budget - job.moved : reach.blocks;
  if (blocks > 0 && isPlain(source, job)) {
    moveInStore(controller, command, source, destination, lba, destinationLba, blocks);
    job.moved += blocks;
  } else if (blocks > 0) {
    const read = readRequest(controller, job, range);
    const write = writeRequest(command, job, destinationLba - job.sdlba);
    const passage = { source, destination, lba, destinationLba, read, write };
    const status = moveInPieces(controller, command, job, passage, blocks);
    if (status !== sc.success) return status;
  }
  job.isCut = isCut;
  return reach.status;
}
