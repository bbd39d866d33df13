import { requireBytes, requireDescriptor } from "./arguments.ts";
import { invoke, type Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

// _IOW(0x94, 13, struct file_clone_range), include/uapi/linux/fs.h.
const FICLONERANGE = 0x4020_940d;

/** ioctl_ficlonerange(2). */
export function bindCloneRange(libc: Libc): LinuxCalls["cloneRange"] {
  // struct file_clone_range { s64 src_fd; u64 src_offset; u64 src_length; u64 dest_offset; }
  const range = new BigInt64Array(4);
  return function cloneRange(fdDestination, clone) {
    requireDescriptor(fdDestination, "fdDestination");
    requireDescriptor(clone.fdSource, "fdSource");
    requireBytes(clone.sourceOffset, "sourceOffset");
    requireBytes(clone.bytes, "bytes");
    requireBytes(clone.destinationOffset, "destinationOffset");
    if (clone.bytes === 0) return; // the kernel would take 0 as "to the end of the file"
    range[0] = BigInt(clone.fdSource);
    range[1] = BigInt(clone.sourceOffset);
    range[2] = BigInt(clone.bytes);
    range[3] = BigInt(clone.destinationOffset);
    invoke(libc, "ioctl(FICLONERANGE)", () => libc.ioctl(fdDestination, FICLONERANGE, range));
  };
}
