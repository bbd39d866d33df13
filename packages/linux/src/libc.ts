import { constants } from "node:os";
import { linuxError } from "./linux-error.ts";

/** A pointer argument: the memory behind a view, passed in place and never copied. */
export type Pointer = Uint8Array | BigInt64Array | null;

/** The C library as the calls of this package need it. Results are C's own: -1 and `errno`. */
export interface Libc {
  copyFileRange(
    fdIn: number,
    offsetIn: Pointer,
    fdOut: number,
    offsetOut: Pointer,
    bytes: number,
    flags: number,
  ): number;
  fallocate(fd: number, mode: number, offset: number, bytes: number): number;
  flock(fd: number, operation: number): number;
  ioctl(fd: number, request: number, argument: Pointer): number;
  lseek(fd: number, offset: number, whence: number): number;
  /** The error number of the last call that returned -1. */
  errno(): number;
  /** Where the first byte of a view lies in memory. */
  address(view: ArrayBufferView | ArrayBufferLike): bigint;
}

/**
 * Repeats a call while a signal interrupts it (EINTR), returns its result, throws every other
 * failure.
 */
export function invoke(libc: Libc, syscall: string, call: () => number): number {
  for (;;) {
    const result = call();
    if (result !== -1) return result;
    const errno = libc.errno();
    if (errno !== constants.errno.EINTR) throw linuxError(errno, syscall);
  }
}
