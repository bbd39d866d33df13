import { constants } from "node:fs";
import { join } from "node:path";
import { FerryError } from "@blockferry/core";
import type { LinuxKernel } from "../kernel.ts";
import { errnoOf, systemError } from "../system-error.ts";
import { type BlockNode, type DeviceNode, deviceNode } from "./device-node.ts";
import { machine, type Surroundings } from "./surroundings.ts";
import { usersOf } from "./users.ts";

/** How to open a device's file. */
export interface OpenNodeOptions {
  readonly isReadonly: boolean;
  readonly force: boolean;
  /** Partitions are devices too: they are read and written, not commanded. Default false. */
  readonly takesPartitions?: boolean;
  readonly surroundings?: Surroundings | undefined;
}

/** A device whose files are open. */
export interface OpenedNode extends DeviceNode {
  /** Commands go through it. */
  readonly fd: number;
  /** The block device, open as long as the device is: the claim on it. Reads of it bypass the page cache's old blocks. */
  readonly blockFd: number | undefined;
  close(): void;
}

const EBUSY = 16;
/** Writes out what is cached of a block device, and forgets it (include/uapi/linux/fs.h). */
const BLKFLSBUF = 0x1261;

/** Opens a file, whatever it is. @throws FerryError `FERRY_TRANSPORT_OPEN` */
export function openPath(kernel: LinuxKernel, path: string, flags: number): number {
  try {
    return kernel.open(path, flags);
  } catch (error) {
    throw systemError("FERRY_TRANSPORT_OPEN", path, errnoOf(error) ?? 0, { path });
  }
}

function inUse(path: string, users: readonly string[]): FerryError {
  const why = users.length === 0 ? "another program has claimed it" : users.join("; ");
  return new FerryError("FERRY_TRANSPORT_IN_USE", `${path} is in use: ${why}`, {
    details: { path, users },
    hint: "unmount it first (umount, swapoff, vgchange -an, mdadm --stop); --force copies all the same, and may destroy what is on it",
  });
}

/** Opens a block device so that nobody else can claim it: O_EXCL fails where a file system or another device has it. */
function claim(
  kernel: LinuxKernel,
  block: BlockNode,
  path: string,
  surroundings: Surroundings,
): number {
  const users = usersOf(block, surroundings);
  if (users.length > 0) throw inUse(path, users);
  try {
    return kernel.open(block.path, constants.O_RDWR | constants.O_EXCL);
  } catch (error) {
    const errno = errnoOf(error) ?? 0;
    if (errno === EBUSY) throw inUse(path, []);
    throw systemError("FERRY_TRANSPORT_OPEN", block.path, errno, { path: block.path });
  }
}

/** Writes out what the kernel keeps of the device, so that the device copies what was written, and forgets the rest. */
function flushCache(kernel: LinuxKernel, fd: number): void {
  try {
    kernel.fsync(fd);
  } catch {
    // A device that cannot be flushed says so when it is copied.
  }
  kernel.ioctl(fd, BLKFLSBUF, new Uint8Array(128));
}

function requireWhole({ path, partition }: DeviceNode): void {
  if (partition === undefined) return;
  const { disk, startSector, sectors } = partition;
  throw new FerryError(
    "FERRY_TRANSPORT_PARTITION",
    `${path} is a partition, and commands go to the whole of ${disk}`,
    {
      details: { path, ...partition },
      hint: `name ${disk} and put the partition above it: --stack partition:${startSector}b+${sectors}b`,
    },
  );
}

/** What is opened and claimed: the whole disk, or of a partition the partition. */
function claimedNode({ block, partition, name, path }: DeviceNode): BlockNode | undefined {
  if (partition === undefined || block === undefined) return block;
  return { name, path, folder: join(block.folder, name) };
}

/**
 * Opens a namespace or a logical unit. For writing it is claimed: a device with a mounted file system, with swap space, or
 * that another device is made of, is refused unless `force`; so is everybody who comes later.
 *
 * @throws FerryError `FERRY_TRANSPORT_OPEN`, `…_NO_DEVICE`, `…_PARTITION`, `…_IN_USE`
 */
export function openNode(
  kernel: LinuxKernel,
  path: string,
  { isReadonly, force, takesPartitions = false, surroundings = machine }: OpenNodeOptions,
): OpenedNode {
  const node = deviceNode(path, surroundings);
  if (!takesPartitions) requireWhole(node);
  const { isBlock } = node;
  const block = claimedNode(node);
  const access = isReadonly ? constants.O_RDONLY : constants.O_RDWR;
  const isClaimed = !isReadonly && !force && block !== undefined;
  const blockFd =
    block === undefined
      ? undefined
      : isClaimed
        ? claim(kernel, block, path, surroundings)
        : openPath(kernel, block.path, access);
  let fd = blockFd;
  try {
    if (fd === undefined || !isBlock) fd = openPath(kernel, path, access);
  } catch (error) {
    if (blockFd !== undefined) kernel.close(blockFd);
    throw error;
  }
  // Who only reads changes nothing, not even what is cached.
  const isWritten = blockFd !== undefined && !isReadonly;
  if (isWritten) flushCache(kernel, blockFd);
  const files = new Set([fd, ...(blockFd === undefined ? [] : [blockFd])]);
  return {
    ...node,
    fd,
    blockFd,
    close() {
      if (isWritten && files.has(blockFd)) {
        kernel.ioctl(blockFd, BLKFLSBUF, new Uint8Array(128));
      }
      for (const file of files) kernel.close(file);
      files.clear();
    },
  };
}
