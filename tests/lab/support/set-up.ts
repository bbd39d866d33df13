import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import type { TestProject } from "vitest/node";
import { root } from "../../../scripts/packages.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Why there can be no guest here; "" where there can. */
    labMissing: string;
    /** What runs the cases in the guest, as one file. */
    guestMain: string;
  }
}

/** Why the lab cannot be set up here, or "". */
function setUpLab(): string {
  for (const kernel of ["6.12", "6.1"]) {
    const words = [join(root, "tools/lab/lab.mjs"), "setup", "--kernel", kernel];
    const done = spawnSync(process.execPath, words, { encoding: "utf8" });
    if (done.status !== 0) return done.stderr.trim();
  }
  return "";
}

/** Sets the lab up, once for all groups, and makes the guest's program: a file is found faster than fifty. */
export async function setup(project: TestProject): Promise<() => void> {
  const missing = setUpLab();
  if (missing !== "") process.stderr.write(`skipped, for there is no lab here: ${missing}\n`);
  project.provide("labMissing", missing);
  const folder = mkdtempSync(join(tmpdir(), "blockferry-lab-guest-"));
  const input = join(root, "tests/lab/support/guest-main.ts");
  const bundle = await rolldown({
    ...{ input, platform: "node" },
    resolve: { conditionNames: ["@blockferry/source", "node", "import", "default"] },
  });
  await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
  await bundle.close();
  project.provide("guestMain", join(folder, "guest-main.mjs"));
  return () => rmSync(folder, { recursive: true, force: true });
}
