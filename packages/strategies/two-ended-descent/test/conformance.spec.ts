import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { twoEndedDescent } from "../src/index.ts";

describe("two-ended-descent", () => {
  strategySuite({ describe, it, make: () => twoEndedDescent(), judge: strategyJudge });
});
