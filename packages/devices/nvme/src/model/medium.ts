import type { Command, Controller } from "./controller.ts";
import type { Namespace } from "./namespace.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** How far an access gets: that many blocks are good, then comes the status (0: all are good). */
export interface Reach {
  blocks: number;
  status: StatusCode;
}

const limit = (reach: Reach, blocks: number, status: StatusCode): void => {
  if (blocks >= reach.blocks) return;
  reach.blocks = blocks;
  reach.status = status;
};

/** The first deallocated block of a range, by the store's own account; `blocks` if there is none. */
function allocatedBlocks(namespace: Namespace, lba: number, blocks: number): number {
  const { store, bytesPerBlock } = namespace;
  for (let block = 0; block < blocks; block += 1) {
    if (!store.isAllocated((lba + block) * bytesPerBlock, bytesPerBlock)) return block;
  }
  return blocks;
}

const status = (code: StatusCode, stays: boolean): StatusCode => (stays ? code | DNR : code);

/** How far a read of the blocks would get. Injected faults count. */
export function reachOfRead(
  { faults, features }: Controller,
  namespace: Namespace,
  lba: number,
  blocks: number,
): Reach {
  const reach: Reach = { blocks, status: sc.success };
  if (namespace.dulbe && features.reportsDeallocated(namespace.nsid)) {
    limit(reach, allocatedBlocks(namespace, lba, blocks), sc.deallocatedBlock | DNR);
  }
  if (!faults.hasMediumFaults) return reach;
  const good = faults.goodBlocks("unrecovered-read", namespace.nsid, lba, reach.blocks);
  if (good < reach.blocks) {
    const stays = faults.strike("unrecovered-read", namespace.nsid, lba, reach.blocks);
    limit(reach, good, status(sc.unrecoveredRead, stays));
  }
  return reach;
}

/** How far a write to the blocks would get. */
export function reachOfWrite(
  { faults }: Controller,
  namespace: Namespace,
  lba: number,
  blocks: number,
): Reach {
  const reach: Reach = { blocks, status: sc.success };
  if (!faults.hasMediumFaults) return reach;
  const good = faults.goodBlocks("write-fault", namespace.nsid, lba, blocks);
  if (good < blocks) {
    const stays = faults.strike("write-fault", namespace.nsid, lba, blocks);
    limit(reach, good, status(sc.writeFault, stays));
  }
  return reach;
}

/** True if a read of these blocks can only end well, so that nobody need ask how far it gets. */
export const isSound = ({ faults }: Controller, source: Namespace): boolean =>
  !faults.hasMediumFaults && !source.dulbe;

export function readData(
  command: Command,
  namespace: Namespace,
  lba: number,
  target: Uint8Array,
): void {
  command.access = "read";
  namespace.store.read(lba * namespace.bytesPerBlock, target);
  command.access = "none";
}

export function writeData(
  command: Command,
  namespace: Namespace,
  lba: number,
  source: Uint8Array,
): void {
  command.access = "write";
  namespace.store.write(lba * namespace.bytesPerBlock, source);
  command.access = "none";
}

/** Reads the metadata of blocks; a namespace without has none to read. */
export function readMetadata(
  command: Command,
  { metadata }: Namespace,
  lba: number,
  blocks: number,
  target: Uint8Array,
): void {
  command.access = "read";
  metadata?.read(lba, blocks, target);
  command.access = "none";
}

export function writeMetadata(
  command: Command,
  { metadata }: Namespace,
  lba: number,
  blocks: number,
  source: Uint8Array,
): void {
  command.access = "write";
  metadata?.write(lba, blocks, source);
  command.access = "none";
}

/** Makes the blocks of a namespace durable, and their metadata. */
export function flushNamespace({ store, metadata }: Namespace): void {
  store.flush();
  metadata?.flush();
}

/** After a write: what must be durable is made so. */
export function settle(
  controller: Controller,
  command: Command,
  namespace: Namespace,
  forceUnitAccess: boolean,
): void {
  if (!forceUnitAccess && controller.features.hasWriteCache) return;
  command.access = "write";
  flushNamespace(namespace);
  command.access = "none";
}
