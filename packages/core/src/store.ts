/**
 * How a store carried out a copy inside itself.
 *
 * - `clone`: blocks are shared (FICLONERANGE); no data moved.
 * - `kernel-copy`: copy_file_range(2); the kernel moved the data or had the file system do it.
 * - `read-write`: read and written by this process.
 * - `memory`: moved inside this process's memory.
 * - `device`: copied by the device behind the store, with a command of its own.
 */
export type StoreCopyMeans = "clone" | "kernel-copy" | "read-write" | "memory" | "device";

/**
 * Where an emulated device keeps its bytes.
 *
 * All offsets and lengths are bytes, safe integers, inside `0..bytes`; a call outside throws `RangeError`. Calls are
 * synchronous: the caller bounds the length of one call and yields between calls. What was never written reads as zeroes.
 * Failures of the medium throw a `FerryError` whose code starts with `FERRY_STORE_`.
 */
export interface Store {
  readonly name: string;
  /** Capacity. */
  readonly bytes: number;
  readonly readonly: boolean;
  /** Fills `target` from `offset` on. */
  read(offset: number, target: Uint8Array): void;
  /** Writes all of `source` at `offset`. */
  write(offset: number, source: Uint8Array): void;
  /** Copies inside the store as memmove does: overlapping ranges are copied as if the source were read first. */
  copy(sourceOffset: number, destinationOffset: number, bytes: number): StoreCopyMeans;
  /** Makes the range read as zeroes; may free its space. */
  writeZeroes(offset: number, bytes: number): void;
  /** Frees the space of the range where possible; it reads as zeroes afterwards. */
  deallocate(offset: number, bytes: number): void;
  /** True unless the whole range is known to take no space. */
  isAllocated(offset: number, bytes: number): boolean;
  /** Makes all that was written durable, as far as the medium can. */
  flush(): void;
  /** Releases the medium; idempotent. Every later call throws. */
  close(): void;
}
