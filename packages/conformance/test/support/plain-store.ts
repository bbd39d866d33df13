import { FerryError, type Store } from "@blockferry/core";

/** The plainest store that keeps the contract. `broken` puts methods in place of its own. */
export function plainStore(
  bytes: number,
  broken: (good: Store, image: Uint8Array) => Partial<Store> = () => ({}),
): Store {
  const image = new Uint8Array(bytes);
  let isClosed = false;
  const check = (offset: number, length: number): void => {
    if (isClosed) throw new FerryError("FERRY_STORE_CLOSED", "the store is closed");
    const isInside = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0;
    if (isInside && length >= 0 && offset + length <= bytes) return;
    throw new RangeError(`${length} bytes at ${offset} are outside of ${bytes}`);
  };
  const zero = (offset: number, length: number): void => {
    check(offset, length);
    image.fill(0, offset, offset + length);
  };
  const good: Store = {
    name: "plain",
    bytes,
    readonly: false,
    read(offset, target) {
      check(offset, target.length);
      target.set(image.subarray(offset, offset + target.length));
    },
    write(offset, source) {
      check(offset, source.length);
      image.set(source, offset);
    },
    copy(source, destination, length) {
      check(source, length);
      check(destination, length);
      image.copyWithin(destination, source, source + length);
      return "memory";
    },
    writeZeroes: zero,
    deallocate: zero,
    isAllocated(offset, length) {
      check(offset, length);
      return image.subarray(offset, offset + length).some((byte) => byte !== 0);
    },
    flush: () => check(0, 0),
    close() {
      isClosed = true;
    },
  };
  return { ...good, ...broken(good, image) };
}
