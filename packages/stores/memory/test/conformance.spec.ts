import { storeSuite } from "@blockferry/conformance/store";
import { describe, it } from "vitest";
import { memoryStore } from "../src/index.ts";

storeSuite({
  describe,
  it,
  supports: { findsHoles: true, copyMeans: ["memory"], sparseBytes: 2 ** 50, keepsBytes: false },
  create: (bytes) => memoryStore({ bytes }),
});
