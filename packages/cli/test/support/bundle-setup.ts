import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { bundleInto } from "../../build.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** The command line, bundled from the sources under test. */
    blockferryMain: string;
  }
}

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles the command line for the tests that start it as a process, so that none runs a stale build. */
export async function setup(project: TestProject): Promise<() => void> {
  // Below the package's node_modules, where the bundle finds koffi as the published one does.
  const modules = `${packageFolder}node_modules`;
  mkdirSync(modules, { recursive: true });
  const folder = mkdtempSync(`${modules}/.blockferry-test-`);
  cpSync(`${packageFolder}package.json`, `${folder}/package.json`);
  await bundleInto(`${folder}/dist`);
  project.provide("blockferryMain", `${folder}/dist/main.js`);
  return () => rmSync(folder, { recursive: true, force: true });
}
