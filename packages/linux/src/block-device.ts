import type { LinuxCalls } from "./linux-calls.ts";
import { linuxError } from "./linux-error.ts";

// include/uapi/linux/fs.h.
const BLKROGET = 0x125e; // int: 0 writable, 1 read-only
const BLKSSZGET = 0x1268; // int: bytes per logical block
const BLKPBSZGET = 0x127b; // unsigned int: bytes per physical block
const BLKGETSIZE64 = 0x8008_1272; // u64: bytes

/** The size ioctls of a block device. */
export function bindBlockDevice(ioctl: LinuxCalls["ioctl"]): LinuxCalls["blockDevice"] {
  function read(fd: number, request: number, name: string): DataView {
    const cell = new Uint8Array(8);
    const { errno } = ioctl(fd, request, cell);
    if (errno !== 0) throw linuxError(errno, `ioctl(${name})`);
    return new DataView(cell.buffer);
  }
  return function blockDevice(fd) {
    const bytes = read(fd, BLKGETSIZE64, "BLKGETSIZE64").getBigUint64(0, true);
    if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`a block device of ${bytes} bytes is beyond 2^53-1`);
    }
    return {
      bytes: Number(bytes),
      bytesPerLogicalBlock: read(fd, BLKSSZGET, "BLKSSZGET").getUint32(0, true),
      bytesPerPhysicalBlock: read(fd, BLKPBSZGET, "BLKPBSZGET").getUint32(0, true),
      readonly: read(fd, BLKROGET, "BLKROGET").getUint32(0, true) !== 0,
    };
  };
}
