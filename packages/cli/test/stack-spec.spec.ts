// Goal: layers are read as their grammar says, and bad ones are refused by what is wrong with them.
import { describe, expect, it } from "vitest";
import { parseStackSpec } from "../src/parse/stack-spec.ts";

describe("parseStackSpec", () => {
  it.each([
    [
      "partition:2048+100000",
      { kind: "partition", part: { device: "top", range: { lba: 2048, blocks: 100000 } } },
    ],
    [
      "linear:0+1000,ns2@5000+1000,ns3",
      {
        kind: "linear",
        parts: [
          { device: "top", range: { lba: 0, blocks: 1000 } },
          { device: "ns2", range: { lba: 5000, blocks: 1000 } },
          { device: "ns3" },
        ],
      },
    ],
    [
      "striped:64KiB,ns1,top@0-1023",
      {
        kind: "striped",
        stripeBlocks: 128,
        parts: [{ device: "ns1" }, { device: "top", range: { lba: 0, blocks: 1024 } }],
      },
    ],
  ])("%s", (text, spec) => {
    expect(parseStackSpec(text, 512)).toEqual(spec);
  });

  it.each([
    ["", "FERRY_STACK_SYNTAX"],
    ["liner:0+1", "FERRY_STACK_SYNTAX"],
    ["linear:", "FERRY_STACK_SYNTAX"],
    ["linear", "FERRY_STACK_SYNTAX"],
    ["linear:0+1,", "FERRY_STACK_SYNTAX"],
    ["partition:0+1,2+1", "FERRY_STACK_SYNTAX"],
    ["striped:0,0+1,2+1", "FERRY_STACK_SYNTAX"],
    ["striped:128,0+4096", "FERRY_STACK_SYNTAX"],
    ["linear:5", "FERRY_RANGE_SYNTAX"],
    ["linear:0+0", "FERRY_RANGE_EMPTY"],
    ["linear:nsx@0+1", "FERRY_SIZE_SYNTAX"],
  ])("refuses %j with %s", (text, code) => {
    expect(() => parseStackSpec(text, 512)).toThrow(expect.objectContaining({ code }));
  });
});
