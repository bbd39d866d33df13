import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { translateFirst } from "../src/index.ts";

describe("translate-first", () => {
  strategySuite({ describe, it, make: () => translateFirst(), judge: strategyJudge });
});
