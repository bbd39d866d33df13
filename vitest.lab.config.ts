import { defineConfig } from "vitest/config";

// Two guests at a time: the machines this runs on have two processors, and a guest keeps one busy.
export default defineConfig({
  test: {
    include: ["tests/lab/*.spec.ts"],
    globalSetup: "tests/lab/support/set-up.ts",
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
