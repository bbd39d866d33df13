import type { Libc } from "./libc.ts";

/** What this package uses of the module `koffi`. */
export interface Koffi {
  load(path: string | null): {
    // biome-ignore lint/suspicious/noExplicitAny: the declaration beside each use is the type.
    func(declaration: string): (...values: any[]) => any;
  };
  errno(): number;
  address(value: unknown): bigint;
}

/**
 * Declares the C functions, found in the process itself (glibc and musl alike). koffi knows no
 * ssize_t; the architectures that the probe admits have 64-bit long, size_t and off_t.
 */
export function bindLibc(koffi: Koffi): Libc {
  const library = koffi.load(null);
  return {
    copyFileRange: library.func(
      "int64_t copy_file_range(int fdIn, void *offsetIn, int fdOut, void *offsetOut, " +
        "size_t bytes, unsigned int flags)",
    ),
    fallocate: library.func("int fallocate(int fd, int mode, int64_t offset, int64_t bytes)"),
    flock: library.func("int flock(int fd, int operation)"),
    ioctl: library.func("int ioctl(int fd, unsigned long request, void *argument)"),
    lseek: library.func("int64_t lseek(int fd, int64_t offset, int whence)"),
    errno: () => koffi.errno(),
    address: (view) => koffi.address(view),
  };
}
