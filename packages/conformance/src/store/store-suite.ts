import { isFerryError, type Store } from "@blockferry/core";
import { broken, check, checkBytes, checkSame, shown, thrownBy } from "../check.ts";
import { forEachSeed } from "../random-source.ts";
import { agreesWithFlatBuffer, contents, pattern } from "./flat-buffer.ts";
import { lengthCalls, type NamedCall, rangeCalls, writingCalls } from "./store-calls.ts";
import type { StoreSuiteOptions } from "./store-suite-options.ts";

/** Neither a multiple of a page nor of a block. */
const BYTES = 300_001;
/** Whole pages of whatever size, so that all of them can be freed. */
const PAGES = 2 ** 20;
const RANDOM_CASES = 30;
const STEPS = 16;

const isRangeError = (error: unknown): boolean =>
  error instanceof Error && error.name === "RangeError";

const isStoreError = (error: unknown): boolean =>
  isFerryError(error) && error.code.startsWith("FERRY_STORE_");

function mustThrow(
  calls: readonly NamedCall[],
  isRight: (error: unknown) => boolean,
  what: string,
) {
  for (const { name, call } of calls) {
    const error = thrownBy(call);
    check(error !== undefined, `${name} ${what} was accepted`);
    check(isRight(error), `${name} ${what} threw ${shown(error)}`);
  }
}

/** Makes stores and closes them behind a test, whatever becomes of it. */
function storesOf({ create }: StoreSuiteOptions) {
  return (bytes: number, body: (store: Store) => void): void => {
    const store = create(bytes);
    try {
      body(store);
    } finally {
      store.close();
    }
  };
}

function basics({ it, ...options }: StoreSuiteOptions): void {
  const withStore = storesOf({ it, ...options });

  it("has the capacity that was asked for, can be written, and reads as zeroes", () => {
    for (const bytes of [1, 512, BYTES]) {
      withStore(bytes, (store) => {
        checkSame(store.bytes, bytes, "bytes");
        checkSame(store.readonly, false, "readonly");
        check(store.name.length > 0, "a store has a name");
        checkBytes(contents(store), new Uint8Array(bytes), "a new store");
      });
    }
  });

  it("reads back what was written, to the first and the last byte, and nothing beside", () => {
    withStore(BYTES, (store) => {
      const expected = new Uint8Array(BYTES);
      for (const at of [0, 1, 4095, 65_536, BYTES - 700, BYTES - 1]) {
        const data = pattern(Math.min(700, BYTES - at), at + 1);
        store.write(at, data);
        expected.set(data, at);
      }
      checkBytes(contents(store), expected, "the store");
    });
  });

  it("takes views into larger buffers, and keeps none of them", () => {
    withStore(4096, (store) => {
      const buffer = pattern(1003);
      store.write(7, buffer.subarray(3, 1003));
      buffer.fill(0);
      const target = new Uint8Array(1002).fill(0xee);
      store.read(7, target.subarray(1, 1001));
      check(target[0] === 0xee && target[1001] === 0xee, "a read wrote beside its target");
      checkBytes(target.subarray(1, 1001), pattern(1003).subarray(3), "what was read");
      target.fill(0);
      const again = new Uint8Array(1000);
      store.read(7, again);
      checkBytes(again, pattern(1003).subarray(3), "what was read again");
    });
  });

  it("does nothing with no bytes, anywhere from the first place to the end", () => {
    withStore(4096, (store) => {
      store.write(0, pattern(4096));
      for (const at of [0, 1, 4096]) {
        store.read(at, new Uint8Array(0));
        store.write(at, new Uint8Array(0));
        store.copy(at, 0, 0);
        store.copy(0, at, 0);
        store.writeZeroes(at, 0);
        store.deallocate(at, 0);
        checkSame(store.isAllocated(at, 0), false, `isAllocated(${at}, 0)`);
      }
      checkBytes(contents(store), pattern(4096), "the store");
    });
  });
}

function copies({ it, supports, ...options }: StoreSuiteOptions): void {
  const withStore = storesOf({ it, supports, ...options });
  const moves: readonly (readonly [string, number, number, number])[] = [
    ["apart", 0, 150_000, 100_000],
    ["upwards onto itself", 1000, 4096, 200_000],
    ["downwards onto itself", 4096, 1000, 200_000],
    ["upwards by one byte", 5000, 5001, 200_000],
    ["downwards by one byte", 5001, 5000, 200_000],
    ["upwards by a page", 65_536, 131_072, 150_000],
    ["downwards by a page", 131_072, 65_536, 150_000],
    ["to where it is", 777, 777, 90_000],
    ["all of it", 0, 0, BYTES],
  ];

  for (const [title, from, to, bytes] of moves) {
    it(`copies ${title} as if the source were read first`, () => {
      withStore(BYTES, (store) => {
        const expected = pattern(BYTES);
        store.write(0, expected);
        const means = store.copy(from, to, bytes);
        check(supports.copyMeans.includes(means), `${means} is not in the manifest`);
        expected.copyWithin(to, from, from + bytes);
        checkBytes(contents(store), expected, "the store");
      });
    });
  }
}

function allocation({ it, supports, ...options }: StoreSuiteOptions): void {
  const withStore = storesOf({ it, supports, ...options });

  it("has allocated what was written, and zeroes what is deallocated or zeroed", () => {
    withStore(BYTES, (store) => {
      const expected = pattern(BYTES);
      store.write(0, expected);
      store.flush();
      for (const at of [0, 65_536, BYTES - 1]) {
        checkSame(store.isAllocated(at, 1), true, `isAllocated(${at}, 1) of data`);
      }
      store.deallocate(70_001, 100_000);
      expected.fill(0, 70_001, 170_001);
      store.writeZeroes(200_001, 3);
      expected.fill(0, 200_001, 200_004);
      checkBytes(contents(store), expected, "the store");
      checkSame(store.isAllocated(0, BYTES), true, "isAllocated of a range with data");
    });
  });

  it(supports.findsHoles ? "finds holes" : "says allocated where it cannot know", () => {
    withStore(PAGES, (store) => {
      const wanted = !supports.findsHoles;
      checkSame(store.isAllocated(0, PAGES), wanted, "isAllocated of a new store");
      store.write(0, pattern(PAGES));
      store.flush();
      store.deallocate(0, PAGES);
      store.flush();
      checkSame(store.isAllocated(0, PAGES), wanted, "isAllocated after deallocate");
    });
  });

  const { sparseBytes } = supports;
  if (sparseBytes === undefined) return;
  it(`holds ${sparseBytes} bytes sparsely`, () => {
    withStore(sparseBytes, (store) => {
      checkSame(store.bytes, sparseBytes, "bytes");
      const end = sparseBytes - 5;
      store.write(end, pattern(5));
      store.copy(end, 0, 5);
      const back = new Uint8Array(6).fill(0xee);
      store.read(0, back);
      checkBytes(back, Uint8Array.of(...pattern(5), 0), "the copy at the start");
      mustThrow(rangeCalls(store, sparseBytes - 1), isRangeError, "over the end");
      store.deallocate(end, 5);
      store.read(end, back.subarray(0, 5));
      checkBytes(back.subarray(0, 5), new Uint8Array(5), "the end, deallocated");
    });
  });
}

function misuse({ it, ...options }: StoreSuiteOptions): void {
  const withStore = storesOf({ it, ...options });

  it("refuses ranges outside with RangeError, and changes nothing", () => {
    withStore(1000, (store) => {
      store.write(0, pattern(1000));
      const wrong = [-1, 0.5, Number.NaN, 999, 1000, 1001, 2 ** 53, Number.POSITIVE_INFINITY];
      for (const offset of wrong) {
        mustThrow(rangeCalls(store, offset), isRangeError, `of two bytes at ${offset}`);
      }
      for (const bytes of [-1, 1.5, Number.NaN, 1001, 2 ** 53, Number.POSITIVE_INFINITY]) {
        mustThrow(lengthCalls(store, bytes), isRangeError, `of ${bytes} bytes`);
      }
      checkBytes(contents(store), pattern(1000), "the store");
    });
  });

  it("is closed once and for all, and closed again without harm", () => {
    withStore(1000, (store) => {
      store.flush();
      store.close();
      store.close();
      const calls = [...rangeCalls(store, 0), { name: "flush", call: () => store.flush() }];
      mustThrow(calls, isStoreError, "after close");
    });
  });
}

function persistence(options: StoreSuiteOptions): void {
  const { it, supports, create, reopen } = options;
  const kept = (store: Store): Store => {
    if (reopen === undefined) broken("a manifest with keepsBytes needs reopen()");
    store.write(0, pattern(5000));
    store.copy(0, 5000, 5000);
    store.flush();
    store.close();
    return store;
  };
  const expected = Uint8Array.of(...pattern(5000), ...pattern(5000));

  if (!supports.keepsBytes) {
    it("keeps nothing beyond close", () => {
      check(reopen === undefined, "reopen() is given, but the manifest says that nothing is kept");
    });
    return;
  }

  it("gives back its bytes when opened again", () => {
    const again = reopen?.(kept(create(10_000)), { readonly: false }) as Store;
    checkSame([again.bytes, again.readonly], [10_000, false], "capacity and readonly");
    checkBytes(contents(again), expected, "the store, opened again");
    again.close();
  });

  it("opened for reading, refuses every call that writes", () => {
    const again = reopen?.(kept(create(10_000)), { readonly: true }) as Store;
    checkSame(again.readonly, true, "readonly");
    mustThrow(writingCalls(again, 0, new Uint8Array(10)), isStoreError, "to a read-only store");
    again.flush();
    checkBytes(contents(again), expected, "the store");
    again.close();
  });
}

/**
 * The contract of `Store`: random calls against a plain buffer, overlaps, sparseness, bounds, and the end of its life.
 */
export function storeSuite(options: StoreSuiteOptions): void {
  const { describe, it, create, supports } = options;
  describe("store", () => {
    basics(options);
    describe("copies", () => copies(options));
    describe("allocation", () => allocation(options));
    describe("misuse", () => misuse(options));
    describe("persistence", () => persistence(options));

    it("agrees with a plain buffer after any calls", () =>
      forEachSeed(options, RANDOM_CASES, (random) => {
        const store = create(random.between(1, BYTES));
        try {
          agreesWithFlatBuffer(store, random, STEPS, supports);
        } finally {
          store.close();
        }
      }));
  });
}
