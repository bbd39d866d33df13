import { constants } from "node:os";
import { requireDescriptor } from "./arguments.ts";
import { invoke, type Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";
import { linuxError } from "./linux-error.ts";

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

function bindLock(libc: Libc, kind: number): LinuxCalls["flockExclusive"] {
  return function flock(fd, options = {}) {
    requireDescriptor(fd);
    if (options.wait === true) {
      invoke(libc, "flock", () => libc.flock(fd, kind));
      return true;
    }
    if (libc.flock(fd, kind | LOCK_NB) === 0) return true;
    const errno = libc.errno();
    if (errno === constants.errno.EWOULDBLOCK) return false;
    throw linuxError(errno, "flock");
  };
}

/** flock(2), LOCK_EX. */
export function bindFlockExclusive(libc: Libc): LinuxCalls["flockExclusive"] {
  return bindLock(libc, LOCK_EX);
}

/** flock(2), LOCK_SH. */
export function bindFlockShared(libc: Libc): LinuxCalls["flockShared"] {
  return bindLock(libc, LOCK_SH);
}

/** flock(2), LOCK_UN. */
export function bindUnlock(libc: Libc): LinuxCalls["unlock"] {
  return function unlock(fd) {
    requireDescriptor(fd);
    invoke(libc, "flock", () => libc.flock(fd, LOCK_UN));
  };
}
