import { constants } from "node:os";
import { requireDescriptor } from "./arguments.ts";
import type { Libc } from "./libc.ts";
import type { IoctlResult, LinuxCalls } from "./linux-calls.ts";

/**
 * The bytes of argument that a request number declares (_IOC_SIZE, include/uapi/asm-generic/ioctl.h:
 * bits 29:16). Old numbers such as SG_IO 2285h declare none.
 */
function declaredBytes(request: number): number {
  return (request >>> 16) & 0x3fff;
}

function requireArgument(request: number, argument: Uint8Array | null): void {
  if (!Number.isInteger(request) || request < 0 || request > 0xffff_ffff) {
    throw new RangeError(`request is not an unsigned 32-bit number: ${String(request)}`);
  }
  if (argument !== null && !(argument instanceof Uint8Array)) {
    throw new TypeError("an ioctl argument is a Uint8Array or null");
  }
  const expected = declaredBytes(request);
  const given = argument === null ? 0 : argument.byteLength;
  // The kernel reads or writes that many bytes whatever we pass: a short one is memory corruption.
  if (given < expected) {
    const number = `${request.toString(16)}h`;
    throw new RangeError(`ioctl ${number} takes ${expected} bytes of argument, not ${given}`);
  }
}

/** ioctl(2), done on the calling thread. */
export function bindIoctl(libc: Libc): LinuxCalls["ioctl"] {
  return function ioctl(fd, request, argument) {
    requireDescriptor(fd);
    requireArgument(request, argument);
    for (;;) {
      const result = libc.ioctl(fd, request, argument);
      if (result !== -1) return { result, errno: 0 };
      const errno = libc.errno();
      if (errno !== constants.errno.EINTR) return { result, errno };
    }
  };
}

/** ioctl(2), done on a worker thread. */
export function bindIoctlAsync(libc: Libc): LinuxCalls["ioctlAsync"] {
  // Arguments under way stay reachable here: the kernel writes to them while nobody else looks.
  const underWay = new Set<object>();
  return function ioctlAsync(fd, request, argument) {
    return new Promise<IoctlResult>((resolve, reject) => {
      requireDescriptor(fd);
      requireArgument(request, argument);
      const keep = { argument };
      underWay.add(keep);
      const attempt = (): void =>
        libc.ioctlAsync(fd, request, argument, (failure, result, errno) => {
          if (failure === null && result === -1 && errno === constants.errno.EINTR) {
            attempt();
            return;
          }
          underWay.delete(keep);
          if (failure !== null) reject(failure);
          else resolve({ result, errno: result === -1 ? errno : 0 });
        });
      attempt();
    });
  };
}
