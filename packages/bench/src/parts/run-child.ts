import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Case, FiguresOf } from "../child.ts";

const child = fileURLToPath(new URL("../child.js", import.meta.url));

/** Runs a case in a process of its own. */
export function runChild<C extends Case>(
  options: C,
  nodeWords: readonly string[] = [],
): FiguresOf<C> {
  const words = [...nodeWords, child, JSON.stringify(options)];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${JSON.stringify(options)} failed: ${stderr.trim()}`);
  return JSON.parse(stdout) as FiguresOf<C>;
}
