import { bioTable, chunkTable, operation, type StrategyEngine, status } from "@blockferry/core";
import { State } from "@blockferry/core/table";
import { describe, expect, it } from "vitest";
import { sourceList } from "../src/index.ts";

/*
 * Goal: one bio for a chunk, which takes the chunk's window over, and ends with the last of its requests. Method: an engine
 * that only notes what it is asked.
 */
function noted(requestsOfEach: number) {
  const strategy = sourceList();
  const bioRows = bioTable();
  const chunkRows = chunkTable();
  const state = new State().add(bioRows, 4).add(chunkRows, 1);
  const capacity = { bios: 4, chunks: 1, requests: 4, windowRanges: 4, lanes: 1, devices: 1 };
  strategy.declare(state, capacity);
  state.seal();
  const bios = state.table(bioRows);
  const chunks = state.table(chunkRows);
  const submitted: number[] = [];
  const pairs: number[][] = [];
  const ended: number[][] = [];
  const engine: StrategyEngine = {
    bios,
    chunks,
    windows: new Int32Array(64),
    windowRanges: 4,
    allocateWindow: () => -1,
    freeWindow: () => {},
    allocateBio(chunk, kind) {
      const bio = bios.allocate();
      bios.columns.operation[bio] = kind;
      bios.columns.device[bio] = 5;
      bios.columns.chunk[bio] = chunk;
      return bio;
    },
    submit: (bio) => submitted.push(bio),
    endBio: (...end) => ended.push(end),
    failBio: () => {},
    pair(...pair) {
      pairs.push(pair);
      return requestsOfEach;
    },
    reaches: () => true,
    account: () => {},
    parked: () => {},
    failChunk: () => {},
    defer: () => {},
    plugOf: () => -1,
    runQueue: () => {},
    merges: () => true,
    hasElevator: () => false,
    mappingGeneration: () => 0,
    holdQueue: () => {},
    releaseQueue: () => {},
    report: () => {},
    reported: () => 0,
  };
  const chunk = chunks.allocate();
  chunks.columns.lbaLow[chunk] = 7;
  chunks.columns.lbaHigh[chunk] = 1;
  chunks.columns.blocks[chunk] = 30;
  chunks.columns.window[chunk] = 3;
  chunks.columns.ranges[chunk] = 2;
  const pairing = strategy.attach(engine, state);
  pairing.start(chunk);
  return { pairing, bios, chunks, chunk, submitted, pairs, ended };
}

describe("a chunk", () => {
  it("is one bio with all its ranges", () => {
    const { pairing, bios, chunks, chunk, submitted } = noted(1);
    expect(submitted).toHaveLength(pairing.biosOf(200));
    // 7 + 2^32
    expect(bios.row(submitted[0])).toMatchObject({
      operation: operation.copy,
      lba: 4294967303,
      blocks: 30,
      offset: 0,
      window: 3,
      ranges: 2,
    });
    expect(chunks.columns.window[chunk]).toBe(-1);
  });

  it("is paired as it arrives, and hands its window on", () => {
    const { pairing, bios, chunk, submitted, pairs } = noted(1);
    const [bio] = submitted;
    pairing.arrive(bio);
    expect(pairs).toEqual([[chunk, 5, 7, 1, 0, 3, 2, bio]]);
    expect(bios.columns.window[bio]).toBe(-1);
    expect(pairing.parkedCount).toBe(0);
  });

  it.each([1, 3])("ends with the last of %i requests", (requests) => {
    const { pairing, submitted, ended } = noted(requests);
    const [bio] = submitted;
    pairing.arrive(bio);
    for (let i = 1; i < requests; i++) pairing.requestEnded(bio, status.success);
    expect(ended).toEqual([]);
    pairing.requestEnded(bio, status.writeFault);
    expect(ended).toEqual([[bio, status.writeFault]]);
  });

  it("ends at once when nothing of it was within reach", () => {
    const { pairing, submitted, ended } = noted(0);
    pairing.arrive(submitted[0]);
    expect(ended).toEqual([[submitted[0], status.success]]);
  });
});
