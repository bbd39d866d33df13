import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextTable, type TranslateFirstOptions, translateFirst } from "../src/index.ts";

/*
 * Goal: the phase changes when all have come, whatever becomes of them on their way, and each defect of the posted form shows.
 * Method: a test plays the stack.
 */
const three = [0, 100, 200].map((lba) => ({ lba, blocks: 4 }));

function started(options: TranslateFirstOptions = {}, sources = three) {
  const noted = notedEngine(translateFirst(options));
  let generation = 0;
  noted.engine.mappingGeneration = () => generation;
  const chunk = noted.start(sources, 500);
  return { noted, chunk, reload: () => generation++ };
}

const contextsOf = (noted: NotedEngine): number => noted.state.table(contextTable).used;
const arriveAll = (noted: NotedEngine): void => {
  for (const bio of noted.take()) noted.pairing.arrive(bio);
};
const work = ({ deferred, pairing }: NotedEngine): void => {
  for (const subject of deferred.splice(0)) pairing.resume?.(subject);
};
const endAll = (noted: NotedEngine, value: number = status.success): void => {
  for (const { owner } of [...noted.requests]) noted.pairing.requestEnded(owner, value);
};

describe("a context", () => {
  it("copies when the last bio has come, in any order, however they were split", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(99)), (picks) => {
        const pick = (n: number): number => (picks.next().value ?? 0) % n;
        const { noted } = started();
        const bios = noted.take();
        for (let i = 0; i < bios.length && bios.length < 12; i++) {
          const { blocks } = noted.rangeOf(bios[i]);
          if (blocks > 1 && pick(2) === 0) bios.push(noted.split(bios[i], 1 + pick(blocks - 1)));
        }
        const order = bios.map((bio) => ({ bio, at: pick(99) })).sort((a, b) => a.at - b.at);
        order.forEach(({ bio }, i) => {
          expect([noted.requests.length, noted.pairing.parkedCount]).toEqual([0, i]);
          noted.pairing.arrive(bio);
        });
        const paired = noted.requests.flatMap(({ blocks }) => blocks);
        expect(paired.map(({ from, to }) => `${from}>${to}`)).toEqual(
          Array.from({ length: 12 }, (_, i) => {
            const lba = 100 * Math.floor(i / 4) + (i % 4);
            return `0:${lba}>0:${500 + i}`;
          }),
        );
        endAll(noted);
        expect(noted.ended).toHaveLength(bios.length);
        expect(contextsOf(noted)).toBe(0);
      }),
    );
  });

  it("ends with those that have come when the last is rejected", () => {
    const { noted } = started();
    const [a, b, c, destination] = noted.take();
    noted.pairing.arrive(a);
    noted.fail(b, status.unmapped);
    noted.pairing.arrive(destination);
    expect(noted.ended).toHaveLength(1);
    noted.fail(c, status.cancelled);
    expect(noted.ended).toHaveLength(4);
    expect(noted.ended.every((end) => end.failed)).toBe(true);
    expect([contextsOf(noted), noted.requests.length]).toEqual([0, 0]);
  });

  it("ends when all are rejected", () => {
    const { noted } = started();
    for (const bio of noted.take()) noted.fail(bio, status.unmapped);
    expect([contextsOf(noted), noted.ended.length]).toEqual([0, 4]);
  });

  it("does not copy to or from a device that went while it waited", () => {
    const { noted } = started();
    const [first, ...others] = noted.take();
    noted.remap(first, 2, 0);
    noted.pairing.arrive(first);
    noted.pairing.removed(2);
    for (const bio of others) noted.pairing.arrive(bio);
    expect(noted.requests).toEqual([]);
    expect(noted.ended.map((end) => end.status)).toEqual(new Array(4).fill(status.removed));
  });

  it.each([0, 2, 3])("fails with its chunk when there is memory for %i bios", (memory) => {
    const noted = notedEngine(translateFirst());
    noted.conditions.memory = memory;
    const chunk = noted.start(three, 500);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
    arriveAll(noted);
    expect([noted.ended.length, contextsOf(noted)]).toEqual([memory, 0]);
  });

  it("translates again when a mapping has changed meanwhile, and not for ever", () => {
    const { noted, reload } = started();
    const [first, ...others] = noted.take();
    noted.remap(first, 1, 1000);
    noted.pairing.arrive(first);
    reload();
    for (const bio of others) noted.pairing.arrive(bio);
    expect(noted.requests).toEqual([]);
    const again = noted.submitted.map(noted.rangeOf).sort((a, b) => a.lba - b.lba);
    expect(again.map(({ device, lba }) => [device, lba])).toEqual([
      [0, 0],
      [0, 100],
      [0, 200],
      [0, 500],
    ]);
    for (let tries = 0; tries < 20 && noted.submitted.length > 0; tries++) {
      reload();
      arriveAll(noted);
    }
    expect(noted.ended.map((end) => end.status)).toEqual(new Array(4).fill(status.aborted));
  });
});

describe("as posted", () => {
  it("a split makes the phase change before the destination has come, which then waits for ever", () => {
    const { noted } = started({ count: "bios" }, three.slice(0, 1));
    const [source, destination] = noted.take();
    const rest = noted.split(source, 2);
    noted.pairing.arrive(source);
    noted.pairing.arrive(rest);
    noted.pairing.arrive(destination);
    expect(noted.requests).toEqual([]);
    expect(noted.ended.map(({ bio }) => bio)).not.toContain(destination);
    expect(contextsOf(noted)).toBe(1);
  });

  it("a copy with one source ends, one with two never does", () => {
    for (const [count, ended] of [
      [1, 2],
      [2, 0],
    ]) {
      const { noted } = started({ contexts: "per-source" }, three.slice(0, count));
      arriveAll(noted);
      endAll(noted);
      expect(noted.ended).toHaveLength(ended);
    }
  });

  it("a rejection as the last event leaves those that have come", () => {
    const { noted } = started({ rejected: "posted" }, three.slice(0, 1));
    const [source, destination] = noted.take();
    work(noted);
    noted.pairing.arrive(source);
    noted.fail(destination, status.unmapped);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([destination]);
    expect(noted.pairing.parkedCount).toBe(1);
  });

  it("a rejection before the last event ends them", () => {
    const { noted } = started({ rejected: "posted" }, three.slice(0, 1));
    const [source, destination] = noted.take();
    noted.fail(source, status.unmapped);
    noted.pairing.arrive(destination);
    work(noted);
    expect(noted.ended).toHaveLength(2);
  });

  it("there is no first bio when all are rejected", () => {
    const { noted } = started({ rejected: "posted" }, three.slice(0, 1));
    for (const bio of noted.take()) noted.fail(bio, status.unmapped);
    expect(() => work(noted)).toThrow("there is none to submit");
  });

  it("what the device says is not looked at", () => {
    const { noted, chunk } = started({ status: "dropped" });
    noted.engine.reported = () => 12;
    arriveAll(noted);
    endAll(noted, status.writeFault);
    expect(noted.reported).toBe(12);
    expect(noted.ended.map((end) => end.status)).toEqual(new Array(4).fill(status.success));
    expect(chunk).toBe(0);
  });

  it("a mapping that changes during the translation is not noticed", () => {
    const { noted, reload } = started({ generation: "none" });
    const [first, ...others] = noted.take();
    noted.remap(first, 1, 1000);
    noted.pairing.arrive(first);
    reload();
    for (const bio of others) noted.pairing.arrive(bio);
    expect(noted.requests[0].blocks[0]).toMatchObject({ from: "1:1000", to: "0:500" });
  });
});
