import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { operation, status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { twoEndedDescent } from "../src/index.ts";

/*
 * Goal: what a bio has found out about its source is what its destination is copied from. Method: a test plays the stack; the
 * ranges of a copy bio are split by the engine, which the engine's own tests show.
 */
const two = [
  { lba: 0, blocks: 4 },
  { lba: 100, blocks: 4 },
];

function started(generations: "checked" | "none" = "checked", memory = Number.POSITIVE_INFINITY) {
  const noted = notedEngine(twoEndedDescent({ generation: generations }));
  let generation = 0;
  noted.engine.mappingGeneration = () => generation;
  const accounted: [number, number, number][] = [];
  noted.engine.account = (_chunk, ...part) => void accounted.push(part);
  noted.conditions.memory = memory;
  const chunk = noted.start(two, 50);
  return { noted, chunk, accounted, reload: () => generation++ };
}

function arriveAll(noted: NotedEngine, by: number): void {
  for (const bio of noted.take()) {
    noted.remap(bio, 1, by);
    noted.pairing.arrive(bio);
  }
}

const placesOf = ({ requests }: NotedEngine): string[] =>
  requests.map(({ blocks }) => `${blocks[0].from}>${blocks[0].to} (${blocks.length})`);

describe("a bio", () => {
  it("turns at the bottom and descends again", () => {
    const { noted } = started();
    const bios = [...noted.submitted];
    expect(bios).toHaveLength(noted.pairing.biosOf(2));
    arriveAll(noted, 1000);
    expect(noted.submitted).toEqual(bios);
    expect(bios.map((bio) => noted.engine.bios.row(bio))).toMatchObject([
      { operation: operation.copy, device: 0, lba: 50, blocks: 4, ranges: 1 },
      { operation: operation.copy, device: 0, lba: 54, blocks: 4, ranges: 1 },
    ]);
    arriveAll(noted, 2000);
    expect(placesOf(noted)).toEqual(["1:1000>1:2050 (4)", "1:1100>1:2054 (4)"]);
    noted.pairing.requestEnded(bios[0], status.success);
    noted.pairing.requestEnded(bios[1], status.writeFault);
    expect(noted.ended.map((end) => end.status)).toEqual([0, status.writeFault]);
  });

  it("turns with its own part where it was split", () => {
    const { noted } = started();
    const [first, second] = noted.take();
    noted.submitted.push(noted.split(first, 1), second, first);
    arriveAll(noted, 1000);
    arriveAll(noted, 2000);
    expect(placesOf(noted)).toEqual([
      "1:1001>1:2051 (3)",
      "1:1100>1:2054 (4)",
      "1:1000>1:2050 (1)",
    ]);
  });

  it("ends at once when its source is out of reach of its destination", () => {
    const { noted } = started();
    noted.engine.pair = () => 0;
    arriveAll(noted, 0);
    arriveAll(noted, 0);
    expect(noted.ended).toHaveLength(2);
  });

  it("that is rejected has its blocks accounted, by the strategy until it has turned", () => {
    const { noted, accounted } = started();
    const [first, second] = noted.take();
    noted.fail(first, status.unmapped);
    noted.pairing.arrive(second);
    noted.fail(second, status.unmapped);
    expect(accounted).toEqual([[0, 4, status.unmapped]]);
    expect(noted.ended).toHaveLength(2);
  });

  it("there is no memory for is accounted as well", () => {
    expect(started("checked", 1).accounted).toEqual([[4, 4, status.exhausted]]);
    const none = started("checked", 0);
    expect(none.noted.failedChunks).toEqual([{ chunk: none.chunk, status: status.exhausted }]);
  });
});

describe("a mapping that changes during the descent", () => {
  it("sends the bio back to its source", () => {
    const { noted, reload } = started();
    arriveAll(noted, 1000);
    reload();
    arriveAll(noted, 2000);
    expect(noted.requests).toEqual([]);
    expect(noted.submitted.map((bio) => noted.engine.bios.row(bio))).toMatchObject([
      { operation: operation.source, device: 0, lba: 0, window: -1 },
      { operation: operation.source, device: 0, lba: 100, window: -1 },
    ]);
    arriveAll(noted, 2000);
    arriveAll(noted, 2000);
    expect(placesOf(noted)).toEqual(["1:2000>1:2050 (4)", "1:2100>1:2054 (4)"]);
  });

  it("is not noticed when nobody asks", () => {
    const { noted, reload } = started("none");
    arriveAll(noted, 1000);
    reload();
    arriveAll(noted, 2000);
    expect(placesOf(noted)[0]).toBe("1:1000>1:2050 (4)");
  });
});
