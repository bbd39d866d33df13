import { spawnSync } from "node:child_process";

/** What a tool of sg3-utils says of hexadecimal text; undefined if the tool is not installed. */
export function ask(tool: string, args: readonly string[], input = ""): string | undefined {
  const ran = spawnSync(tool, args, { input, encoding: "utf8", timeout: 20_000 });
  if (ran.error !== undefined) return undefined;
  return ran.stdout + ran.stderr;
}

/** True if the tool can be run here. */
export const has = (tool: string): boolean => ask(tool, ["--version"]) !== undefined;

/** Why tests with this tool are skipped. */
export const reason = (tool: string): string =>
  has(tool) ? "" : ` (skipped: ${tool} of sg3-utils is not installed)`;

/** Bytes as `--inhex` takes them. */
export const spaced = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
