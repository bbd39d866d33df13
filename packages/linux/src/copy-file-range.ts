import { requireBytes, requireDescriptor } from "./arguments.ts";
import { invoke, type Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

/** copy_file_range(2). */
export function bindCopyFileRange(libc: Libc): LinuxCalls["copyFileRange"] {
  const offsetInCell = new BigInt64Array(1);
  const offsetOutCell = new BigInt64Array(1);
  return function copyFileRange(fdIn, offsetIn, fdOut, offsetOut, bytes) {
    requireDescriptor(fdIn, "fdIn");
    requireDescriptor(fdOut, "fdOut");
    requireBytes(offsetIn, "offsetIn");
    requireBytes(offsetOut, "offsetOut");
    requireBytes(bytes, "bytes");
    return invoke(libc, "copy_file_range", () => {
      offsetInCell[0] = BigInt(offsetIn);
      offsetOutCell[0] = BigInt(offsetOut);
      return libc.copyFileRange(fdIn, offsetInCell, fdOut, offsetOutCell, bytes, 0);
    });
  };
}
