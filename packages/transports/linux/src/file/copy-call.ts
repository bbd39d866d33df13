import type { CallDone } from "@blockferry/linux";
import type { LinuxKernel } from "../kernel.ts";
import { fileMeans } from "./file-command.ts";

/** Two places in open files. */
export interface FileRange {
  readonly fdSource: number;
  readonly sourceOffset: number;
  readonly fd: number;
  readonly offset: number;
  readonly bytes: number;
}

/** What a copy came to. */
export interface CopyEnd {
  readonly means: number;
  readonly errno: number;
  readonly bytes: number;
}

/** EINVAL, EXDEV, ENOTTY, EOPNOTSUPP, ENOSYS; EPERM of files that may only grow, which says so to a write, too. */
const CANNOT_CLONE: ReadonlySet<number> = new Set([22, 18, 25, 95, 38]);
const EIO = 5;

/** copy_file_range(2) until all is copied: one call may copy less. */
function copyOn(
  ranges: LinuxKernel["ranges"],
  range: FileRange,
  done: number,
  ended: (end: CopyEnd) => void,
): void {
  const { fdSource, sourceOffset, fd, offset, bytes } = range;
  const means = fileMeans.kernelCopy;
  const answer: CallDone = (result, errno) => {
    if (result < 0) ended({ means, errno, bytes: done });
    // The source ends before its end: somebody cut it.
    else if (result === 0) ended({ means, errno: EIO, bytes: done });
    else if (done + result >= bytes) ended({ means, errno: 0, bytes });
    else copyOn(ranges, range, done + result, ended);
  };
  ranges.copyFileRange(fdSource, sourceOffset + done, fd, offset + done, bytes - done, answer);
}

/**
 * Copies a range: by FICLONERANGE where it begins and ends at blocks of the file system and the file system can share
 * them, else by copy_file_range(2). A clone is all or nothing.
 *
 * @param unit bytes of a block of the file system
 * @param clones false where the file system is known to share nothing
 */
export function copyRange(
  ranges: LinuxKernel["ranges"],
  range: FileRange,
  unit: number,
  clones: boolean,
  ended: (end: CopyEnd) => void,
): void {
  const { fdSource, sourceOffset, fd, offset, bytes } = range;
  const isAligned = sourceOffset % unit === 0 && offset % unit === 0 && bytes % unit === 0;
  if (!clones || !isAligned) {
    copyOn(ranges, range, 0, ended);
    return;
  }
  ranges.cloneRange(fdSource, sourceOffset, fd, offset, bytes, (result, errno) => {
    if (result === 0) ended({ means: fileMeans.clone, errno: 0, bytes });
    else if (CANNOT_CLONE.has(errno)) copyOn(ranges, range, 0, ended);
    else ended({ means: fileMeans.clone, errno, bytes: 0 });
  });
}
