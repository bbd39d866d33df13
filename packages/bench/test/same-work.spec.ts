import { describe, expect, it } from "vitest";
import { runPairingCase } from "../src/cases/pairing-case.ts";
import { planEncode } from "../src/cases/plan-encode.ts";
import { strategies } from "../src/cases/strategies.ts";
import { wholePath } from "../src/cases/whole-path.ts";
import { copyLoads } from "../src/workload/copy-load.ts";

/*
 * Goal: what is compared does the same work. Method: the sums over all encoded bytes that the C programs print
 * (c/plan.c and c/pairing.c, gcc 12.2), beside those of the encoder alone, of every strategy, and of pairing.
 */
const sums: Readonly<Record<string, string>> = {
  "1 range": "e75a4367",
  "8 ranges": "f8c9c07c",
  "128 ranges": "929f35c3",
};

describe.each(copyLoads)("$name", (load) => {
  it("is encoded as C encodes it", () => {
    expect(planEncode(load).checksum()).toBe(sums[load.name]);
  });

  it.each(Object.entries(strategies))("is encoded as C encodes it, after %s", (_name, strategy) => {
    expect(wholePath(load, strategy()).checksum()).toBe(sums[load.name]);
  });
});

describe("pairing alone", () => {
  it.each([
    ["list-token", "adjacent", "06c22285"],
    ["list-token", "blocks", "06c22285"],
    ["list-token", "shuffled", "ee3a4285"],
    ["source-list", "adjacent", "06c22285"],
    ["source-list", "shuffled", "9d806285"],
  ] as const)("makes the pairs of C: %s, %s", (strategy, order, sum) => {
    const { checksum } = runPairingCase({ kind: "pairing", strategy, order, seconds: 0 });
    expect(checksum).toBe(sum);
  });
});
