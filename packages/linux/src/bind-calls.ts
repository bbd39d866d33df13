import { bindAlignedBuffer } from "./aligned-buffer.ts";
import { bindBlockDevice } from "./block-device.ts";
import { bindCallPool } from "./call-pool.ts";
import { bindCloneRange } from "./clone-range.ts";
import { bindCopyFileRange } from "./copy-file-range.ts";
import { bindPunchHole, bindZeroRange } from "./fallocate.ts";
import { bindFlockExclusive, bindFlockShared, bindUnlock } from "./flock.ts";
import { bindIoctl } from "./ioctl.ts";
import type { Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";
import { bindSeekData, bindSeekHole } from "./seek.ts";

/** All calls over one C library. */
export function bindCalls(libc: Libc): LinuxCalls {
  const ioctl = bindIoctl(libc);
  const addressOf = (view: Uint8Array): bigint => libc.address(view);
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
    callPool: bindCallPool(addressOf),
    blockDevice: bindBlockDevice(ioctl),
    alignedBuffer: bindAlignedBuffer(libc),
    addressOf,
  };
}
