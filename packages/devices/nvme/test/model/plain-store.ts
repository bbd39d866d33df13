import { FerryError, type Store } from "@blockferry/core";

/** The plainest store there can be: one buffer, and a flag per 512 bytes that says whether it was written. */
export interface PlainStore extends Store {
  readonly image: Uint8Array;
  flushes: number;
  copies: number;
  /** The next call of that kind fails with a `FerryError` of this code. */
  failNext: { call: "read" | "write" | "copy" | "flush"; code: string } | undefined;
}

const UNIT = 512;

export function plainStore(bytes: number, options: { readonly?: boolean } = {}): PlainStore {
  const image = new Uint8Array(bytes);
  const written = new Uint8Array(Math.ceil(bytes / UNIT));
  const requireRange = (offset: number, length: number): void => {
    if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > bytes) {
      throw new RangeError(`${length} bytes at ${offset} are outside of ${bytes}`);
    }
  };
  const mark = (offset: number, length: number, value: number): void => {
    written.fill(value, Math.floor(offset / UNIT), Math.ceil((offset + length) / UNIT));
  };
  const failIfAsked = (call: string): void => {
    if (store.failNext?.call !== call) return;
    const { code } = store.failNext;
    store.failNext = undefined;
    throw new FerryError(code, "asked for by the test");
  };
  const store: PlainStore = {
    name: "plain",
    bytes,
    readonly: options.readonly ?? false,
    image,
    flushes: 0,
    copies: 0,
    failNext: undefined,
    read(offset, target) {
      requireRange(offset, target.length);
      failIfAsked("read");
      target.set(image.subarray(offset, offset + target.length));
    },
    write(offset, source) {
      requireRange(offset, source.length);
      failIfAsked("write");
      image.set(source, offset);
      mark(offset, source.length, 1);
    },
    copy(source, destination, length) {
      requireRange(source, length);
      requireRange(destination, length);
      failIfAsked("copy");
      image.copyWithin(destination, source, source + length);
      mark(destination, length, 1);
      store.copies += 1;
      return "memory";
    },
    writeZeroes(offset, length) {
      requireRange(offset, length);
      image.fill(0, offset, offset + length);
      mark(offset, length, 1);
    },
    deallocate(offset, length) {
      requireRange(offset, length);
      image.fill(0, offset, offset + length);
      mark(offset, length, 0);
    },
    isAllocated(offset, length) {
      requireRange(offset, length);
      return written
        .subarray(Math.floor(offset / UNIT), Math.ceil((offset + length) / UNIT))
        .includes(1);
    },
    flush() {
      failIfAsked("flush");
      store.flushes += 1;
    },
    close() {},
  };
  return store;
}

/** Fills every block with its own number and a tag of the store, so that a block tells where it came from. */
export function label(store: PlainStore, tag: number, bytesPerBlock = 512): void {
  const view = new DataView(store.image.buffer);
  for (let at = 0; at < store.bytes; at += 8) {
    view.setUint32(at, Math.floor(at / bytesPerBlock), true);
    view.setUint32(at + 4, (tag << 16) | (at % bytesPerBlock), true);
  }
  store.deallocate(0, 0);
  for (let at = 0; at < store.bytes; at += bytesPerBlock) {
    store.write(at, store.image.slice(at, at + bytesPerBlock));
  }
}

/** Numbers of the blocks that differ. (`toEqual` takes seconds for an image.) */
export function differences(
  image: Uint8Array,
  expected: Uint8Array,
  bytesPerBlock = 512,
): number[] {
  const found: number[] = [];
  for (let at = 0; at < expected.length; at += bytesPerBlock) {
    const one = image.subarray(at, at + bytesPerBlock);
    if (Buffer.compare(one, expected.subarray(at, at + bytesPerBlock)) !== 0) {
      found.push(at / bytesPerBlock);
    }
  }
  return found;
}
