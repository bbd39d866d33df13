// Goal: the index finds what a search through all would find. Method: random extents, compared with such a search.
import fc from "fast-check";
import { expect, it } from "vitest";
import { extentIndex } from "../src/extent-index.ts";

const extent = fc.record({
  device: fc.nat(1),
  lba: fc.oneof(fc.nat(5000), fc.nat(2 ** 50)),
  blocks: fc.oneof(fc.nat(20), fc.nat(3000), fc.nat(2 ** 40)),
});

it("finds all extents around a place, and none that was taken out", () => {
  fc.assert(
    fc.property(fc.array(extent), fc.array(extent), fc.nat(10), (added, places, gone) => {
      const index = extentIndex<(typeof added)[number]>();
      for (const one of added) index.add(one);
      for (const one of added.slice(0, gone)) index.delete(one);
      const left = added.slice(gone);
      for (const { device, lba, blocks } of [...places, ...added]) {
        const expected = left.filter(
          (one) => one.device === device && one.lba <= lba && one.lba + one.blocks >= lba + blocks,
        );
        expect(new Set(index.around({ device, lba, blocks }))).toEqual(new Set(expected));
      }
    }),
  );
});
