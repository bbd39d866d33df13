// The packages of the workspace, found as pnpm-workspace.yaml lays them out.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 *
 * @typedef {object} WorkspacePackage
 * @property {string} name its name on the registry
 * @property {string} folder absolute path
 * @property {boolean} isPublished
 * @property {Manifest} manifest
 */

/** Absolute path of the workspace root. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * @param {string} folder
 * @returns {string[]}
 */
function subfolders(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name));
}

/**
 * Every package below packages/, one or two folders deep, sorted by name.
 *
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages() {
  const outer = subfolders(join(root, "packages"));
  const groups = outer.filter((folder) => !existsSync(join(folder, "package.json")));
  return [...outer, ...groups.flatMap(subfolders)]
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => {
      /** @type {Manifest} */
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return { name: manifest.name, folder, isPublished: manifest.private !== true, manifest };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The packages that go to the registry.
 *
 * @returns {WorkspacePackage[]}
 */
export function publishedPackages() {
  return workspacePackages().filter((one) => one.isPublished);
}
