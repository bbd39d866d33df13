import {
  type NotedEngine,
  notedEngine,
  pairsOf,
  scatter,
} from "@blockferry/conformance/strategy-engine";
import { status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listToken, tokenTable } from "../src/index.ts";

/*
 * Goal: halves find their partners however they were cut and in whatever order they come; none waits for one that will not
 * come; none is paired with a stranger. Method: a test plays the stack: it splits, moves and delays halves as it likes.
 */
const range = fc.record({ lba: fc.nat(2 ** 33), blocks: fc.integer({ min: 1, max: 9 }) });
const sources = fc.array(range, { minLength: 1, maxLength: 6 });
const picks = fc.infiniteStream(fc.nat(1000));

const picker =
  (stream: fc.Stream<number>): ((n: number) => number) =>
  (n) =>
    (stream.next().value ?? 0) % n;

const tokensOf = (noted: NotedEngine): number => noted.state.table(tokenTable).used;

describe("halves", () => {
  it("are paired block by block, however they come", () => {
    fc.assert(
      fc.property(sources, fc.nat(2 ** 40), picks, (ranges, destination, stream) => {
        const noted = notedEngine(listToken());
        const pick = picker(stream);
        noted.start(ranges, destination);
        const halves = scatter(noted, pick);
        const expected = pairsOf(noted, halves);
        halves.forEach((half, i) => {
          expect(noted.requests).toEqual([]);
          expect(noted.pairing.parkedCount).toBe(i);
          noted.pairing.arrive(half);
        });
        const paired = noted.requests.flatMap((request) => request.blocks);
        expect(paired).toEqual(expected);
        expect(noted.pairing.parkedCount).toBe(0);
        expect(noted.ended).toEqual([]);
        noted.requests.forEach(({ owner }, i) => {
          noted.pairing.requestEnded(owner, i === 0 ? status.writeFault : status.success);
        });
        expect(noted.ended.map(({ bio }) => bio).sort()).toEqual([...halves].sort());
        expect(new Set(noted.ended.map((end) => `${end.failed} ${end.status}`))).toEqual(
          new Set([`false ${status.writeFault}`]),
        );
        expect(tokensOf(noted)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("of two chunks do not mix", () => {
    fc.assert(
      fc.property(sources, sources, picks, (first, second, stream) => {
        const noted = notedEngine(listToken());
        const pick = picker(stream);
        noted.start(first, 0);
        noted.start(second, 2 ** 40);
        for (const half of scatter(noted, pick)) noted.pairing.arrive(half);
        const sum = (ranges: readonly { blocks: number }[]): number =>
          ranges.reduce((all, each) => all + each.blocks, 0);
        const owners = [...new Set(noted.requests.map(({ owner }) => owner))];
        const lengths = owners.map((owner) =>
          sum(
            noted.requests
              .filter((request) => request.owner === owner)
              .map((request) => ({ blocks: request.blocks.length })),
          ),
        );
        expect(lengths.sort()).toEqual([sum(first), sum(second)].sort());
      }),
    );
  });

  it("make as many bios as were announced", () => {
    const noted = notedEngine(listToken());
    noted.start(
      [
        { lba: 0, blocks: 1 },
        { lba: 9, blocks: 2 },
        { lba: 5, blocks: 1 },
      ],
      50,
    );
    expect(noted.submitted).toHaveLength(noted.pairing.biosOf(3));
    expect(noted.submitted.map(noted.rangeOf)).toEqual([
      { device: 0, lba: 0, blocks: 1, offset: 0 },
      { device: 0, lba: 9, blocks: 2, offset: 1 },
      { device: 0, lba: 5, blocks: 1, offset: 3 },
      { device: 0, lba: 50, blocks: 4, offset: 0 },
    ]);
  });
});

const two = [
  { lba: 0, blocks: 4 },
  { lba: 100, blocks: 4 },
];

describe("a half that waits", () => {
  it("fails with a partner that failed on its way, and so do those that come later", () => {
    const noted = notedEngine(listToken());
    noted.start(two, 50);
    const [first, second, destination] = noted.submitted;
    noted.pairing.arrive(first);
    noted.pairing.bioFailed(second, status.unmapped);
    noted.engine.failBio(second, status.unmapped);
    noted.pairing.arrive(destination);
    expect(noted.ended).toEqual([
      { bio: first, failed: true, status: status.unmapped },
      { bio: second, failed: true, status: status.unmapped },
      { bio: destination, failed: true, status: status.aborted },
    ]);
    expect([tokensOf(noted), noted.pairing.parkedCount]).toEqual([0, 0]);
  });

  it("is not paired with a later chunk's, though that has the same row", () => {
    const noted = notedEngine(listToken(), 1);
    const chunk = noted.start(two, 50);
    const [first, second, destination] = noted.submitted.splice(0);
    noted.pairing.arrive(first);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.engine.chunks.free(chunk);
    noted.start(two, 60);
    noted.pairing.arrive(second);
    noted.pairing.arrive(destination);
    expect(noted.ended.map(({ bio, status: value }) => [bio, value])).toEqual([
      [first, status.cancelled],
      [second, status.aborted],
      [destination, status.aborted],
    ]);
    for (const half of noted.submitted) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    expect(noted.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:60", place: 0 });
  });

  it("goes with its device", () => {
    const noted = notedEngine(listToken());
    noted.start(two, 50);
    const [first, second, destination] = noted.submitted;
    noted.remap(first, 1, 0);
    noted.remap(destination, 2, 0);
    noted.pairing.arrive(first);
    noted.pairing.arrive(destination);
    noted.pairing.removed(3);
    expect(noted.ended).toEqual([]);
    noted.pairing.removed(2);
    expect(new Set(noted.ended.map(({ bio }) => bio))).toEqual(new Set([first, destination]));
    expect(noted.ended.every((end) => end.status === status.removed)).toBe(true);
    noted.pairing.arrive(second);
    expect(noted.ended).toHaveLength(3);
  });

  it("is left alone once it is paired", () => {
    const noted = notedEngine(listToken());
    const chunk = noted.start(two, 50);
    for (const half of noted.submitted) noted.pairing.arrive(half);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.removed(0);
    noted.pairing.bioFailed(noted.submitted[0], status.removed);
    expect(noted.ended).toEqual([]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.ended).toHaveLength(3);
    noted.pairing.cancel(chunk, status.cancelled);
    expect(noted.ended).toHaveLength(3);
  });
});
