import { notedEngine, pairsOf, scatter } from "@blockferry/conformance/strategy-engine";
import { status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextTable, listContext } from "../src/index.ts";

/*
 * Goal: halves find each other in their context however they were cut and moved, and the context stays as long as a bio points
 * to it. Method: a test plays the stack.
 */
const range = fc.record({ lba: fc.nat(2 ** 33), blocks: fc.integer({ min: 1, max: 9 }) });
const sources = fc.array(range, { minLength: 1, maxLength: 6 });
const draws = fc.infiniteStream(fc.nat(1000));
const two = [
  { lba: 0, blocks: 4 },
  { lba: 100, blocks: 4 },
];

describe("a context", () => {
  it("pairs block by block whatever comes into it, and goes with its last bio", () => {
    fc.assert(
      fc.property(sources, fc.nat(2 ** 40), draws, (ranges, destination, stream) => {
        const noted = notedEngine(listContext());
        noted.start(ranges, destination);
        const halves = scatter(noted, (n) => (stream.next().value ?? 0) % n);
        const expected = pairsOf(noted, halves);
        for (const half of halves) noted.pairing.arrive(half);
        expect(noted.requests.flatMap(({ blocks }) => blocks)).toEqual(expected);
        expect(noted.state.table(contextTable).used).toBe(1);
        for (const { owner } of noted.requests) noted.pairing.requestEnded(owner, status.success);
        expect(noted.ended.map(({ bio }) => bio).sort()).toEqual([...halves].sort());
        expect(noted.state.table(contextTable).used).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("that is given up stays until its last bio has come", () => {
    const noted = notedEngine(listContext());
    noted.start(two, 50);
    const [first, second, target] = noted.take();
    noted.pairing.arrive(first);
    noted.fail(second, status.unmapped);
    expect(noted.state.table(contextTable).used).toBe(1);
    noted.start(two, 60);
    noted.pairing.arrive(target);
    expect(noted.ended).toEqual([
      { bio: first, failed: true, status: status.unmapped },
      { bio: second, failed: true, status: status.unmapped },
      { bio: target, failed: true, status: status.aborted },
    ]);
    expect(noted.state.table(contextTable).used).toBe(1);
    for (const half of noted.take()) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    expect(noted.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:60", place: 0 });
  });

  it("whose bios all fail on their way goes with the last of them", () => {
    const noted = notedEngine(listContext());
    noted.start(two, 50);
    for (const half of noted.take()) noted.fail(half, status.unmapped);
    expect(noted.ended).toHaveLength(3);
    expect(noted.state.table(contextTable).used).toBe(0);
  });

  it.each([0, 1, 2])("with memory for %i bios fails its chunk, and what was sent", (memory) => {
    const noted = notedEngine(listContext());
    noted.conditions.memory = memory;
    const chunk = noted.start(two, 50);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
    const sent = noted.take();
    expect(sent).toHaveLength(memory);
    for (const half of sent) noted.pairing.arrive(half);
    expect(noted.ended.map(({ bio }) => bio)).toEqual(sent);
    expect(noted.state.table(contextTable).used).toBe(0);
  });

  it("ends what is parked when its copy is cancelled, and what comes after", () => {
    const noted = notedEngine(listContext());
    const chunk = noted.start(two, 50);
    const [first, second, target] = noted.take();
    noted.pairing.arrive(first);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.arrive(second);
    noted.fail(target, status.cancelled);
    expect(noted.ended.map((end) => end.status)).toEqual([
      status.cancelled,
      status.aborted,
      status.cancelled,
    ]);
    expect([noted.pairing.parkedCount, noted.state.table(contextTable).used]).toEqual([0, 0]);
  });

  it("ends what is parked when the device goes that a half is parked for", () => {
    const noted = notedEngine(listContext());
    noted.start(two, 50);
    const [first, second] = noted.take();
    noted.remap(second, 2, 0);
    noted.pairing.arrive(first);
    noted.pairing.arrive(second);
    noted.pairing.removed(1);
    expect(noted.pairing.parkedCount).toBe(2);
    noted.pairing.removed(2);
    expect(noted.ended.map((end) => end.status)).toEqual([status.removed, status.removed]);
  });

  it("that was paired is left alone until its requests have ended", () => {
    const noted = notedEngine(listContext());
    const chunk = noted.start(two, 50);
    for (const half of noted.take()) noted.pairing.arrive(half);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.removed(0);
    expect(noted.ended).toEqual([]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.writeFault);
    expect(noted.ended.map((end) => end.status)).toEqual([9, 9, 9]);
  });
});
