import type { Store } from "@blockferry/core";

/** A call by its name. */
export interface NamedCall {
  readonly name: string;
  call(): unknown;
}

/** Each call that writes, with `data` at `offset`. */
export function writingCalls(store: Store, offset: number, data: Uint8Array): NamedCall[] {
  return [
    { name: "write", call: () => store.write(offset, data) },
    { name: "copy to it", call: () => store.copy(0, offset, data.length) },
    { name: "writeZeroes", call: () => store.writeZeroes(offset, data.length) },
    { name: "deallocate", call: () => store.deallocate(offset, data.length) },
  ];
}

/** Each call that takes a range, with two bytes at `offset`. */
export function rangeCalls(store: Store, offset: number): NamedCall[] {
  const two = new Uint8Array(2).fill(1);
  return [
    { name: "read", call: () => store.read(offset, two) },
    { name: "copy from it", call: () => store.copy(offset, 0, 2) },
    { name: "isAllocated", call: () => store.isAllocated(offset, 2) },
    ...writingCalls(store, offset, two),
  ];
}

/** Each call that takes a length. */
export function lengthCalls(store: Store, bytes: number): NamedCall[] {
  return [
    { name: "copy", call: () => store.copy(0, 0, bytes) },
    { name: "writeZeroes", call: () => store.writeZeroes(0, bytes) },
    { name: "deallocate", call: () => store.deallocate(0, bytes) },
    { name: "isAllocated", call: () => store.isAllocated(0, bytes) },
  ];
}
