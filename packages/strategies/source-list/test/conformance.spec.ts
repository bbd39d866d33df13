import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { sourceList } from "../src/index.ts";

describe("source-list", () => {
  strategySuite({ describe, it, make: () => sourceList(), judge: strategyJudge });
});
