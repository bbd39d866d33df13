import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { listToken } from "../src/index.ts";

describe("list-token", () => {
  strategySuite({ describe, it, make: () => listToken(), judge: strategyJudge });
});
