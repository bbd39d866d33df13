import { defineConfig } from "vitest/config";

// Sources resolve through the private condition, so that no test needs a build.
const conditions = ["@blockferry/source", "node", "import", "default"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Nothing is timed: the limit only ends what hangs, on a machine that is busy with other things too.
  test: { include: ["test/**/*.spec.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
