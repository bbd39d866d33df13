import { defineConfig } from "vitest/config";

// These tests look at the workspace as a whole: its rules, its packages as published, its examples.
export default defineConfig({
  test: {
    name: "workspace",
    include: ["*.spec.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
