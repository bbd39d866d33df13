// Goal: lines are those of blkparse, but for what blkparse knows nothing of. Method: lines that blkparse 1.2.0 of Debian
// printed for a binary trace (struct blk_io_trace of linux/blktrace_api.h) that was written for it with the same events.
import { operation, status, type TraceEvent, type TraceKindName } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { blkparse, blkparseLines } from "../src/index.ts";

type Told = [timeMs: number, kind: TraceKindName, subject: number, device: number, ...number[]];

function events(told: readonly Told[]): TraceEvent[] {
  return told.map(([timeMs, kind, subject, device, lba = 0, blocks = 0, detail = 0]) => {
    return { timeMs, kind, subject, device, lba, blocks, detail };
  });
}

/** The lines behind the legend that comes first. */
function linesOf(text: string): string[] {
  expect(text.endsWith("\n")).toBe(true);
  return text.trimEnd().split("\n").slice(1);
}

const captured = `
  0,1    0        1     0.000000000     5  P   N [copy 5]
  0,0    0        2     0.000001000     0  Q   R 1600 + 160 [(null)]
  0,0    0        3     0.000002000     0  X   R 1600 / 1664 [(null)]
  0,1    0        4     0.000003000     0  A   R 800 + 64 <- (0,0) 1600
  0,1    0        5     0.000004000     0  Q   R 800 + 64 [(null)]
  0,1    0        6     0.000005000     0  I   W 65536 + 64 [(null)]
  0,1    0        7     0.000006000     5  U   N [copy 5] 1
  0,1    0        8     0.000007000     0  D   W 65536 + 64 [(null)]
  0,1    0        9     1.023000456     0  R   W 65536 + 64 [15]
  0,1    0       10     1.024000456     0  D   W 65536 + 64 [(null)]
  0,1    0       11    12.345678901     0  C   W 65536 + 64 [0]
  0,1    0        0    12.345679901     0  m   N frozen
  0,1    0       12    12.345680901     0  Q  FN [(null)]
`;

describe("blkparse", () => {
  it("prints what blkparse prints", () => {
    const { read, write, flush } = operation;
    const told = blkparse(
      [
        // Before the first line of the capture: whose bios these are.
        ...events([[0, "copyStart", 5, 0, 0, 1, 1]]),
        ...events([
          [0, "plug", 5, 1],
          [0.001, "bioSubmit", 3, 0, 1600, 160, read],
          [0.002, "bioSplit", 4, 0, 1664, 96, 3],
          [0.003, "bioRemap", 3, 1, 800, 64, 0],
          [0.004, "bioSubmit", 3, 1, 800, 64, read],
          [0.005, "requestInsert", 0, 1, 65536, 64, write],
          [0.006, "unplug", 5, 1],
          [0.007, "commandIssue", 0, 1, 65536, 64, 0],
          [1023.000456, "requestRequeue", 1, 1, 65536, 64, status.busy],
          [1024.000456, "commandIssue", 0, 1, 65536, 64, 0],
          [12345.678901, "requestEnd", 1, 1, 65536, 64, 0],
          [12345.679901, "freeze", 1, 1, 0, 0, 1],
          [12345.680901, "bioSubmit", 9, 1, 0, 0, flush],
        ]),
      ],
      { bytesPerBlock: 512 },
    );
    // Where blkparse has the number of an error, there is a name.
    const expected = captured.replace("[15]", "[busy]").split("\n").slice(1, -1);
    expect(linesOf(told).slice(1)).toEqual(expected);
  });

  it("counts sectors of 512 bytes", () => {
    const told = blkparse(events([[0, "requestSource", 0, 2, 10, 3, 0]]), { bytesPerBlock: 4096 });
    expect(linesOf(told)).toEqual(["  0,2    0        1     0.000000000     0  j   N 80 + 24 (0)"]);
  });

  it("tells the two halves of a copy and what becomes of them", () => {
    const { source, destination } = operation;
    const told = blkparse(
      events([
        [0, "copyStart", 0, 0, 64, 8, 1],
        [0, "bioSubmit", 0, 0, 0, 8, source],
        [0, "bioPark", 0, 0, 0, 8, source],
        [0, "bioSubmit", 1, 0, 64, 8, destination],
        [0, "bioDefer", 1, 0, 64, 8, destination],
        [0, "bioPair", 2, 0, 64, 8, 1],
        [0, "requestSource", 2, 0, 0, 8, 0],
        [0, "requestInsert", 2, 0, 64, 8, operation.copy],
        [0, "commandIssue", 7, 0, 64, 8, 1],
        [0, "commandComplete", 7, 0, 64, 8, status.timeout],
        [0, "requestEnd", 2, 0, 64, 8, status.timeout],
        [0, "bioEnd", 1, 0, 64, 8, status.timeout],
        [0, "copyEnd", 0, 0, 64, 8, status.timeout],
      ]),
      { bytesPerBlock: 512, time: "steps" },
    );
    expect(linesOf(told).map((line) => line.slice(20))).toEqual([
      "    0.000000000     0  m   N copy 0 begins: 1 range to block 64+8",
      "    0.000001000     0  Q  RC 0 + 8 [copy 0]",
      "    0.000002000     0  H  RC 0 + 8 [copy 0]",
      "    0.000003000     0  Q  WC 64 + 8 [copy 0]",
      "    0.000004000     0  Z  WC 64 + 8 [copy 0]",
      "    0.000005000     0  J   C 64 + 8 (1)",
      "    0.000006000     0  j   C 0 + 8 (0)",
      "    0.000007000     0  I   C 64 + 8 [copy 0]",
      "    0.000008000     0  D   C 64 + 8 [copy 0]",
      "    0.000009000     0  d   C 64 + 8 [timeout]",
      "    0.000010000     0  C   C 64 + 8 [timeout]",
      "    0.000011000     0  q  WC 64 + 8 [timeout]",
      "    0.000012000     0  m   N copy 0 ends: timeout",
    ]);
  });

  it("names a copy only where it is certain whose a bio is", () => {
    const { source, destination } = operation;
    const told = blkparse(
      events([
        [0, "copyStart", 0, 0, 64, 8, 1],
        [0, "copyStart", 1, 0, 128, 8, 1],
        [0, "bioSubmit", 0, 0, 0, 8, source],
        [0, "bioSubmit", 1, 0, 128, 8, destination],
      ]),
      { bytesPerBlock: 512 },
    );
    const [, , source0, destination1] = linesOf(told);
    expect(source0).toMatch(/ {4}0 {2}Q {2}RC 0 \+ 8 \[\(null\)\]$/);
    expect(destination1).toMatch(/ {4}1 {2}Q {2}WC 128 \+ 8 \[copy 1\]$/);
  });

  it("takes what does not add up, and numbers that are no names", () => {
    const strange = { ...events([[0, "remove", 0, -1]])[0], kind: "invented" } as never;
    const told = blkparse(
      [
        strange,
        ...events([
          [Number.NaN, "bioEnd", 3, 0, 8, 8, 99],
          [-5, "bioRemap", 3, 1, 8, 8, 0],
          [2, "storeCopy", 1, -1, 8, 8, 7],
          [1, "bioSplit", 4, 0, 8, 8, 77],
        ]),
      ],
      { bytesPerBlock: 512 },
    );
    expect(linesOf(told)).toEqual([
      '  0,0    0        0     0.000000000     0  m   N unknown kind of event "invented"',
      "  0,0    0        1     0.000000000     0  q   N 8 + 8 [status 99]",
      "  0,1    0        2     0.000000000     0  A   N 8 + 8 <- (0,0) ?",
      "  0,0    0        0     0.002000000     0  m   N namespace 1 copies to block 8+8 by means 7",
      "  0,0    0        3     0.002000000     0  X   N ? / 8 [(null)]",
    ]);
  });

  it.each([0, 520, -512, Number.NaN])("refuses blocks of %d bytes", (bytesPerBlock) => {
    expect(() => blkparseLines({ bytesPerBlock })).toThrow(RangeError);
  });
});
