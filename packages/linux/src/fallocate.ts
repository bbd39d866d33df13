import { requireBytes, requireDescriptor } from "./arguments.ts";
import { invoke, type Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

// include/uapi/linux/falloc.h. Both keep the size of the file: KEEP_SIZE is 01h.
const PUNCH_HOLE_KEEP_SIZE = 0x03;
const ZERO_RANGE_KEEP_SIZE = 0x11;

function bindFallocate(
  libc: Libc,
  mode: number,
): (fd: number, offset: number, bytes: number) => void {
  return function fallocate(fd, offset, bytes) {
    requireDescriptor(fd);
    requireBytes(offset, "offset");
    requireBytes(bytes, "bytes");
    if (bytes === 0) return; // fallocate(2) calls 0 bytes EINVAL
    invoke(libc, "fallocate", () => libc.fallocate(fd, mode, offset, bytes));
  };
}

/** fallocate(2), FALLOC_FL_PUNCH_HOLE. */
export function bindPunchHole(libc: Libc): LinuxCalls["fallocatePunchHole"] {
  return bindFallocate(libc, PUNCH_HOLE_KEEP_SIZE);
}

/** fallocate(2), FALLOC_FL_ZERO_RANGE. */
export function bindZeroRange(libc: Libc): LinuxCalls["zeroRange"] {
  return bindFallocate(libc, ZERO_RANGE_KEEP_SIZE);
}
