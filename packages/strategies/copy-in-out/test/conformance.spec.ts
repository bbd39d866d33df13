import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { copyInOut } from "../src/index.ts";

describe("copy-in-out", () => {
  strategySuite({ describe, it, make: () => copyInOut(), judge: strategyJudge });
});
