import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { operation, status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CopyInOutOptions, copyInOut, inOutTable } from "../src/index.ts";

/*
 * Goal: COPY_OUT copies from where COPY_IN came, piece by piece where either was split; nothing waits, whatever fails. Method:
 * a test plays the stack.
 */
const two = [
  { lba: 0, blocks: 4 },
  { lba: 100, blocks: 4 },
];

function started(options: CopyInOutOptions = {}, sources = two) {
  const noted = notedEngine(copyInOut(options));
  let generation = 0;
  noted.engine.mappingGeneration = () => generation;
  const accounted: [number, number, number][] = [];
  noted.engine.account = (_chunk, ...part) => void accounted.push(part);
  noted.start(sources, 50);
  return { noted, accounted, reload: () => generation++ };
}

/** All that was submitted reaches the bottom, device 1, `by` blocks further on. */
function arriveAll(noted: NotedEngine, by = 1000): void {
  for (const bio of noted.take()) {
    noted.remap(bio, 1, by);
    noted.pairing.arrive(bio);
  }
}

const pairsOf = (noted: NotedEngine): number => noted.state.table(inOutTable).used;
const straight = (from: number, to: number, blocks: number): string[] =>
  Array.from({ length: blocks }, (_, i) => `1:${from + i}>1:${to + i}`);
const copiesOf = ({ requests }: NotedEngine): string[] =>
  requests.flatMap(({ blocks }) => blocks.map(({ from, to }) => `${from}>${to}`));

describe("a range", () => {
  it("goes down as COPY_IN, then as COPY_OUT, and is one request", () => {
    const { noted } = started();
    const ins = noted.submitted.map((bio) => noted.engine.bios.row(bio));
    expect(ins).toMatchObject([
      { operation: operation.source, lba: 0, blocks: 4, lane: 0 },
      { operation: operation.source, lba: 100, blocks: 4, lane: 0 },
    ]);
    arriveAll(noted);
    const outs = noted.submitted.map((bio) => noted.engine.bios.row(bio));
    expect(outs).toMatchObject([
      { operation: operation.destination, lba: 50, blocks: 4, lane: -1 },
      { operation: operation.destination, lba: 54, blocks: 4, lane: -1 },
    ]);
    arriveAll(noted);
    expect(noted.requests.map(({ blocks }) => blocks.length)).toEqual([4, 4]);
    expect(copiesOf(noted)).toEqual([...straight(1000, 1050, 4), ...straight(1100, 1054, 4)]);
    noted.requests.forEach(({ owner }, i) => {
      noted.pairing.requestEnded(owner, i === 0 ? status.writeFault : status.success);
    });
    expect(noted.ended.map((end) => end.status)).toEqual([0, 0, status.writeFault, 0]);
    expect(pairsOf(noted)).toBe(0);
  });

  it("is copied piece by piece where either was split, in any order", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(99)), (picks) => {
        const pick = (n: number): number => (picks.next().value ?? 0) % n;
        const { noted } = started();
        for (let turn = 0; turn < 2; turn++) {
          const bios = noted.take();
          for (let i = 0; i < bios.length && bios.length < 12; i++) {
            const { blocks } = noted.rangeOf(bios[i]);
            if (blocks > 1 && pick(2) === 0) bios.push(noted.split(bios[i], 1 + pick(blocks - 1)));
          }
          const order = bios.map((bio) => ({ bio, at: pick(99) })).sort((a, b) => a.at - b.at);
          for (const { bio } of order) noted.submitted.push(bio);
          arriveAll(noted);
        }
        expect(copiesOf(noted).sort()).toEqual(
          [...straight(1000, 1050, 4), ...straight(1100, 1054, 4)].sort(),
        );
        expect(pairsOf(noted)).toBe(0);
      }),
    );
  });
});

describe("a piece that fails", () => {
  it.each([0, 1])("of COPY_IN, as number %i to come, is accounted; the other is copied", (when) => {
    const { noted, accounted } = started({}, two.slice(0, 1));
    const [first] = noted.take();
    const rest = noted.split(first, 1);
    if (when === 1) noted.pairing.arrive(first);
    noted.fail(rest, status.unmapped);
    if (when === 0) noted.pairing.arrive(first);
    arriveAll(noted, 0);
    expect(noted.requests.flatMap(({ blocks }) => blocks)).toEqual([
      { from: "0:0", to: "1:50", place: 0 },
    ]);
    const outs = noted.ended.filter(({ failed }) => failed).length;
    // Accounted by itself, or with the COPY_OUT that was left for it.
    expect(when === 0 ? accounted : outs).toEqual(when === 0 ? [[1, 3, status.unmapped]] : 2);
    expect(pairsOf(noted)).toBe(0);
  });

  it("of COPY_OUT leaves the other", () => {
    const { noted } = started({}, two.slice(0, 1));
    arriveAll(noted);
    const [out] = noted.take();
    const rest = noted.split(out, 1);
    noted.fail(out, status.unmapped);
    expect(pairsOf(noted)).toBe(1);
    noted.submitted.push(rest);
    arriveAll(noted);
    expect(copiesOf(noted)).toEqual(straight(1001, 1051, 3));
    expect(pairsOf(noted)).toBe(0);
  });

  it.each([0, 1, 2, 3])("for want of memory, which there is for %i bios, ends", (memory) => {
    const noted = notedEngine(copyInOut());
    const accounted: number[] = [];
    noted.engine.account = (_chunk, _offset, blocks) => void accounted.push(blocks);
    noted.conditions.memory = memory;
    const chunk = noted.start(two, 50);
    expect(noted.failedChunks).toEqual(memory === 0 ? [{ chunk, status: status.exhausted }] : []);
    expect(accounted).toEqual(memory === 1 ? [4] : []);
    arriveAll(noted);
    arriveAll(noted);
    for (const { owner } of noted.requests) noted.pairing.requestEnded(owner, status.success);
    expect(noted.ended).toHaveLength(memory);
    expect(pairsOf(noted)).toBe(0);
  });

  it("for want of memory for the COPY_OUT of a piece is accounted", () => {
    const { noted, accounted } = started({}, two.slice(0, 1));
    noted.conditions.memory = 0;
    const [first] = noted.take();
    noted.submitted.push(first, noted.split(first, 1));
    arriveAll(noted);
    expect(accounted).toEqual([[0, 1, status.exhausted]]);
    arriveAll(noted);
    expect(copiesOf(noted)).toEqual(straight(1001, 1051, 3));
  });
});

describe("as designed", () => {
  it.each(["COPY_IN", "COPY_OUT"])("a split of %s has copied nothing", (half) => {
    const { noted } = started({ split: "refuse" }, two.slice(0, 1));
    if (half === "COPY_OUT") arriveAll(noted);
    const [bio] = noted.take();
    noted.submitted.push(bio, noted.split(bio, 1));
    arriveAll(noted);
    expect(noted.requests).toEqual([]);
    const refused = noted.ended.filter(({ failed }) => failed).map((end) => end.status);
    expect(refused).toContain(status.unsupported);
    expect(pairsOf(noted)).toBe(0);
  });

  it("a mapping that changes between the two is not noticed", () => {
    const { noted, reload } = started({ generation: "none" });
    arriveAll(noted, 1000);
    reload();
    arriveAll(noted, 2000);
    expect(copiesOf(noted)[0]).toBe("1:1000>1:2050");
  });
});

describe("a mapping that changes between the two", () => {
  it("sends the part back to COPY_IN", () => {
    const { noted, reload } = started({}, two.slice(1));
    arriveAll(noted, 1000);
    reload();
    const [out] = noted.take();
    noted.submitted.push(noted.split(out, 1), out);
    arriveAll(noted, 2000);
    expect(noted.requests).toEqual([]);
    arriveAll(noted, 2000);
    arriveAll(noted, 2000);
    expect(copiesOf(noted).sort()).toEqual(straight(2100, 2050, 4).sort());
    expect(pairsOf(noted)).toBe(0);
  });

  it("is refused when it does not stop", () => {
    const { noted, reload } = started({}, two.slice(0, 1));
    for (let turns = 0; turns < 40 && noted.submitted.length > 0; turns++) {
      arriveAll(noted);
      reload();
    }
    expect(noted.requests).toEqual([]);
    expect(noted.ended.at(-1)).toMatchObject({ failed: true, status: status.aborted });
    expect(pairsOf(noted)).toBe(0);
  });
});
