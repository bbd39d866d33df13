import { constants } from "node:os";
import { requireDescriptor } from "./arguments.ts";
import type { Libc } from "./libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

/**
 * The bytes of argument that a request number declares (_IOC_SIZE, include/uapi/asm-generic/ioctl.h:
 * bits 29:16). Old numbers such as SG_IO 2285h declare none.
 */
function declaredBytes(request: number): number {
  return (request >>> 16) & 0x3fff;
}

/** Misuse: throws unless the argument has as many bytes as the request number declares. */
export function requireArgument(request: number, argument: Uint8Array | null): void {
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
