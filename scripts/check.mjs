// Runs the quality gates and prints one line for each; a gate that fails prints what it said.
// `npm run check` runs all of them, `npm run check -- types size` only those named.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./packages.mjs";

/** @typedef {{ name: string, command: string[] }} Gate */

const node = process.execPath;
const cruiser = "tools/quality/node_modules/dependency-cruiser/bin/dependency-cruise.mjs";

/**
 * The package gates look at what was built, so the build goes first.
 *
 * @type {Gate}
 */
const build = {
  name: "build",
  command: [node, "scripts/pnpm.mjs", "exec", "turbo", "run", "build", "--output-logs=errors-only"],
};

/** @type {Gate[]} */
const gates = [
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  {
    name: "architecture",
    command: [node, cruiser, "packages", "--config", ".dependency-cruiser.cjs"],
  },
  { name: "unused", command: ["knip", "--no-progress"] },
  { name: "duplicates", command: ["jscpd", "--config", ".jscpd.json"] },
  { name: "workspace", command: ["sherif"] },
  { name: "packages", command: [node, "scripts/lint-packages.mjs"] },
  { name: "size", command: [node, "scripts/size.mjs"] },
];

/**
 * @param {Gate} gate
 * @returns {Promise<boolean>} whether it passed
 */
function run({ name, command: [command = "", ...words] }) {
  const startedMs = Date.now();
  const { PATH = "" } = process.env;
  const child = spawn(command, words, {
    cwd: root,
    env: {
      ...process.env,
      NO_COLOR: "1",
      PATH: `${join(root, "node_modules/.bin")}${delimiter}${PATH}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ passed) => {
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
      process.stdout.write(`${passed ? "ok    " : "FAILED"} ${name.padEnd(13)} ${seconds} s\n`);
      if (!passed) process.stdout.write(`${output.trim().replace(/^/gm, "  | ")}\n`);
      resolve(passed);
    };
    child.on("error", (error) => {
      output += String(error);
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => ![build, ...gates].some((gate) => gate.name === name));
if (unknown.length > 0) {
  const known = [build, ...gates].map((gate) => gate.name).join(", ");
  process.stderr.write(`no such gate: ${unknown.join(", ")} (there are: ${known})\n`);
  process.exit(2);
}

/** @param {Gate} gate */
const isWanted = (gate) => wanted.length === 0 || wanted.includes(gate.name);
const queue = gates.filter(isWanted);
/** @type {boolean[]} */
const results = [];
if (isWanted(build) || queue.some((gate) => ["packages", "size"].includes(gate.name))) {
  results.push(await run(build));
}
const lanes = Array.from({ length: Math.min(4, availableParallelism()) }, async () => {
  for (let gate = queue.shift(); gate !== undefined; gate = queue.shift()) {
    results.push(await run(gate));
  }
});
await Promise.all(lanes);
const failed = results.filter((passed) => !passed).length;
process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
