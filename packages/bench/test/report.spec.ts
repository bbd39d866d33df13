import { describe, expect, it } from "vitest";
import { interleave } from "../src/measure/rounds.ts";
import { row } from "../src/report/document.ts";
import { documentText } from "../src/report/text.ts";

describe("interleave", () => {
  it("gives everybody a turn in each round, and ratios of rounds", async () => {
    const turns: string[] = [];
    const values = { a: [1, 30, 5], b: [2, 10, 5] };
    const turn = (name: "a" | "b") => () => {
      turns.push(name);
      return values[name].shift() as number;
    };
    const { medians, ratio } = await interleave({ a: turn("a"), b: turn("b") }, 3);
    expect(turns.join("")).toBe("ababab");
    expect(medians).toEqual({ a: 5, b: 5 });
    expect(ratio("a", "b")).toBe(1);
    expect(ratio("b", "a")).toBe(1);
  });
});

describe("rows", () => {
  const common = { part: "part", what: "what", unit: "s", ours: 2 };

  it("judge the ratio where there is one, else what is ours", () => {
    expect(row({ ...common, ratio: 0.5, goal: { atLeast: 0.6 } }).isMet).toBe(false);
    expect(row({ ...common, ratio: 0.6, goal: { atLeast: 0.6 } }).isMet).toBe(true);
    expect(row({ ...common, goal: { atMost: 1 } }).isMet).toBe(false);
    expect(row(common).isMet).toBeUndefined();
  });

  it("are printed part by part, and goals counted", () => {
    const text = documentText({
      schema: "blockferry-bench/1",
      machine: {
        cpu: "cpu",
        cpus: 2,
        memoryBytes: 1,
        kernel: "6",
        node: "v20",
        compiler: "gcc",
        loadAverage: 0,
      },
      quick: true,
      seconds: 1,
      rows: [
        row({ ...common, peerName: "cp", peer: 4, ratio: 2, goal: { atLeast: 1 } }),
        row({ ...common, part: "other", ours: 1_500_000, unit: "/s", goal: { atMost: 1 } }),
      ],
      skipped: ["xfs: mounting needs root"],
    });
    expect(text).toMatch(/^part$[\s\S]*what +2\.00 s +4\.00 +cp +2\.00 +>= 1 +met$/m);
    expect(text).toMatch(/^other$[\s\S]*1\.50 M \/s/m);
    expect(text).toContain("xfs: mounting needs root");
    expect(text).toContain("1 of 2 goals met");
  });
});
