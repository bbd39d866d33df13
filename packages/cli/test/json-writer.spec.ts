// Goal: a streamed document is the same JSON that JSON.stringify would make, and ends when nobody reads.
import fc from "fast-check";
import { expect, it } from "vitest";
import { writeJsonDocument, writeJsonLines } from "../src/report/json-writer.ts";

function output(readsFor = Number.POSITIVE_INFINITY) {
  const writes: string[] = [];
  return {
    writes,
    isTerminal: false,
    columns: 80,
    write: (text: string) => writes.push(text) < readsFor,
  };
}

it("writes what JSON.stringify would, lists as lists", () => {
  const value = fc.record({ a: fc.jsonValue(), "b c": fc.array(fc.jsonValue()), d: fc.string() });
  fc.assert(
    fc.property(value, (document) => {
      const out = output();
      writeJsonDocument(out, { ...document, "b c": document["b c"].values() });
      expect(JSON.parse(out.writes.join(""))).toEqual(JSON.parse(JSON.stringify(document)));
    }),
  );
});

it("never holds a long list as one text", () => {
  const out = output();
  const rows = Array.from({ length: 100_000 }, (_, i) => ({ range: i }));
  writeJsonDocument(out, { rows: rows.values() });
  expect(Math.max(...out.writes.map((text) => text.length))).toBeLessThan(70_000);
  expect(JSON.parse(out.writes.join("")).rows).toHaveLength(100_000);
});

it("ends a list when nobody reads", () => {
  let made = 0;
  function* endless() {
    for (;;) yield { row: made++ };
  }
  writeJsonDocument(output(1), { rows: endless() });
  writeJsonLines(output(1), endless());
  expect(made).toBeLessThan(100_000);
});
