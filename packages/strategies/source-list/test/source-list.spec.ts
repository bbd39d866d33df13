import { notedEngine } from "@blockferry/conformance/strategy-engine";
import { operation, status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { sourceList } from "../src/index.ts";

/*
 * Goal: one bio for a chunk, which takes the chunk's window over, and ends with the last of its requests. Method: an engine
 * that only notes what it is asked; 2^32 + 7 is an address of two words.
 */
const sources = [
  { lba: 100, blocks: 2 },
  { lba: 50, blocks: 1 },
];
const destination = 2 ** 32 + 7;

function noted(requestsOfEach = 1) {
  const noted = notedEngine(sourceList());
  const { pair } = noted.engine;
  noted.engine.pair = (...words) => {
    const made = pair(...words);
    return requestsOfEach === 1 ? made : requestsOfEach;
  };
  const chunk = noted.start(sources, destination);
  const [bio] = noted.take();
  return { ...noted, chunk, bio };
}

describe("a chunk", () => {
  it("is one bio with all its ranges", () => {
    const { engine, pairing, chunk, bio } = noted();
    expect(pairing.biosOf(200)).toBe(1);
    expect(engine.bios.row(bio)).toMatchObject({
      operation: operation.copy,
      lba: 4294967303,
      blocks: 3,
      offset: 0,
      ranges: 2,
    });
    expect(engine.chunks.columns.window[chunk]).toBe(-1);
  });

  it("is paired as it arrives, and hands its window on", () => {
    const { engine, pairing, requests, chunk, bio } = noted();
    pairing.arrive(bio);
    expect(requests).toEqual([
      {
        chunk,
        owner: bio,
        blocks: [
          { from: "0:100", to: "0:4294967303", place: 0 },
          { from: "0:101", to: "0:4294967304", place: 1 },
          { from: "0:50", to: "0:4294967305", place: 2 },
        ],
      },
    ]);
    expect(engine.bios.columns.window[bio]).toBe(-1);
    expect(pairing.parkedCount).toBe(0);
  });

  it.each([1, 3])("ends with the last of %i requests", (requests) => {
    const { pairing, bio, ended } = noted(requests);
    pairing.arrive(bio);
    for (let i = 1; i < requests; i++) pairing.requestEnded(bio, status.success);
    expect(ended).toEqual([]);
    pairing.requestEnded(bio, status.writeFault);
    expect(ended).toEqual([{ bio, failed: false, status: status.writeFault }]);
  });

  it("ends at once when nothing of it was within reach", () => {
    const { pairing, bio, ended } = noted(0);
    pairing.arrive(bio);
    expect(ended).toEqual([{ bio, failed: false, status: status.success }]);
  });

  it("fails as a whole when there is no memory for its bio", () => {
    const noted = notedEngine(sourceList());
    noted.conditions.memory = 0;
    const chunk = noted.start(sources, destination);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
    expect(noted.submitted).toEqual([]);
  });
});
