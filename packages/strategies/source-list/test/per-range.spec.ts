import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { type SourceListOptions, sourceList } from "../src/index.ts";

/*
 * Goal: bios of one range each become as few requests as their destinations and the plug allow. Method: a test plays submitter
 * and stack.
 */
const three = [
  { lba: 0, blocks: 2 },
  { lba: 100, blocks: 2 },
  { lba: 200, blocks: 2 },
];

function started(options: SourceListOptions = {}, sources = three) {
  const noted = notedEngine(sourceList({ bio: "per-range", ...options }));
  noted.conditions.plugged.add(0);
  const chunk = noted.start(sources, 50);
  return { noted, chunk };
}

const arriveAll = (noted: NotedEngine): void => {
  for (const bio of noted.take()) noted.pairing.arrive(bio);
};
const sizesOf = ({ requests }: NotedEngine): number[] =>
  requests.map(({ blocks }) => blocks.length);

describe("bios of one range", () => {
  it("are one request when the plug is taken out", () => {
    const { noted } = started();
    expect(noted.submitted).toHaveLength(noted.pairing.biosOf(3));
    arriveAll(noted);
    expect([noted.requests.length, noted.pairing.parkedCount, noted.held[0]]).toEqual([0, 3, 1]);
    noted.pairing.unplugged?.(0);
    expect(noted.requests[0].blocks.map(({ from, to }) => `${from}>${to}`)).toEqual([
      "0:0>0:50",
      "0:1>0:51",
      "0:100>0:52",
      "0:101>0:53",
      "0:200>0:54",
      "0:201>0:55",
    ]);
    expect([noted.requests.length, noted.pairing.parkedCount, noted.held[0]]).toEqual([1, 0, 0]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.writeFault);
    expect(noted.ended.map((end) => end.status)).toEqual(new Array(3).fill(status.writeFault));
  });

  it.each(["no plug", "no merges"])("are a request each with %s", (what) => {
    const { noted } = started();
    if (what === "no plug") noted.conditions.plugged.clear();
    else noted.conditions.merges = false;
    arriveAll(noted);
    expect(sizesOf(noted)).toEqual([2, 2, 2]);
  });

  it("do not join where the destination goes on elsewhere", () => {
    const { noted } = started();
    const [first, second, third] = noted.take();
    noted.remap(third, 0, 1000);
    for (const bio of [first, second, third]) noted.pairing.arrive(bio);
    noted.pairing.unplugged?.(0);
    expect(sizesOf(noted)).toEqual([4, 2]);
  });

  it("do not join those of another chunk", () => {
    const { noted } = started({}, three.slice(0, 1));
    noted.start(three.slice(1), 52);
    arriveAll(noted);
    noted.pairing.unplugged?.(0);
    expect(sizesOf(noted)).toEqual([2, 4]);
  });

  it("that wait go with their device", () => {
    const { noted } = started();
    arriveAll(noted);
    noted.pairing.removed(1);
    expect(noted.ended).toEqual([]);
    noted.pairing.removed(0);
    expect(noted.ended.map((end) => [end.failed, end.status])).toEqual(
      new Array(3).fill([true, status.removed]),
    );
    noted.pairing.unplugged?.(0);
    expect([noted.requests.length, noted.held[0]]).toEqual([0, 0]);
  });

  it("there is no memory for are accounted", () => {
    const noted = notedEngine(sourceList({ bio: "per-range" }));
    const accounted: unknown[] = [];
    noted.engine.account = (_chunk, ...part) => void accounted.push(part);
    noted.conditions.memory = 1;
    noted.start(three, 50);
    expect(accounted).toEqual([[2, 4, status.exhausted]]);
    noted.conditions.memory = 0;
    const chunk = noted.start(three, 90);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
  });
});

describe("sources that are joined", () => {
  // The second follows the first, the third does not, but would if the one before were as long as it is.
  const sources = [
    { lba: 0, blocks: 1 },
    { lba: 1, blocks: 2 },
    { lba: 5, blocks: 4 },
  ];
  const placesOf = (joined: SourceListOptions["sources"]): string[] => {
    const noted = notedEngine(sourceList({ sources: joined }));
    noted.start(sources, 50);
    arriveAll(noted);
    return noted.requests[0].blocks.map(({ from }) => from);
  };
  const right = [0, 1, 2, 5, 6, 7, 8].map((lba) => `0:${lba}`);

  it("rightly, are the same blocks", () => {
    expect(placesOf("kept")).toEqual(right);
    expect(placesOf("joined")).toEqual(right);
  });

  it("as posted, are others", () => {
    // bvec_try_merge_copy_src: 0+2 is not 1, but 1+4 is 5, so that blocks 5 to 8 are read behind block 2.
    expect(placesOf("posted")).toEqual([0, 1, 2, 3, 4, 5, 6].map((lba) => `0:${lba}`));
  });
});
