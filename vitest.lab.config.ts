import { defineConfig } from "vitest/config";

// Sources resolve through the private condition, so that no test needs a build.
const conditions = ["@blockferry/source", "node", "import", "default"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["tests/lab/*.spec.ts"],
    globalSetup: "tests/lab/support/set-up.ts",
    // Two guests at a time: the machines this runs on have two processors, and a guest keeps one busy.
    maxWorkers: 2,
    testTimeout: 400_000,
    hookTimeout: 850_000,
  },
});
