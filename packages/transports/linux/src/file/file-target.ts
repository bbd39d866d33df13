import type { CommandTarget, QueueLimits } from "@blockferry/core";

/** A file, or a block device that the kernel reads and writes, as a device whose blocks can be copied. */
export interface FileTarget extends CommandTarget {
  readonly family: "file";
  /** The number of the file in its transport. */
  readonly file: number;
  readonly path: string;
  readonly limits: QueueLimits;
  /** Why the kernel copies nothing in it; `undefined` where it does, or may. */
  readonly copyRefusal: string | undefined;
  /** `ext4`, `xfs`, `btrfs`, …; of a block device `block device`. */
  readonly fileSystem: string;
  /** Whether blocks can be shared: asked of the file system where the file is open for writing. */
  readonly clones: "yes" | "no" | "unknown";
  /** Clones begin and end at multiples of it. */
  readonly bytesPerFileSystemBlock: number;
}

export function isFileTarget(target: CommandTarget): target is FileTarget {
  return target.family === "file" && "bytesPerFileSystemBlock" in target;
}
