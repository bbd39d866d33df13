import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { operation, status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PayloadTokenOptions, payloadToken, tokenTable } from "../src/index.ts";

/*
 * Goal: a token is spent for what it was filled with, however both sides were cut; a stale one is not spent, but where that
 * is as posted. Method: a test plays the stack and the workqueue. Expected values follow from where the test moves bios.
 */
const two = [
  { lba: 0, blocks: 4 },
  { lba: 100, blocks: 4 },
];

function started(options: PayloadTokenOptions = {}, sources = two) {
  const noted = notedEngine(payloadToken(options));
  let generation = 0;
  noted.engine.mappingGeneration = () => generation;
  const chunk = noted.start(sources, 50);
  return { noted, chunk, reload: () => generation++ };
}

/** All that was submitted reaches the bottom, device 1, `by` blocks further on. */
function sink({ submitted, pairing, remap }: NotedEngine, by = 1000): void {
  for (const bio of submitted.splice(0)) {
    remap(bio, 1, by);
    pairing.arrive(bio);
  }
}

/** The workqueue does what it was asked to do. */
function work({ deferred, pairing }: NotedEngine): void {
  for (const subject of deferred.splice(0)) pairing.resume?.(subject);
}

const tokensOf = (noted: NotedEngine): number => noted.state.table(tokenTable).used;
const placesOf = ({ requests }: NotedEngine): string[] =>
  requests.flatMap(({ blocks }) => blocks.map(({ from, to }) => `${from}>${to}`));
const straight = (from: number, to: number, blocks: number): string[] =>
  Array.from({ length: blocks }, (_, i) => `1:${from + i}>1:${to + i}`);

describe("a token", () => {
  it("is filled by the sources, which end, and spent by the destination", () => {
    const { noted } = started();
    const sources = [...noted.submitted];
    sink(noted);
    expect(noted.ended).toEqual(
      sources.map((bio) => ({ bio, failed: false, status: status.success })),
    );
    expect(noted.submitted).toEqual([]);
    work(noted);
    const [destination] = noted.submitted;
    expect(noted.engine.bios.row(destination)).toMatchObject({
      operation: operation.destination,
      device: 0,
      lba: 50,
      blocks: 8,
      lane: -1,
    });
    sink(noted);
    expect(placesOf(noted)).toEqual([...straight(1000, 1050, 4), ...straight(1100, 1054, 4)]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.writeFault);
    expect(noted.ended.at(-1)).toEqual({
      bio: destination,
      failed: false,
      status: status.writeFault,
    });
    expect(tokensOf(noted)).toBe(0);
  });

  it("is spent block by block, wherever both sides were cut", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 4 });
    fc.assert(
      fc.property(cuts, cuts, fc.infiniteStream(fc.nat(99)), (above, below, picks) => {
        const { noted } = started();
        const scatter = (places: readonly number[]): void => {
          const bios = noted.take();
          for (const place of places) {
            for (const bio of [...bios]) {
              const { offset, blocks } = noted.rangeOf(bio);
              if (place > offset && place < offset + blocks) {
                bios.push(noted.split(bio, place - offset));
              }
            }
          }
          const order = bios.map((bio) => ({ bio, at: picks.next().value ?? 0 }));
          for (const { bio } of order.sort((a, b) => a.at - b.at)) noted.submitted.push(bio);
          sink(noted);
        };
        scatter(above);
        work(noted);
        scatter(below);
        expect(placesOf(noted).sort()).toEqual(
          [...straight(1000, 1050, 4), ...straight(1100, 1054, 4)].sort(),
        );
        for (const { owner } of [...noted.requests]) noted.pairing.requestEnded(owner, 0);
        expect(noted.state.tables.filter(({ used }) => used > 0).map(({ name }) => name)).toEqual([
          "chunk",
        ]);
      }),
    );
  });

  it("goes with a source that is rejected: later sources find it gone", () => {
    const { noted } = started();
    const [first, second] = noted.take();
    noted.fail(first, status.unmapped);
    noted.pairing.arrive(second);
    expect(noted.ended.map((end) => [end.failed, end.status])).toEqual([
      [true, status.unmapped],
      [true, status.unmapped],
      [true, status.aborted],
    ]);
    expect(tokensOf(noted)).toBe(0);
  });

  it("of a part whose destination is rejected is spent by the others", () => {
    const { noted } = started();
    sink(noted);
    work(noted);
    const [destination] = noted.take();
    const rest = noted.split(destination, 3);
    noted.fail(rest, status.unmapped);
    noted.submitted.push(destination);
    sink(noted);
    expect(placesOf(noted)).toEqual(straight(1000, 1050, 3));
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(tokensOf(noted)).toBe(0);
  });

  it("keeps no part of the destination waiting for another, which may be held back above it", () => {
    const { noted } = started();
    sink(noted);
    work(noted);
    const [destination] = noted.take();
    const rest = noted.split(destination, 3);
    noted.submitted.push(destination);
    sink(noted);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.ended.at(-1)).toEqual({ bio: destination, failed: false, status: 0 });
    noted.submitted.push(rest);
    sink(noted);
    expect(placesOf(noted).slice(3)).toEqual([
      ...straight(1003, 1053, 1),
      ...straight(1100, 1054, 4),
    ]);
  });

  it.each([0, 1, 2])("ends with its chunk when there is memory for %i bios", (memory) => {
    const noted = notedEngine(payloadToken());
    noted.conditions.memory = memory;
    const chunk = noted.start(two, 50);
    expect(noted.failedChunks).toEqual(memory === 0 ? [{ chunk, status: status.exhausted }] : []);
    sink(noted);
    expect(noted.ended).toHaveLength(memory);
    expect(tokensOf(noted)).toBe(0);
  });
});

describe("a mapping that changes between the phases", () => {
  it("sends the part back to the first phase", () => {
    const { noted, reload } = started();
    sink(noted, 1000);
    reload();
    work(noted);
    sink(noted, 2000);
    expect(noted.requests).toEqual([]);
    sink(noted, 2000);
    work(noted);
    sink(noted, 2000);
    expect(placesOf(noted)).toEqual([...straight(2000, 2050, 4), ...straight(2100, 2054, 4)]);
  });

  it("is refused when it does not stop", () => {
    const { noted, reload } = started();
    for (let tries = 0; noted.submitted.length > 0 && tries < 20; tries++) {
      sink(noted);
      reload();
      work(noted);
      sink(noted);
    }
    expect(noted.requests).toEqual([]);
    expect(noted.ended.at(-1)).toMatchObject({ failed: true, status: status.aborted });
    expect(tokensOf(noted)).toBe(0);
  });

  it("as posted: copies what the source's blocks hold now", () => {
    const { noted, reload } = started({ generation: "none" });
    sink(noted, 1000);
    reload();
    work(noted);
    sink(noted, 2000);
    expect(placesOf(noted)[0]).toBe("1:1000>1:2050");
  });

  it("as proposed: is not noticed when a bio was mapped before it and fills its token after it", () => {
    const { noted, reload } = started({ generation: "filled" });
    for (const bio of noted.submitted) noted.remap(bio, 1, 1000);
    reload();
    sink(noted, 0);
    work(noted);
    sink(noted, 2000);
    expect(placesOf(noted)[0]).toBe("1:1000>1:2050");
  });
});

describe("a split", () => {
  const one = [{ lba: 0, blocks: 4 }];

  it.each(["source", "destination"])("as posted: of the %s is refused", (half) => {
    const { noted } = started({ split: "refuse" }, one);
    if (half === "destination") {
      sink(noted);
      work(noted);
    }
    noted.submitted.push(noted.split(noted.submitted[0], 2));
    sink(noted);
    expect(noted.requests).toEqual([]);
    const refused = noted.ended.filter(({ failed }) => failed).map((end) => end.status);
    expect(refused).toContain(status.unsupported);
    expect(tokensOf(noted)).toBe(0);
  });

  it.each(["source", "destination"])("of the %s is tried again from the boundary", (half) => {
    const { noted } = started({ split: "boundary" }, one);
    if (half === "destination") {
      sink(noted);
      work(noted);
    }
    noted.submitted.push(noted.split(noted.submitted[0], 1));
    for (let turns = 0; turns < 6; turns++) {
      sink(noted);
      work(noted);
    }
    expect(placesOf(noted)).toEqual(straight(1000, 1050, 4));
    expect(noted.requests.map(({ blocks }) => blocks.length)).toEqual([1, 3]);
  });

  it("concerns one range: each has a token of its own", () => {
    const { noted } = started({ split: "refuse" });
    sink(noted);
    work(noted);
    sink(noted);
    expect(noted.requests.map(({ blocks }) => blocks.length)).toEqual([4, 4]);
  });
});
