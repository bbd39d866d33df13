// Goal: rows are handed out once, handles that outlived their row are caught, and a state is its buffer. Method: a plain
// Map beside the table, under random operations.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineTable, State } from "../src/table/index.ts";

const definition = defineTable("thing", {
  count: "word",
  place: "lba",
  at: "number",
  words: 3,
});

const stateOf = (capacity: number): State => new State().add(definition, capacity).seal();
const tableOf = (capacity: number) => stateOf(capacity).table(definition);

describe("a table", () => {
  it("gives every row once, and -1 when there is none", () => {
    for (const capacity of [1, 2, 3, 64, 1000]) {
      const table = tableOf(capacity);
      const slots = Array.from({ length: capacity }, () => table.allocate());
      expect([...slots].sort((a, b) => a - b)).toEqual(Array.from(slots, (_, i) => i));
      expect(table.allocate()).toBe(-1);
      expect([table.used, table.available, table.peak]).toEqual([capacity, 0, capacity]);
      for (const slot of slots) table.free(slot);
      expect([table.used, table.available, table.peak]).toEqual([0, capacity, capacity]);
    }
  });

  it("refuses to free what is not taken", () => {
    const table = tableOf(4);
    const slot = table.allocate();
    table.free(slot);
    for (const wrong of [slot, 3, -1, 4, 1.5, Number.NaN]) {
      expect(() => table.free(wrong)).toThrow(/thing: row .* is not taken/);
    }
    expect(table.used).toBe(0);
    expect(table.allocate()).toBe(slot);
  });

  it("tells rows that are taken, and handles, under any operations", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(50)), { maxLength: 200 }),
        (capacity, operations) => {
          const table = tableOf(capacity);
          const taken = new Map<number, number>();
          const gone: number[] = [];
          for (const [allocates, which] of operations) {
            if (allocates) {
              const slot = table.allocate();
              expect(slot < 0).toBe(taken.size === capacity);
              if (slot < 0) continue;
              expect(taken.has(slot)).toBe(false);
              expect(gone).not.toContain(table.handle(slot));
              taken.set(slot, table.handle(slot));
            } else if (taken.size > 0) {
              const slot = [...taken.keys()][which % taken.size];
              gone.push(taken.get(slot) as number);
              taken.delete(slot);
              table.free(slot);
            }
            expect(table.used).toBe(taken.size);
            for (let slot = 0; slot < capacity; slot++) {
              expect(table.isLive(slot)).toBe(taken.has(slot));
            }
            for (const [slot, handle] of taken) expect(table.slotOf(handle)).toBe(slot);
            for (const handle of gone) expect(table.slotOf(handle)).toBe(-1);
          }
          expect([...table.rows()].map(({ slot }) => slot)).toEqual([...taken.keys()].sort());
        },
      ),
    );
  });

  it("finds nothing behind a number that is no handle", () => {
    const table = tableOf(5);
    const handle = table.handle(table.allocate());
    for (const wrong of [-1, handle + 0.5, Number.NaN, 2 ** 31, 2 ** 40 + handle, Infinity]) {
      expect(table.slotOf(wrong)).toBe(-1);
    }
    expect(table.isLive(-1)).toBe(false);
    expect(table.isLive(5)).toBe(false);
    expect(table.slotOf(handle)).toBe(0);
  });

  it("has handles that are not negative, at the largest size as well", () => {
    const table = new State().add(defineTable("large", { word: "word" }), 2 ** 20).seal().tables[0];
    for (let i = 0; i < 5000; i++) {
      const slot = table.allocate();
      expect(table.handle(slot)).toBeGreaterThanOrEqual(0);
      expect(table.slotOf(table.handle(slot))).toBe(slot);
      table.free(slot);
    }
  });

  it("shows rows by the names of their columns", () => {
    const table = tableOf(3);
    table.allocate();
    const slot = table.allocate();
    const { count, placeLow, placeHigh, at, words } = table.columns;
    count[slot] = -7;
    placeLow[slot] = -1;
    placeHigh[slot] = 5;
    at[slot] = 2 ** 53 - 1;
    words.set([1, 2, 3], slot * 3);
    // 5 * 2^32 + (2^32 - 1)
    expect(table.row(slot)).toEqual({
      slot,
      count: -7,
      place: 25769803775,
      at: 9007199254740991,
      words: [1, 2, 3],
    });
  });

  it("forgets its peak when told to", () => {
    const table = tableOf(4);
    const slots = [table.allocate(), table.allocate(), table.allocate()];
    table.free(slots[0]);
    table.resetPeak();
    expect(table.peak).toBe(2);
    table.clear();
    expect([table.used, table.peak, table.isLive(1)]).toEqual([0, 0, false]);
    expect(table.row(1)).toMatchObject({ count: 0 });
  });
});

describe("a state", () => {
  const other = defineTable("other", { at: "number", word: "word" });

  it("is its buffer: a snapshot taken back is the same state, and goes on the same", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { maxLength: 40 }),
        fc.array(fc.nat(100), { maxLength: 40 }),
        (before, after) => {
          const state = new State().add(definition, 7).add(other, 3).seal();
          const things = state.table(definition);
          const others = state.table(other);
          const play = (moves: readonly number[]): number[] =>
            moves.map((move) => {
              const table = move % 2 === 0 ? things : others;
              const slot = move % table.capacity;
              if (move % 3 !== 0 || !table.isLive(slot)) return table.allocate();
              table.free(slot);
              table.columns.at[slot] = move * 1.5;
              return -2;
            });
          play(before);
          const snapshot = state.snapshot();
          const first = play(after);
          const end = state.snapshot();
          state.restore(snapshot);
          expect(state.snapshot()).toEqual(snapshot);
          expect(play(after)).toEqual(first);
          expect(state.snapshot()).toEqual(end);
        },
      ),
    );
  });

  it("keeps columns apart", () => {
    const state = new State().add(other, 3).add(definition, 5).seal();
    const things = state.table(definition);
    const columns = [
      ...Object.values(things.columns),
      ...Object.values(state.table(other).columns),
    ];
    columns.forEach((column, i) => {
      column.fill(i + 1);
    });
    columns.forEach((column, i) => {
      expect(new Set(column)).toEqual(new Set([i + 1]));
    });
    expect(things.columns.words).toHaveLength(15);
    expect(state.bytes).toBe(state.words.length * 4);
    // The tables' own words (free list, generations, heads) were not written over.
    expect([things.used, things.allocate(), things.allocate()]).toEqual([0, 0, 1]);
  });

  it("takes back only a snapshot of its own shape", () => {
    const state = new State().add(other, 5).seal();
    expect(() => state.restore(new Int32Array(3))).toThrow(RangeError);
    expect(() => state.restore(new Int32Array(state.words.length + 1))).toThrow(RangeError);
  });

  it("says what is wrong with a declaration", () => {
    expect(() => defineTable("x", { next: "word" })).toThrow(/next is a name of the table itself/);
    expect(() => defineTable("x", { many: 0 })).toThrow(/0 words/);
    expect(() => defineTable("x", { many: 1.5 })).toThrow(/1.5 words/);
    expect(() => new State().add(other, 0)).toThrow(/capacity 0/);
    expect(() => new State().add(other, 2 ** 24 + 1)).toThrow(/capacity 16777217/);
    expect(() => new State().add(other, 1).add(other, 1)).toThrow(/declared twice/);
    const state = new State().add(other, 1).seal();
    expect(() => state.add(definition, 1)).toThrow(/after the state was sealed/);
    expect(() => state.seal()).toThrow(/sealed already/);
    expect(() => state.table(definition)).toThrow(/not part of this state/);
    expect(() => state.table(defineTable("other", { word: "word" }))).toThrow(/not part/);
  });
});
