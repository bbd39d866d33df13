// Goal: a plan reads as the command lines of sg_xcopy and ddpt that copy the same blocks.
// Expected lines by the synopses of sg_xcopy(8) of sg3_utils 1.46 and ddpt(8) 0.97, and their sections XCOPY, ODX and SCATTER
// GATHER LISTS.
import type { CopySegment } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { ddptTokenLines, ddptXcopyLines } from "../src/ddpt.ts";
import { sgXcopyLines } from "../src/sg-xcopy.ts";

const options = { bytesPerBlock: 512, nodeOf: (device: number) => `/dev/sg${device}` };

function segment(from: number, source: number, destination: number, blocks: number): CopySegment {
  return {
    source: { device: from, lba: source },
    destination: { device: 1, lba: destination },
    blocks,
  };
}

const segments = [segment(0, 256, 1024, 64), segment(0, 320, 1088, 8), segment(1, 0, 1096, 1)];

describe("a plan", () => {
  it("is a line of sg_xcopy for each segment, not cut smaller and sent to the destination", () => {
    expect(sgXcopyLines(segments, options)).toEqual([
      "sg_xcopy if=/dev/sg0 of=/dev/sg1 bs=512 count=64 skip=256 seek=1024 bpt=64 --on_dst",
      "sg_xcopy if=/dev/sg0 of=/dev/sg1 bs=512 count=8 skip=320 seek=1088 bpt=8 --on_dst",
      "sg_xcopy if=/dev/sg1 of=/dev/sg1 bs=512 count=1 skip=0 seek=1096 bpt=1 --on_dst",
    ]);
  });

  it("is a line of ddpt for each segment of EXTENDED COPY", () => {
    expect(ddptXcopyLines([segments[0]], { ...options, bytesPerBlock: 4096 })).toEqual([
      "ddpt --xcopy if=/dev/sg0 of=/dev/sg1 bs=4096 count=64 skip=256 seek=1024 bpt=64",
    ]);
  });

  it("is a line of ddpt for each run of one source unit, lists joined where ranges meet", () => {
    const more = [segment(0, 256, 1024, 64), segment(0, 4096, 1088, 8), segment(1, 9, 1096, 1)];
    expect(ddptTokenLines(more, options)).toEqual([
      "ddpt --odx if=/dev/sg0 of=/dev/sg1 bs=512 skip=256,64,4096,8 seek=1024,72",
      "ddpt --odx if=/dev/sg1 of=/dev/sg1 bs=512 skip=9,1 seek=1096,1",
    ]);
    expect(ddptTokenLines(segments.slice(0, 2), options)).toEqual([
      "ddpt --odx if=/dev/sg0 of=/dev/sg1 bs=512 skip=256,72 seek=1024,72",
    ]);
  });

  it("of nothing is no line", () => {
    expect([
      ...sgXcopyLines([], options),
      ...ddptXcopyLines([], options),
      ...ddptTokenLines([], options),
    ]).toEqual([]);
  });
});
