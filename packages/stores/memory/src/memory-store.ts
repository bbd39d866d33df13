import { FerryError, type Store } from "@blockferry/core";
import { emptyPages } from "./pages.ts";
import { movePages, readPages, writePages, zeroPages } from "./transfer.ts";

/** What to keep in memory. */
export interface MemoryStoreOptions {
  /** Capacity, from 1 to 2^53-1. It costs nothing until it is written. */
  readonly bytes: number;
  /** Default `memory`. */
  readonly name?: string;
  /** Granularity of allocation, a power of two of at least 512. Default 65,536. */
  readonly bytesPerPage?: number;
}

/** A {@link Store} in this process's memory. */
export interface MemoryStore extends Store {
  /** Memory that the blocks take now, a multiple of the page. */
  readonly allocatedBytes: number;
}

const bytesPerPageDefault = 65_536;

function requireOptions(bytes: number, bytesPerPage: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 1) {
    throw new RangeError(`bytes is not a whole number from 1 to 2^53-1: ${bytes}`);
  }
  const power = Math.log2(bytesPerPage);
  if (!Number.isInteger(power) || power < 9 || power > 30) {
    throw new RangeError(`bytesPerPage is not a power of two from 512 to 2^30: ${bytesPerPage}`);
  }
}

/**
 * Keeps blocks in memory, sparsely: a page is allocated by the first byte other than zero written
 * to it, and freed by deallocating it.
 *
 * @throws RangeError on a size that cannot be
 */
export function memoryStore(options: MemoryStoreOptions): MemoryStore {
  const { bytes, name = "memory", bytesPerPage = bytesPerPageDefault } = options;
  requireOptions(bytes, bytesPerPage);
  const pages = emptyPages(bytesPerPage);
  let closed = false;

  function requireRange(offset: number, length: number): void {
    if (closed) throw new FerryError("FERRY_STORE_CLOSED", `the store ${name} is closed`);
    const inside =
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      length <= bytes - offset;
    if (!inside) {
      throw new RangeError(`${length} bytes at ${offset} are not inside 0..${bytes} of ${name}`);
    }
  }

  return {
    name,
    bytes,
    readonly: false,
    get allocatedBytes() {
      return pages.count() * bytesPerPage;
    },
    read(offset, target) {
      requireRange(offset, target.length);
      readPages(pages, offset, target);
    },
    write(offset, source) {
      requireRange(offset, source.length);
      writePages(pages, offset, source);
    },
    copy(sourceOffset, destinationOffset, length) {
      requireRange(sourceOffset, length);
      requireRange(destinationOffset, length);
      movePages(pages, sourceOffset, destinationOffset, length);
      return "memory";
    },
    writeZeroes(offset, length) {
      requireRange(offset, length);
      zeroPages(pages, offset, length, false);
    },
    deallocate(offset, length) {
      requireRange(offset, length);
      zeroPages(pages, offset, length, true);
    },
    isAllocated(offset, length) {
      requireRange(offset, length);
      const first = Math.floor(offset / bytesPerPage);
      return length > 0 && pages.next(first) < Math.ceil((offset + length) / bytesPerPage);
    },
    flush() {
      requireRange(0, 0);
    },
    close() {
      closed = true;
      pages.dropAll();
    },
  };
}
