// Packs the published packages as the registry would get them.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { publishedPackages, root } from "./packages.mjs";

/**
 * Writes one tarball per published package, with workspace and catalog versions resolved. What is
 * in `dist` goes in: build first.
 *
 * @param {string} folder where the tarballs go
 * @returns {{ name: string, tarball: string }[]}
 */
export function packPackages(folder) {
  const packages = publishedPackages();
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  const words = ["--silent", ...filters, "pack", "--pack-destination", folder];
  execFileSync(process.execPath, [join(root, "scripts/pnpm.mjs"), ...words], { stdio: "pipe" });
  return packages.map(({ name, manifest }) => {
    const file = `${name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
    return { name, tarball: join(folder, file) };
  });
}
