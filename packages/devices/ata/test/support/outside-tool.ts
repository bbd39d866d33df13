import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The environment of tools that Debian keeps in /usr/sbin. */
const environment = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };

/** True if a program is installed. */
export function hasTool(name: string, version: readonly string[]): boolean {
  return spawnSync(name, version, { env: environment }).error === undefined;
}

/** What a program prints, errors included. */
export function runTool(name: string, args: readonly string[], input = ""): string {
  const { stdout, stderr } = spawnSync(name, args, { env: environment, input, encoding: "utf8" });
  return `${stdout}${stderr}`;
}

/** Runs `use` with a file of this text. */
export function withFile<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "blockferry-ata-"));
  try {
    const path = join(folder, "bytes.txt");
    writeFileSync(path, text);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
