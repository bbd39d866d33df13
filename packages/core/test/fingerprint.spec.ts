import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineTable, fingerprinter, State } from "../src/table/index.ts";

const owners = defineTable("owner", { value: "word" }, { fixed: true });
const things = defineTable(
  "thing",
  { owner: "row:owner", at: "lba", size: "number", words: 2, seen: "word" },
  { idle: ["seen"] },
);
const names = defineTable("name", { thing: "handle:thing", first: "row:thing" });

function world() {
  const state = new State().add(owners, 3).add(things, 4).add(names, 2).seal();
  const prints = fingerprinter(state);
  return {
    owner: state.table(owners),
    thing: state.table(things),
    name: state.table(names),
    print(): string {
      prints.take();
      return `${prints.low} ${prints.high}`;
    },
  };
}
type World = ReturnType<typeof world>;

function addThing({ thing }: World, owner: number, value: number): number {
  const slot = thing.allocate();
  const { columns } = thing;
  columns.owner[slot] = owner;
  columns.atLow[slot] = value;
  columns.atHigh[slot] = 0;
  columns.size[slot] = value / 3;
  columns.words.set([value, value + 1], slot * 2);
  columns.seen[slot] = Math.random() * 1000;
  return slot;
}

describe("a fingerprint", () => {
  it("is the same for rows of the same content in other slots", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }), (order) => {
        const made = [[0, 1, 2], order].map((each) => {
          const it = world();
          it.owner.allocate();
          it.owner.allocate();
          // What was there before leaves no trace.
          it.thing.free(addThing(it, 0, 99));
          const slots: number[] = [];
          for (const i of each) slots[i] = addThing(it, i % 2, i + 7);
          it.thing.next[slots[0]] = slots[2];
          it.thing.next[slots[1]] = -1;
          it.thing.next[slots[2]] = -1;
          const name = it.name.allocate();
          it.name.columns.thing[name] = it.thing.handle(slots[1]);
          it.name.columns.first[name] = slots[0];
          return it.print();
        });
        expect(made[1]).toBe(made[0]);
      }),
    );
  });

  it("is changed by every word of a taken row, and by no other", () => {
    const it = world();
    it.owner.allocate();
    it.owner.columns.value[0] = 5;
    const slot = addThing(it, 0, 1);
    it.thing.next[slot] = -1;
    const seen = new Set([it.print()]);
    const columns = it.thing.columns;
    for (const [column, at] of [
      [columns.atLow, slot],
      [columns.atHigh, slot],
      [columns.size, slot],
      [columns.words, slot * 2],
      [columns.words, slot * 2 + 1],
      [columns.owner, slot],
      [it.owner.columns.value, 0],
    ] as const) {
      const before = column[at];
      column[at] = before + 1;
      seen.add(it.print());
      column[at] = before;
    }
    expect(seen.size).toBe(8);
    columns.seen[slot]++;
    columns.atLow[slot + 1] = 77;
    expect(seen).toContain(it.print());
  });

  it("tells a row from one that is gone, and lists by their order", () => {
    const it = world();
    const first = addThing(it, 0, 1);
    const second = addThing(it, 0, 2);
    const name = it.name.allocate();
    it.name.columns.first[name] = -1;
    it.name.columns.thing[name] = it.thing.handle(first);
    const prints = [it.print()];
    it.name.columns.thing[name] = it.thing.handle(second);
    prints.push(it.print());
    const third = addThing(it, 0, 3);
    it.name.columns.thing[name] = it.thing.handle(third);
    it.thing.free(third);
    prints.push(it.print());
    it.name.columns.thing[name] = -1;
    prints.push(it.print());
    it.thing.next[first] = second;
    prints.push(it.print());
    it.thing.next[first] = -1;
    it.thing.next[second] = first;
    prints.push(it.print());
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("tells apart what a thousand random states hold", () => {
    const prints = new Set<string>();
    const it = world();
    it.owner.allocate();
    const slots = [addThing(it, 0, 0), addThing(it, 0, 0)];
    for (let a = 0; a < 40; a++) {
      for (let b = a; b < 40; b++) {
        it.thing.columns.atLow[slots[0]] = a;
        it.thing.columns.atLow[slots[1]] = b;
        it.thing.columns.words.set([a, 0, b, 0]);
        prints.add(it.print());
      }
    }
    expect(prints.size).toBe((40 * 41) / 2);
  });

  it("refuses references to tables that are not there", () => {
    const state = new State().add(things, 1).seal();
    expect(() => fingerprinter(state)).toThrow(TypeError);
  });
});
