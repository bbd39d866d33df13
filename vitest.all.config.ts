import { defineConfig } from "vitest/config";

// Not named vitest.config.ts: a package's own `vitest run` would find it and take it for its own.
export default defineConfig({
  test: {
    projects: ["packages/**/vitest.config.ts", "tests/vitest.config.ts"],
    coverage: { provider: "v8", include: ["packages/**/src/**/*.ts"] },
  },
});
