import { constants } from "node:os";
import { requireBytes, requireDescriptor } from "./arguments.ts";
import type { Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";
import { linuxError } from "./linux-error.ts";

// include/uapi/linux/fs.h.
const SEEK_DATA = 3;
const SEEK_HOLE = 4;

function bindSeek(libc: Libc, whence: number): LinuxCalls["seekData"] {
  return function seek(fd, offset) {
    requireDescriptor(fd);
    requireBytes(offset, "offset");
    const found = libc.lseek(fd, offset, whence);
    if (found !== -1) return found;
    const errno = libc.errno();
    if (errno === constants.errno.ENXIO) return undefined;
    throw linuxError(errno, "lseek");
  };
}

/** lseek(2), SEEK_DATA. */
export function bindSeekData(libc: Libc): LinuxCalls["seekData"] {
  return bindSeek(libc, SEEK_DATA);
}

/** lseek(2), SEEK_HOLE. */
export function bindSeekHole(libc: Libc): LinuxCalls["seekHole"] {
  return bindSeek(libc, SEEK_HOLE);
}
