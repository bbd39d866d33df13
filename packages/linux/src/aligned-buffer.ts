import type { Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

/**
 * A view that begins at an aligned address, cut from an `ArrayBuffer` that is larger by the
 * alignment. The memory of an `ArrayBuffer` never moves, and the garbage collector frees it:
 * `posix_memalign` would give the same address and a `free` to forget.
 */
export function bindAlignedBuffer(libc: Libc): LinuxCalls["alignedBuffer"] {
  return function alignedBuffer(bytes, alignment = 4096) {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`bytes is not a whole number from 0: ${bytes}`);
    }
    if (!Number.isInteger(alignment) || alignment < 1 || !Number.isInteger(Math.log2(alignment))) {
      throw new RangeError(`alignment is not a power of two: ${alignment}`);
    }
    const whole = new ArrayBuffer(bytes + alignment);
    const beyond = Number(libc.address(whole) % BigInt(alignment));
    return new Uint8Array(whole, beyond === 0 ? 0 : alignment - beyond, bytes);
  };
}
