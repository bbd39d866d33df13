import { datasetFields, readBits, readLong, readWord } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import { checkRange, checkWritable, type IoRequest, ioRequest } from "./io-request.ts";
import { reachOfWrite, settle, writeMetadata } from "./medium.ts";
import { isOutOfRange, touchesReadonlyRange } from "./namespace.ts";
import { hasAction } from "./prinfo.ts";
import { packedBlocks, protectBlocks } from "./protect.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** Protection information of blocks of zeroes. */
function protectZeroes({ buffers }: Controller, command: Command, io: IoRequest): void {
  const { namespace } = command;
  const { metadataBytes, bytesPerBlock } = namespace;
  if (io.protection === undefined) return;
  const step = buffers.blocksMax(bytesPerBlock, metadataBytes);
  for (let done = 0; done < io.blocks; done += step) {
    const count = Math.min(step, io.blocks - done);
    const data = buffers.data(count * bytesPerBlock).fill(0);
    const bytes = buffers.metadata(count * metadataBytes).fill(0);
    protectBlocks(namespace, packedBlocks(namespace, count, data, bytes), io.protection, done);
    writeMetadata(command, namespace, io.lba + done, count, bytes);
  }
}

/**
 * Write Zeroes (NVM Command Set Specification 1.2, section 3.3.8). Metadata becomes zeroes; protection information too
 * where PRACT is clear, and is generated where it is set.
 */
export function writeZeroes(controller: Controller, command: Command): StatusCode {
  const { namespace } = command;
  const io = ioRequest(command);
  const refused = checkWritable(command, io) || checkRange(command, io);
  if (refused !== sc.success) return refused;
  const reach = reachOfWrite(controller, namespace, io.lba, io.blocks);
  const { store, bytesPerBlock } = namespace;
  command.access = "write";
  const offset = io.lba * bytesPerBlock;
  if (io.deallocates) store.deallocate(offset, reach.blocks * bytesPerBlock);
  else store.writeZeroes(offset, reach.blocks * bytesPerBlock);
  if (hasAction(io.prinfo) && io.protection !== undefined) protectZeroes(controller, command, io);
  else namespace.metadata?.zero(io.lba, reach.blocks);
  command.access = "none";
  if (reach.status === sc.success) settle(controller, command, namespace, io.forceUnitAccess);
  return reach.status;
}

const RANGE_BYTES = datasetFields.rangeBytes;
const RANGE_WORDS = RANGE_BYTES / 4;

/**
 * Dataset Management (NVM Command Set Specification 1.2, section 3.3.3). Deallocate frees the blocks, which then read as
 * zeroes; the other attributes are hints. Every range is checked before any is carried out.
 */
export function datasetManagement(controller: Controller, command: Command): StatusCode {
  const { namespace, words, dataOut } = command;
  const ranges = readBits(words, 0, datasetFields.nr) + 1;
  if ((dataOut?.length ?? 0) !== ranges * RANGE_BYTES) return sc.dataLength | DNR;
  if (readBits(words, 0, datasetFields.deallocate) === 0) return sc.success;
  const list = new Int32Array(new Uint8Array(dataOut as Uint8Array).buffer);
  for (let at = 0; at < list.length; at += RANGE_WORDS) {
    const lba = readLong(list, at + datasetFields.slbaDword);
    const blocks = readWord(list, at + datasetFields.blocksDword);
    if (isOutOfRange(namespace, lba, blocks)) return sc.lbaOutOfRange | DNR;
    if (namespace.readonly) return sc.namespaceWriteProtected | DNR;
    if (touchesReadonlyRange(namespace, lba, blocks)) return sc.readOnlyRange | DNR;
  }
  const { store, bytesPerBlock } = namespace;
  for (let at = 0; at < list.length; at += RANGE_WORDS) {
    const lba = readLong(list, at + datasetFields.slbaDword);
    const blocks = readWord(list, at + datasetFields.blocksDword);
    if (blocks === 0) continue;
    command.access = "write";
    store.deallocate(lba * bytesPerBlock, blocks * bytesPerBlock);
    namespace.metadata?.deallocate(lba, blocks);
    command.access = "none";
  }
  settle(controller, command, namespace, false);
  return sc.success;
}
