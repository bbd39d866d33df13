import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { plugPair } from "../src/index.ts";

describe("plug-pair", () => {
  strategySuite({ describe, it, make: () => plugPair(), judge: strategyJudge });
});
