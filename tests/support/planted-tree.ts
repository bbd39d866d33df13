import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { root } from "../../scripts/packages.mjs";

/** A file to add to the copy: path from the workspace root, and its text. */
export interface PlantedFile {
  readonly path: string;
  readonly text: string;
}

const leftOut = new Set(["dist", ".turbo", "coverage", ".vite"]);

/**
 * Copies the workspace's packages and rules to a temporary folder and plants files there, so that
 * a rule is seen to fire on the real layout. Third-party packages are linked, not copied.
 *
 * @returns the folder, and how to remove it
 */
export function plantedTree(planted: readonly PlantedFile[]): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "blockferry-planted-"));
  for (const part of [".dependency-cruiser.cjs", ".gitignore", "biome.json", "package.json"]) {
    cpSync(join(root, part), join(path, part));
  }
  cpSync(join(root, "vitest.config.base.ts"), join(path, "vitest.config.base.ts"));
  cpSync(join(root, "tests/support"), join(path, "tests/support"), { recursive: true });
  cpSync(join(root, "packages"), join(path, "packages"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !leftOut.has(basename(source)),
  });
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"));
  for (const { path: file, text } of planted) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
