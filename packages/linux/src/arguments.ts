// FFI converts a number without looking at it, so that a fraction or NaN would become another
// descriptor or offset: refuse it here.

/** Misuse: throws unless `fd` can be a file descriptor. */
export function requireDescriptor(fd: number, name = "fd"): void {
  if (!Number.isInteger(fd) || fd < 0 || fd > 0x7fff_ffff) {
    throw new RangeError(`${name} is not a file descriptor: ${String(fd)}`);
  }
}

/** Misuse: throws unless `value` is a whole, safe number of bytes, 0 or more. */
export function requireBytes(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} is not a whole number of bytes from 0 to 2^53-1: ${value}`);
  }
}
