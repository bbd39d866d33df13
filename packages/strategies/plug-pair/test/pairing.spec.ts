import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { halfRequestTable, type PlugPairOptions, plugPair } from "../src/index.ts";

/*
 * Goal: halves of one copy meet in the plug, or in the software queue until it runs; what is alone then is refused, and nothing
 * waits. Method: a test plays submitters, plugs and queues, in the order of the steps of v20 02/12
 * (20240520102033.9361-3-nj.shetty@samsung.com).
 */
const one = [{ lba: 0, blocks: 8 }];

/** A copy of eight blocks to 50 by submitter 0 with its plug in, halves taken. */
function copied(options: PlugPairOptions = {}) {
  const noted = notedEngine(plugPair(options));
  noted.conditions.plugged.add(0);
  const chunk = noted.start(one, 50);
  const [first, second] = noted.take();
  return { noted, chunk, first, second };
}

/** The plug of a submitter is flushed; `isOut` when it is also taken out. */
function flush(noted: NotedEngine, lane: number, isOut = false): void {
  if (isOut) noted.conditions.plugged.delete(lane);
  noted.pairing.unplugged?.(lane);
}

const rowsOf = (noted: NotedEngine): number => noted.state.table(halfRequestTable).used;
const places = (noted: NotedEngine): string[] =>
  noted.requests.map(({ blocks }) => `${blocks[0].from} ${blocks[0].to} ${blocks.length}`);

describe("two halves", () => {
  it.each([
    ["destination", "0:50", "0:0"],
    ["source", "0:0", "0:50"],
  ] as const)("are submitted %s first and meet in the plug", (first, one_, other) => {
    const { noted, first: a, second: b } = copied({ first });
    expect([a, b].map((bio) => `0:${noted.rangeOf(bio).lba}`)).toEqual([one_, other]);
    noted.pairing.arrive(a);
    expect([noted.requests.length, noted.pairing.parkedCount, noted.runs]).toEqual([0, 1, []]);
    noted.pairing.arrive(b);
    expect(places(noted)).toEqual(["0:0 0:50 8"]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.ended).toEqual([
      { bio: a, failed: false, status: 0 },
      { bio: b, failed: false, status: 0 },
    ]);
    expect(rowsOf(noted)).toBe(0);
  });

  it("meet in the software queue when the plug was flushed between them", () => {
    const { noted, first, second } = copied();
    noted.pairing.arrive(first);
    flush(noted, 0);
    expect(noted.runs).toEqual([0]);
    noted.pairing.arrive(second);
    expect(places(noted)).toEqual(["0:0 0:50 8"]);
    noted.pairing.dispatching?.(0);
    expect(noted.ended).toEqual([]);
  });

  it("are refused one by one when the queue runs between them", () => {
    const { noted, first, second } = copied();
    noted.pairing.arrive(first);
    flush(noted, 0);
    noted.pairing.dispatching?.(0);
    expect(noted.ended).toEqual([{ bio: first, failed: true, status: status.aborted }]);
    noted.pairing.arrive(second);
    flush(noted, 0, true);
    noted.pairing.dispatching?.(0);
    expect(noted.ended.at(-1)).toEqual({ bio: second, failed: true, status: status.aborted });
    expect([noted.requests, rowsOf(noted)]).toEqual([[], 0]);
  });

  it("that come without a plug meet in either order", () => {
    const { noted, first, second } = copied();
    for (const half of [first, second]) noted.engine.bios.columns.lane[half] = -1;
    noted.pairing.arrive(second);
    expect(noted.runs).toEqual([0]);
    noted.pairing.arrive(first);
    expect(places(noted)).toEqual(["0:0 0:50 8"]);
  });

  it("at different devices never meet", () => {
    const { noted, first, second } = copied();
    noted.remap(second, 1, 0);
    noted.pairing.arrive(first);
    noted.pairing.arrive(second);
    flush(noted, 0, true);
    noted.pairing.dispatching?.(0);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([first]);
    noted.pairing.dispatching?.(1);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([first, second]);
    expect(plugPair().supports.under.crossDevice).toBe("refuses");
  });

  it("of another length or place do not belong together", () => {
    const { noted, first, second } = copied();
    const rests = [noted.split(first, 4), noted.split(second, 3)];
    for (const half of [first, second, ...rests]) noted.pairing.arrive(half);
    flush(noted, 0, true);
    noted.pairing.dispatching?.(0);
    expect(noted.requests).toEqual([]);
    expect(noted.ended).toHaveLength(4);
  });

  it("cut at the same places are pairs of parts", () => {
    const { noted, first, second } = copied();
    const rests = [noted.split(first, 4), noted.split(second, 4)];
    for (const half of [first, rests[0], second, rests[1]]) noted.pairing.arrive(half);
    expect(places(noted)).toEqual(["0:0 0:50 4", "0:4 0:54 4"]);
  });

  it("end with the last of their requests, which may be none", () => {
    const { noted, first, second } = copied();
    noted.engine.pair = () => 0;
    noted.pairing.arrive(first);
    noted.pairing.arrive(second);
    expect(noted.ended.map(({ failed }) => failed)).toEqual([false, false]);
    expect(rowsOf(noted)).toBe(0);
  });
});

describe("a half that waits", () => {
  it("ends when its copy is cancelled", () => {
    const { noted, chunk, first } = copied();
    noted.pairing.arrive(first);
    noted.pairing.cancel(chunk + 1, status.cancelled);
    expect(noted.ended).toEqual([]);
    noted.pairing.cancel(chunk, status.cancelled);
    expect(noted.ended).toEqual([{ bio: first, failed: true, status: status.cancelled }]);
    flush(noted, 0, true);
    expect([noted.runs, rowsOf(noted)]).toEqual([[], 0]);
  });

  it("ends when its device is removed, wherever in the queue it is", () => {
    const noted = notedEngine(plugPair(), 3);
    for (const place of [50, 60, 70]) noted.start(one, place);
    const firsts = noted.take().filter((_, i) => i % 2 === 0);
    noted.remap(firsts[1], 1, 0);
    for (const half of firsts) noted.pairing.arrive(half);
    noted.pairing.removed(0);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([firsts[0], firsts[2]]);
    noted.pairing.removed(1);
    expect(rowsOf(noted)).toBe(0);
  });

  it("is refused in the end when its partner failed on its way", () => {
    const { noted, first, second } = copied();
    noted.pairing.arrive(first);
    noted.fail(second, status.unmapped);
    flush(noted, 0, true);
    noted.pairing.dispatching?.(0);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([second, first]);
  });
});

describe("without memory", () => {
  it.each([
    ["no bio", "destination", 0],
    ["one bio", "destination", 1],
    ["one bio, the source", "source", 1],
  ] as const)("for more than %s a chunk fails as a whole", (_words, first, memory) => {
    const noted = notedEngine(plugPair({ first }));
    noted.conditions.memory = memory;
    const chunk = noted.start(one, 50);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
    expect(noted.submitted).toEqual([]);
    expect(noted.ended).toHaveLength(memory);
    expect(noted.ended.every(({ failed }) => !failed)).toBe(true);
  });
});
