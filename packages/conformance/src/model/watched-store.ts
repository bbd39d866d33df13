import { FerryError, type Store } from "@blockferry/core";

/** A plain store that the suite looks into: what it holds, whether it was asked for what is not there. */
export interface WatchedStore extends Store {
  readonly image: Uint8Array;
  /** Calls outside of its capacity. A device checks addresses before it goes to its store. */
  readonly strays: string[];
  isClosed: boolean;
  /** Writing calls from now on until one fails; `undefined`: none does. */
  failIn: number | undefined;
}

const UNIT = 512;

export function watchedStore(bytes: number, readonly = false): WatchedStore {
  const image = new Uint8Array(bytes);
  const written = new Uint8Array(Math.ceil(bytes / UNIT));

  const within = (call: string, offset: number, length: number): void => {
    const isInside =
      Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= bytes;
    if (isInside) return;
    store.strays.push(`${call} of ${length} bytes at ${offset}`);
    throw new RangeError(`${length} bytes at ${offset} are outside of ${bytes}`);
  };
  const changing = (offset: number, length: number, mark: number): void => {
    if (store.failIn !== undefined) {
      store.failIn -= 1;
      if (store.failIn < 0) throw new FerryError("FERRY_STORE_IO", "the suite has it fail");
    }
    written.fill(mark, Math.floor(offset / UNIT), Math.ceil((offset + length) / UNIT));
  };

  const store: WatchedStore = {
    name: "watched",
    bytes,
    readonly,
    image,
    strays: [],
    isClosed: false,
    failIn: undefined,
    read(offset, target) {
      within("read", offset, target.length);
      target.set(image.subarray(offset, offset + target.length));
    },
    write(offset, source) {
      within("write", offset, source.length);
      changing(offset, source.length, 1);
      image.set(source, offset);
    },
    copy(source, destination, length) {
      within("copy", source, length);
      within("copy", destination, length);
      changing(destination, length, 1);
      image.copyWithin(destination, source, source + length);
      return "memory";
    },
    writeZeroes(offset, length) {
      within("writeZeroes", offset, length);
      changing(offset, length, 1);
      image.fill(0, offset, offset + length);
    },
    deallocate(offset, length) {
      within("deallocate", offset, length);
      changing(offset, length, 0);
      image.fill(0, offset, offset + length);
    },
    isAllocated(offset, length) {
      within("isAllocated", offset, length);
      const last = Math.ceil((offset + length) / UNIT);
      return length > 0 && written.subarray(Math.floor(offset / UNIT), last).includes(1);
    },
    flush() {},
    close() {
      store.isClosed = true;
    },
  };
  return store;
}

/** Fills every block with words that tell its unit and its place. */
export function label(store: WatchedStore, unit: number, bytesPerBlock: number): void {
  const data = new Uint8Array(store.bytes);
  const view = new DataView(data.buffer);
  for (let at = 0; at + 8 <= store.bytes; at += 8) {
    view.setUint32(at, Math.floor(at / bytesPerBlock) + 1);
    view.setUint32(at + 4, (unit + 1) * 65_536 + (at % bytesPerBlock));
  }
  store.write(0, data);
}
