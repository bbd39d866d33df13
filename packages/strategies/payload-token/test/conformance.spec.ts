import { strategySuite } from "@blockferry/conformance/strategy";
import { strategyJudge } from "@blockferry/explorer";
import { describe, it } from "vitest";
import { payloadToken } from "../src/index.ts";

describe("payload-token", () => {
  strategySuite({ describe, it, make: () => payloadToken(), judge: strategyJudge });
});
