import type { Store } from "../../packages/core/src/store.ts";

/** Each call of a store that takes a range, with two bytes at `offset`. */
export function storeRangeCalls(store: Store, offset: number): (() => unknown)[] {
  const two = new Uint8Array(2).fill(1);
  return [
    () => store.read(offset, two),
    () => store.write(offset, two),
    () => store.copy(offset, 0, 2),
    () => store.copy(0, offset, 2),
    () => store.writeZeroes(offset, 2),
    () => store.deallocate(offset, 2),
    () => store.isAllocated(offset, 2),
  ];
}
