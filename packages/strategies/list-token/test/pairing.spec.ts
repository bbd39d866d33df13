import { operation, status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listToken, tokenTable } from "../src/index.ts";
import { type FakeEngine, fakeEngine } from "./support/fake-engine.ts";

/*
 * Goal: halves find their partners however they were cut and in whatever order they come; none waits for one that will not
 * come; none is paired with a stranger. Method: a test plays the stack: it splits, moves and delays halves as it likes.
 */
const range = fc.record({ lba: fc.nat(2 ** 33), blocks: fc.integer({ min: 1, max: 9 }) });
const sources = fc.array(range, { minLength: 1, maxLength: 6 });
const picks = fc.infiniteStream(fc.nat(1000));

/** Cuts submitted bios at random places and puts them in random order. */
function scatter(fake: FakeEngine, pick: (n: number) => number): number[] {
  const halves = fake.submitted.splice(0);
  for (let i = 0; i < halves.length; i++) {
    const { blocks } = fake.rangeOf(halves[i]);
    if (blocks > 1 && pick(2) === 0) halves.push(fake.split(halves[i], 1 + pick(blocks - 1)));
  }
  for (const half of halves) fake.remap(half, 1 + pick(3), pick(5) * 2 ** 31);
  return halves
    .map((half) => ({ half, order: pick(1000) }))
    .sort((a, b) => a.order - b.order)
    .map(({ half }) => half);
}

const picker =
  (stream: fc.Stream<number>): ((n: number) => number) =>
  (n) =>
    (stream.next().value ?? 0) % n;

const tokensOf = (fake: FakeEngine): number => fake.state.table(tokenTable).used;

describe("halves", () => {
  it("are paired block by block, however they come", () => {
    fc.assert(
      fc.property(sources, fc.nat(2 ** 40), picks, (ranges, destination, stream) => {
        const fake = fakeEngine(listToken());
        const pick = picker(stream);
        fake.start(ranges, destination);
        const halves = scatter(fake, pick);
        const blocksOf = (kind: number): string[] => {
          const places: string[] = [];
          for (const half of halves) {
            if (fake.engine.bios.columns.operation[half] !== kind) continue;
            const { device, lba, blocks, offset } = fake.rangeOf(half);
            for (let i = 0; i < blocks; i++) places[offset + i] = `${device}:${lba + i}`;
          }
          return places;
        };
        const from = blocksOf(operation.source);
        const to = blocksOf(operation.destination);
        halves.forEach((half, i) => {
          expect(fake.requests).toEqual([]);
          expect(fake.pairing.parkedCount).toBe(i);
          fake.pairing.arrive(half);
        });
        const paired = fake.requests.flatMap((request) => request.blocks);
        expect(paired).toEqual(
          from.map((source, place) => ({ from: source, to: to[place], place })),
        );
        expect(fake.pairing.parkedCount).toBe(0);
        expect(fake.ended).toEqual([]);
        fake.requests.forEach(({ owner }, i) => {
          fake.pairing.requestEnded(owner, i === 0 ? status.writeFault : status.success);
        });
        expect(fake.ended.map(({ bio }) => bio).sort()).toEqual([...halves].sort());
        expect(new Set(fake.ended.map((end) => `${end.failed} ${end.status}`))).toEqual(
          new Set([`false ${status.writeFault}`]),
        );
        expect(tokensOf(fake)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("of two chunks do not mix", () => {
    fc.assert(
      fc.property(sources, sources, picks, (first, second, stream) => {
        const fake = fakeEngine(listToken());
        const pick = picker(stream);
        fake.start(first, 0);
        fake.start(second, 2 ** 40);
        for (const half of scatter(fake, pick)) fake.pairing.arrive(half);
        const sum = (ranges: readonly { blocks: number }[]): number =>
          ranges.reduce((all, each) => all + each.blocks, 0);
        const owners = [...new Set(fake.requests.map(({ owner }) => owner))];
        const lengths = owners.map((owner) =>
          sum(
            fake.requests
              .filter((request) => request.owner === owner)
              .map((request) => ({ blocks: request.blocks.length })),
          ),
        );
        expect(lengths.sort()).toEqual([sum(first), sum(second)].sort());
      }),
    );
  });

  it("make as many bios as were announced", () => {
    const fake = fakeEngine(listToken());
    fake.start(
      [
        { lba: 0, blocks: 1 },
        { lba: 9, blocks: 2 },
        { lba: 5, blocks: 1 },
      ],
      50,
    );
    expect(fake.submitted).toHaveLength(fake.pairing.biosOf(3));
    expect(fake.submitted.map(fake.rangeOf)).toEqual([
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
    const fake = fakeEngine(listToken());
    fake.start(two, 50);
    const [first, second, destination] = fake.submitted;
    fake.pairing.arrive(first);
    fake.pairing.bioFailed(second, status.unmapped);
    fake.engine.failBio(second, status.unmapped);
    fake.pairing.arrive(destination);
    expect(fake.ended).toEqual([
      { bio: first, failed: true, status: status.unmapped },
      { bio: second, failed: true, status: status.unmapped },
      { bio: destination, failed: true, status: status.aborted },
    ]);
    expect([tokensOf(fake), fake.pairing.parkedCount]).toEqual([0, 0]);
  });

  it("is not paired with a later chunk's, though that has the same row", () => {
    const fake = fakeEngine(listToken(), 1);
    const chunk = fake.start(two, 50);
    const [first, second, destination] = fake.submitted.splice(0);
    fake.pairing.arrive(first);
    fake.pairing.cancel(chunk, status.cancelled);
    fake.engine.chunks.free(chunk);
    fake.start(two, 60);
    fake.pairing.arrive(second);
    fake.pairing.arrive(destination);
    expect(fake.ended.map(({ bio, status: value }) => [bio, value])).toEqual([
      [first, status.cancelled],
      [second, status.aborted],
      [destination, status.aborted],
    ]);
    for (const half of fake.submitted) fake.pairing.arrive(half);
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:60", place: 0 });
  });

  it("goes with its device", () => {
    const fake = fakeEngine(listToken());
    fake.start(two, 50);
    const [first, second, destination] = fake.submitted;
    fake.remap(first, 1, 0);
    fake.remap(destination, 2, 0);
    fake.pairing.arrive(first);
    fake.pairing.arrive(destination);
    fake.pairing.removed(3);
    expect(fake.ended).toEqual([]);
    fake.pairing.removed(2);
    expect(new Set(fake.ended.map(({ bio }) => bio))).toEqual(new Set([first, destination]));
    expect(fake.ended.every((end) => end.status === status.removed)).toBe(true);
    fake.pairing.arrive(second);
    expect(fake.ended).toHaveLength(3);
  });

  it("is left alone once it is paired", () => {
    const fake = fakeEngine(listToken());
    const chunk = fake.start(two, 50);
    for (const half of fake.submitted) fake.pairing.arrive(half);
    fake.pairing.cancel(chunk, status.cancelled);
    fake.pairing.removed(0);
    fake.pairing.bioFailed(fake.submitted[0], status.removed);
    expect(fake.ended).toEqual([]);
    fake.pairing.requestEnded(fake.requests[0].owner, status.success);
    expect(fake.ended).toHaveLength(3);
    fake.pairing.cancel(chunk, status.cancelled);
    expect(fake.ended).toHaveLength(3);
  });
});
