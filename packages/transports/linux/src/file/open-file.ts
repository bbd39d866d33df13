import { constants, fstatSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import { errnoName, fileSystemOf, type LinuxCalls, requireLinux } from "@blockferry/linux";
import type { LinuxKernel } from "../kernel.ts";
import { openNode } from "../node/open-node.ts";
import type { Surroundings } from "../node/surroundings.ts";
import { errnoOf, systemError } from "../system-error.ts";
import type { FileTarget } from "./file-target.ts";

/** A file that is open, and what it is as a device. */
export interface OpenedFile {
  readonly fd: number;
  readonly target: FileTarget;
  /** False for a block device. */
  readonly isRegular: boolean;
  close(): void;
}

export interface OpenFileOptions {
  readonly number: number;
  readonly path: string;
  readonly bytesPerBlock: number | undefined;
  readonly isReadonly: boolean;
  readonly force: boolean;
  readonly surroundings: Surroundings | undefined;
}

const BYTES_PER_BLOCK_DEFAULT = 512;
/** One call copies no more, so that it ends soon, and a copy can be cancelled. */
const COPY_BYTES_MAX = 2 ** 27;
const TRANSFER_BYTES_MAX = 2 ** 20;

/**
 * Whether the file system shares blocks, asked by a clone that none can carry out: one that shares none says so (EOPNOTSUPP,
 * ENOTTY) before it finds the range wrong (EINVAL).
 */
function clonesIn(calls: LinuxCalls, fd: number, isReadonly: boolean): FileTarget["clones"] {
  if (isReadonly) return "unknown";
  try {
    calls.cloneRange(fd, { fdSource: fd, sourceOffset: 0, bytes: 1, destinationOffset: 0 });
    return "unknown";
  } catch (error) {
    const name = errnoName(errnoOf(error) ?? 0);
    if (name === "EINVAL") return "yes";
    return ["EOPNOTSUPP", "ENOTTY", "EXDEV", "ENOSYS"].includes(name) ? "no" : "unknown";
  }
}

function blocksOf(path: string, bytes: number, bytesPerBlock: number): number {
  if (bytes > 0 && bytes % bytesPerBlock === 0) return bytes / bytesPerBlock;
  throw new FerryError(
    "FERRY_TRANSPORT_SIZE",
    `${path} has ${bytes} bytes, which are not whole blocks of ${bytesPerBlock}`,
    {
      details: { path, bytes, bytesPerBlock },
      hint: "choose another block size (bs=), or make the file as long as it is to be (truncate -s)",
    },
  );
}

function limitsOf(bytesPerBlock: number, copies: boolean): FileTarget["limits"] {
  const transferBlocksMax = Math.max(1, Math.floor(TRANSFER_BYTES_MAX / bytesPerBlock));
  if (!copies) return { bytesPerBlock, transferBlocksMax };
  const blocks = Math.max(1, Math.floor(COPY_BYTES_MAX / bytesPerBlock));
  return {
    bytesPerBlock,
    transferBlocksMax,
    copyShape: "one-to-one",
    copyBlocksMax: blocks,
    copyBlocksHwMax: blocks,
    copyRangesMax: 1,
    copyRangesHwMax: 1,
    copyRangeBlocksMax: blocks,
    copyRangeBlocksHwMax: blocks,
    copyCrossDevice: true,
  };
}

function lock(calls: LinuxCalls, fd: number, { path, isReadonly, force }: OpenFileOptions): void {
  if (force) return;
  const taken = isReadonly ? calls.flockShared(fd) : calls.flockExclusive(fd);
  if (taken) return;
  throw new FerryError(
    "FERRY_TRANSPORT_IN_USE",
    `${path} is in use: another process holds a lock`,
    {
      details: { path },
      hint: "let the other process finish, or use --force if you are sure that none is at work on it",
    },
  );
}

function openRegular(kernel: LinuxKernel, options: OpenFileOptions): OpenedFile {
  const { path, isReadonly, bytesPerBlock = BYTES_PER_BLOCK_DEFAULT, number } = options;
  const calls = requireLinux();
  const fd = kernel.open(path, isReadonly ? constants.O_RDONLY : constants.O_RDWR);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new FerryError(
        "FERRY_TRANSPORT_NO_DEVICE",
        `${path} is neither a file nor a block device`,
        {
          details: { path },
        },
      );
    }
    lock(calls, fd, options);
    const fileSystem = fileSystemOf(fd);
    const target: FileTarget = {
      family: "file",
      file: number,
      path,
      capacityBlocks: blocksOf(path, stat.size, bytesPerBlock),
      bytesPerBlock,
      limits: limitsOf(bytesPerBlock, true),
      copyRefusal: undefined,
      fileSystem: fileSystem.name,
      clones: clonesIn(calls, fd, isReadonly),
      bytesPerFileSystemBlock: fileSystem.bytesPerBlock,
    };
    return { fd, target, isRegular: true, close: () => kernel.close(fd) };
  } catch (error) {
    kernel.close(fd);
    throw error;
  }
}

function openBlock(kernel: LinuxKernel, options: OpenFileOptions): OpenedFile {
  const { path, isReadonly, force, surroundings, number } = options;
  const node = openNode(kernel, path, {
    ...{ isReadonly, force, surroundings, takesPartitions: true },
  });
  const { bytes, bytesPerLogicalBlock } = kernel.blockDevice(node.fd);
  const bytesPerBlock = options.bytesPerBlock ?? bytesPerLogicalBlock;
  try {
    const target: FileTarget = {
      family: "file",
      file: number,
      path,
      capacityBlocks: blocksOf(path, bytes, bytesPerBlock),
      bytesPerBlock,
      limits: limitsOf(bytesPerBlock, false),
      copyRefusal: "the kernel copies in files only (copy_file_range(2) refuses block devices)",
      fileSystem: "block device",
      clones: "no",
      bytesPerFileSystemBlock: bytesPerBlock,
    };
    return { fd: node.fd, target, isRegular: false, close: () => node.close() };
  } catch (error) {
    node.close();
    throw error;
  }
}

/**
 * Opens a file or a block device for the kernel to copy in. A file is locked (flock(2)), a block device claimed.
 *
 * @throws FerryError `FERRY_TRANSPORT_OPEN`, `…_NO_DEVICE`, `…_IN_USE`, `…_SIZE`, `FERRY_LINUX_UNAVAILABLE`
 */
export function openFile(
  kernel: LinuxKernel,
  isBlockDevice: boolean,
  options: OpenFileOptions,
): OpenedFile {
  try {
    return isBlockDevice ? openBlock(kernel, options) : openRegular(kernel, options);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw systemError("FERRY_TRANSPORT_OPEN", options.path, errno, { path: options.path });
  }
}
