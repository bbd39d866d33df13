import type { ProtectedBlocks } from "../codec/protection/index.ts";
import type { Command, Controller } from "./controller.ts";
import {
  checkRange,
  checkTransfer,
  checkWritable,
  type IoRequest,
  ioRequest,
} from "./io-request.ts";
import {
  reachOfRead,
  reachOfWrite,
  readData,
  readMetadata,
  settle,
  writeData,
  writeMetadata,
} from "./medium.ts";
import type { Namespace } from "./namespace.ts";
import { hasAction } from "./prinfo.ts";
import { checkBlocks, packedBlocks, protectBlocks } from "./protect.ts";
import { DNR, type StatusCode, sc } from "./status.ts";
import {
  rearrange,
  transferBytes,
  transferredBlocks,
  transfersMetadata,
} from "./transfer-layout.ts";

const emptyBlocks = (namespace: Namespace, blocks: number): ProtectedBlocks =>
  packedBlocks(
    namespace,
    blocks,
    new Uint8Array(blocks * namespace.bytesPerBlock),
    new Uint8Array(blocks * namespace.metadataBytes),
  );

/** Reads blocks with their metadata, and checks their protection information. */
function readBlocks(
  command: Command,
  io: IoRequest,
): { readonly status: StatusCode; readonly blocks: ProtectedBlocks } {
  const { namespace } = command;
  const blocks = emptyBlocks(namespace, io.blocks);
  readData(command, namespace, io.lba, blocks.data);
  readMetadata(command, namespace, io.lba, io.blocks, blocks.metadata);
  const status =
    io.protection === undefined ? sc.success : checkBlocks(namespace, blocks, io.protection);
  return { status, blocks };
}

/** Read (NVM Command Set Specification 1.2, section 3.3.4). */
export function read(controller: Controller, command: Command): StatusCode {
  const { namespace } = command;
  const io = ioRequest(command);
  const refused = checkRange(command, io) || checkTransfer(controller, command, io, "toHost");
  if (refused !== sc.success) return refused;
  const reach = reachOfRead(controller, namespace, io.lba, io.blocks);
  if (reach.status !== sc.success) return reach.status;
  const bytes = transferBytes(namespace, io.blocks, io.prinfo);
  const target = (command.dataIn as Uint8Array).subarray(0, bytes);
  if (namespace.metadataBytes === 0) {
    readData(command, namespace, io.lba, target);
    return sc.success;
  }
  const { status, blocks } = readBlocks(command, io);
  if (status !== sc.success) return status;
  if (transfersMetadata(namespace, io.prinfo)) {
    rearrange(namespace, blocks, transferredBlocks(namespace, io.blocks, target));
  } else {
    target.set(blocks.data);
  }
  return sc.success;
}

/** The blocks of a transfer from the host, with room for metadata that it does not bring. */
function blocksFromHost(
  namespace: Namespace,
  io: IoRequest,
  transfer: Uint8Array,
): ProtectedBlocks {
  const blocks = emptyBlocks(namespace, io.blocks);
  if (transfersMetadata(namespace, io.prinfo)) {
    rearrange(namespace, transferredBlocks(namespace, io.blocks, transfer), blocks);
  } else {
    blocks.data.set(transfer);
  }
  return blocks;
}

/** Write (NVM Command Set Specification 1.2, section 3.3.6). */
export function write(controller: Controller, command: Command): StatusCode {
  const { namespace } = command;
  const io = ioRequest(command);
  const refused =
    checkWritable(command, io) ||
    checkRange(command, io) ||
    checkTransfer(controller, command, io, "toController");
  if (refused !== sc.success) return refused;
  const transfer = command.dataOut as Uint8Array;
  const reach = reachOfWrite(controller, namespace, io.lba, io.blocks);
  if (namespace.metadata === undefined) {
    writeData(
      command,
      namespace,
      io.lba,
      transfer.subarray(0, reach.blocks * namespace.bytesPerBlock),
    );
  } else {
    const blocks = blocksFromHost(namespace, io, transfer);
    if (io.protection !== undefined) {
      const protect = hasAction(io.prinfo) ? protectBlocks : checkBlocks;
      const status = protect(namespace, blocks, io.protection);
      if (status !== sc.success) return status;
    }
    const { data, metadata } = blocks;
    writeData(command, namespace, io.lba, data.subarray(0, reach.blocks * namespace.bytesPerBlock));
    writeMetadata(command, namespace, io.lba, reach.blocks, metadata);
  }
  if (reach.status === sc.success) settle(controller, command, namespace, io.forceUnitAccess);
  return reach.status;
}

/** True if data and metadata agree; protection information is not compared, it is checked. */
function isSame(namespace: Namespace, one: ProtectedBlocks, other: ProtectedBlocks): boolean {
  const { data, metadata } = one;
  for (let at = 0; at < data.length; at += 1) if (data[at] !== other.data[at]) return false;
  const { metadataBytes, protection } = namespace;
  const from = protection?.offset ?? metadataBytes;
  const to = from + (protection?.bytes ?? 0);
  for (let at = 0; at < metadata.length; at += 1) {
    const within = at % metadataBytes;
    const isCompared = within < from || within >= to;
    if (isCompared && metadata[at] !== other.metadata[at]) return false;
  }
  return true;
}

/** Compare (NVM Command Set Specification 1.2, section 3.3.1). */
export function compare(controller: Controller, command: Command): StatusCode {
  const { namespace } = command;
  const io = ioRequest(command);
  const refused = checkRange(command, io) || checkTransfer(controller, command, io, "toController");
  if (refused !== sc.success) return refused;
  const reach = reachOfRead(controller, namespace, io.lba, io.blocks);
  if (reach.status !== sc.success) return reach.status;
  const stored = readBlocks(command, io);
  if (stored.status !== sc.success) return stored.status;
  const host = blocksFromHost(namespace, io, command.dataOut as Uint8Array);
  const comparesMetadata = transfersMetadata(namespace, io.prinfo);
  if (comparesMetadata && io.protection !== undefined && !hasAction(io.prinfo)) {
    const status = checkBlocks(namespace, host, io.protection);
    if (status !== sc.success) return status;
  }
  const same = comparesMetadata
    ? isSame(namespace, stored.blocks, host)
    : isSame(namespace, stored.blocks, { ...host, metadata: stored.blocks.metadata });
  return same ? sc.success : sc.compareFailure | DNR;
}
