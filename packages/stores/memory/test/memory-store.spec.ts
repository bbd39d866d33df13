// Goal: the store behaves as one flat buffer does, and takes memory only for what was written.
// The reference is a plain Uint8Array with set, copyWithin and fill.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeRangeCalls } from "../../../../tests/support/store-range-calls.ts";
import { type MemoryStore, memoryStore } from "../src/index.ts";

const KiB = 1024;
const TiB = 2 ** 40;

function contents(store: MemoryStore): Uint8Array {
  const all = new Uint8Array(store.bytes).fill(0xee);
  store.read(0, all);
  return all;
}

describe("as a flat buffer", () => {
  const bytes = 20_000; // not a multiple of the page
  const at = fc.nat(bytes);
  const step = fc.oneof(
    fc.record({ kind: fc.constant("write"), at, bytes: at, other: fc.nat(255) }),
    fc.record({ kind: fc.constant("copy"), at, bytes: at, other: at }),
    fc.record({ kind: fc.constant("zero"), at, bytes: at, other: at }),
    fc.record({ kind: fc.constant("free"), at, bytes: at, other: at }),
  );

  it("agrees after any sequence of writes, copies, zeroes and deallocations", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = memoryStore({ bytes, bytesPerPage: 512 });
        const model = new Uint8Array(bytes);
        for (const [i, { kind, at, other, ...rest }] of steps.entries()) {
          const length = Math.min(rest.bytes, bytes - at);
          if (kind === "write") {
            const data = new Uint8Array(length);
            for (let j = 0; j < length; j++) data[j] = other === 0 ? 0 : (j * 7 + i + other) & 255;
            store.write(at, data);
            model.set(data, at);
          } else if (kind === "copy") {
            const moved = Math.min(length, bytes - other);
            expect(store.copy(at, other, moved)).toBe("memory");
            model.copyWithin(other, at, at + moved);
          } else {
            if (kind === "zero") store.writeZeroes(at, length);
            else store.deallocate(at, length);
            model.fill(0, at, at + length);
          }
          if (!store.isAllocated(at, length)) {
            expect(model.subarray(at, at + length).every((byte) => byte === 0)).toBe(true);
          }
        }
        expect(Buffer.compare(contents(store), model)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["below", 4096, 1000, 9000],
    ["above", 1000, 4096, 9000],
    ["within one page", 100, 130, 300],
    ["onto itself", 777, 777, 9000],
    ["by one byte", 5000, 5001, 8000],
  ])("copies overlapping ranges %s as if the source were read first", (_, from, to, length) => {
    const store = memoryStore({ bytes, bytesPerPage: 1024 });
    const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) & 255);
    store.write(0, model);
    store.copy(from, to, length);
    model.copyWithin(to, from, from + length);
    expect(Buffer.compare(contents(store), model)).toBe(0);
  });

  it("does not keep the caller's buffer", () => {
    const store = memoryStore({ bytes: 64 * KiB });
    const mine = new Uint8Array(64 * KiB).fill(1);
    store.write(0, mine);
    mine.fill(2);
    const back = new Uint8Array(1);
    store.read(0, back);
    back.fill(9);
    store.read(0, back);
    expect(back[0]).toBe(1);
  });

  it("takes views that begin at odd addresses", () => {
    const store = memoryStore({ bytes: 4 * KiB, bytesPerPage: 512 });
    const odd = new Uint8Array(1001).subarray(1);
    store.write(0, odd);
    expect(store.allocatedBytes).toBe(0);
    for (const i of [0, 2, 3, 500, 998, 999]) {
      odd.fill(0)[i] = 1;
      store.write(1024, odd);
      expect(contents(store)[1024 + i]).toBe(1);
      store.deallocate(0, 4 * KiB);
      expect(store.allocatedBytes).toBe(0);
    }
  });
});

describe("sparse", () => {
  it("takes nothing for a terabyte, and a page for a byte at its end", () => {
    const store = memoryStore({ bytes: TiB });
    expect(store.bytes).toBe(TiB);
    expect(store.allocatedBytes).toBe(0);
    store.write(TiB - 1, Uint8Array.of(5));
    expect(store.allocatedBytes).toBe(64 * KiB);
    expect(store.isAllocated(0, TiB - 64 * KiB)).toBe(false);
    expect(store.isAllocated(0, TiB)).toBe(true);
    const last = new Uint8Array(2);
    store.read(TiB - 2, last);
    expect([...last]).toEqual([0, 5]);
    store.deallocate(0, TiB);
    expect(store.allocatedBytes).toBe(0);
  });

  it("holds the largest capacity that has addresses", () => {
    const store = memoryStore({ bytes: Number.MAX_SAFE_INTEGER });
    store.write(Number.MAX_SAFE_INTEGER - 3, Uint8Array.of(1, 2, 3));
    store.copy(Number.MAX_SAFE_INTEGER - 3, 0, 3);
    const first = new Uint8Array(4);
    store.read(0, first);
    expect([...first]).toEqual([1, 2, 3, 0]);
    expect(() => store.read(Number.MAX_SAFE_INTEGER, first)).toThrow(RangeError);
  });

  it("takes no page for zeroes, written or copied", () => {
    const store = memoryStore({ bytes: 1024 * KiB });
    store.write(0, new Uint8Array(1024 * KiB));
    store.copy(0, 512 * KiB, 512 * KiB);
    expect(store.allocatedBytes).toBe(0);
    expect(store.isAllocated(0, 1024 * KiB)).toBe(false);
  });

  it("frees pages by zeroes, by deallocation and by copying nothing over them", () => {
    const store = memoryStore({ bytes: 1024 * KiB });
    const write = (): void => store.write(0, new Uint8Array(256 * KiB).fill(1));
    write();
    expect(store.allocatedBytes).toBe(256 * KiB);
    store.writeZeroes(64 * KiB, 64 * KiB);
    expect(store.allocatedBytes).toBe(192 * KiB);
    store.copy(512 * KiB, 0, 256 * KiB);
    expect(store.allocatedBytes).toBe(0);
    write();
    store.deallocate(1, 256 * KiB - 1);
    expect(store.allocatedBytes).toBe(64 * KiB);
    store.deallocate(0, 1); // now the first page holds only zeroes
    expect(store.allocatedBytes).toBe(0);
  });

  it("has nothing allocated in an empty range", () => {
    const store = memoryStore({ bytes: 1024 });
    store.write(0, Uint8Array.of(1));
    expect(store.isAllocated(0, 0)).toBe(false);
    expect(store.isAllocated(0, 1)).toBe(true);
  });
});

describe("misuse", () => {
  const store = memoryStore({ bytes: 1000, name: "small" });

  it.each([-1, 0.5, Number.NaN, 999, 1001, 2 ** 53])("refuses 2 bytes at %d", (offset) => {
    for (const call of storeRangeCalls(store, offset)) {
      expect(call).toThrow(RangeError);
    }
    expect(store.allocatedBytes).toBe(0);
  });

  it.each([-1, 1.5, Number.NaN])("refuses a length of %d", (length) => {
    expect(() => store.copy(0, 0, length)).toThrow(RangeError);
    expect(() => store.deallocate(0, length)).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])("refuses a capacity of %d", (bytes) => {
    expect(() => memoryStore({ bytes })).toThrow(RangeError);
  });

  it.each([0, 511, 1000, 256, 2 ** 31])("refuses pages of %d bytes", (bytesPerPage) => {
    expect(() => memoryStore({ bytes: 1000, bytesPerPage })).toThrow(RangeError);
  });
});

it("is closed once and for all", () => {
  const store = memoryStore({ bytes: 1000 });
  store.write(0, Uint8Array.of(1));
  store.flush();
  store.close();
  store.close();
  expect(store.allocatedBytes).toBe(0);
  const closed = expect.objectContaining({ code: "FERRY_STORE_CLOSED" });
  expect(() => store.read(0, new Uint8Array(1))).toThrow(closed);
  expect(() => store.write(0, new Uint8Array(1))).toThrow(closed);
  expect(() => store.copy(0, 1, 1)).toThrow(closed);
  expect(() => store.flush()).toThrow(closed);
});
