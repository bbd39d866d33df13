import { spawnSync } from "node:child_process";
import { LabFailure } from "./lab-failure.mjs";

// A mirror that does not answer must not hold up a CI run.
const timeoutMs = 300_000;

/**
 * Runs a tool of the host to its end. Throws a LabFailure with what it said where it fails.
 *
 * @param {string} command
 * @param {readonly string[]} words
 * @param {{ cwd?: string, input?: Uint8Array }} [options] `input`: its standard input
 * @returns {Buffer} its standard output
 */
export function tool(command, words, options = {}) {
  const done = spawnSync(command, words, {
    cwd: options.cwd,
    input: options.input ?? "",
    maxBuffer: 2 ** 30,
    timeout: timeoutMs,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
  });
  if (done.error === undefined && done.status === 0) return done.stdout;
  const why = done.error?.message ?? `exit status ${done.status}`;
  const said = (done.stderr ?? "").toString().trim().split("\n").slice(-5).join("\n");
  throw new LabFailure(`${command} ${words.slice(0, 4).join(" ")}: ${why}\n${said}`.trim());
}
