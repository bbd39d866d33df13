import { defineConfig } from "vitest/config";

// Sources resolve through the private condition, so that no test needs a build.
const conditions = ["@blockferry/source", "node", "import", "default"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["test/**/*.spec.ts"] },
});
