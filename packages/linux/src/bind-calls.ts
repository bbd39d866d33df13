import { bindAlignedBuffer } from "./aligned-buffer.ts";
import { bindBlockDevice } from "./block-device.ts";
import { bindCloneRange } from "./clone-range.ts";
import { bindCopyFileRange } from "./copy-file-range.ts";
import { bindPunchHole, bindZeroRange } from "./fallocate.ts";
import { bindFlockExclusive, bindFlockShared, bindUnlock } from "./flock.ts";
import { bindIoctl, bindIoctlAsync } from "./ioctl.ts";
import type { Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";
import { bindSeekData, bindSeekHole } from "./seek.ts";

/** All calls over one C library. */
export function bindCalls(libc: Libc): LinuxCalls {
  const ioctl = bindIoctl(libc);
  return {
    copyFileRange: bindCopyFileRange(libc),
    cloneRange: bindCloneRange(libc),
    fallocatePunchHole: bindPunchHole(libc),
    zeroRange: bindZeroRange(libc),
    flockExclusive: bindFlockExclusive(libc),
    flockShared: bindFlockShared(libc),
    unlock: bindUnlock(libc),
    seekData: bindSeekData(libc),
    seekHole: bindSeekHole(libc),
    ioctl,
    ioctlAsync: bindIoctlAsync(libc),
    blockDevice: bindBlockDevice(ioctl),
    alignedBuffer: bindAlignedBuffer(libc),
    addressOf: (view) => libc.address(view),
  };
}
