import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { listContext } from "../src/index.ts";

describe("list-context", () => {
  strategySuite({ describe, it, make: () => listContext(), judge: strategyJudge });
});
