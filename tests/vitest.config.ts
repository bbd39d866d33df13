import { defineConfig } from "vitest/config";

// Sources resolve through the private condition, so that no test needs a build.
const conditions = ["@blockferry/source", "node", "import", "default"];
// These tests look at the workspace as a whole: its rules, its packages as published, its examples.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "workspace",
    include: ["*.spec.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
