#!/usr/bin/env node
// Checks hand-written Promela models with spin, and compares their verdicts with those of the scenario files.
// Needs spin and gcc: apt-get install spin gcc. Usage: node docs/cross-check/run.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const scenarios = join(here, "../../packages/explorer/scenarios");

/** Model, what is defined, and the case of a scenario file that plays in the same world. */
const checks = [
  ["plug-pair", "TASKS=2", "plugs-of-two-tasks", "as posted"],
  ["plug-pair", "TASKS=3", "plugs-of-two-tasks", "as posted, three tasks"],
  ["plug-pair", "TASKS=4", "plugs-of-two-tasks", "as posted, four tasks"],
  ["plug-pair", "TASKS=1 FLUSHES=1", "plug-flush", "as posted, one task"],
  ["plug-pair", "TASKS=2 FLUSHES=2", "plug-flush", "as posted, two tasks"],
  ["plug-pair", "TASKS=3 FLUSHES=2", "plug-flush", "as posted, three tasks"],
  ["plug-pair", "TASKS=2 FLUSHES=2 OWNER=1", "plug-flush", "halves know their copy"],
  ["plug-pair", "TASKS=1 WORKERS=1", "asynchronous-stacking", "as posted, one task"],
  ["plug-pair", "TASKS=2 WORKERS=1", "asynchronous-stacking", "as posted, one worker"],
  ["plug-pair", "TASKS=2 WORKERS=2", "asynchronous-stacking", "as posted, two workers"],
  ["plug-pair", "TASKS=2 WORKERS=1 OWNER=1", "asynchronous-stacking", "halves know their copy"],
  ["plug-pair", "TASKS=3 WORKERS=2", "three-tasks-two-workers", "as posted"],
  ["list-token", "TASKS=2 WORKERS=1", "asynchronous-stacking", "list-token"],
  ["list-token", "TASKS=3 WORKERS=2", "three-tasks-two-workers", "list-token"],
  ["list-token", "FAILURES=0 CANCEL=0", "orphan-half", "list-token without cancel, nothing fails"],
  ["list-token", "FAILURES=1 CANCEL=0", "orphan-half", "list-token without cancel"],
  ["list-token", "FAILURES=1", "orphan-half", "list-token"],
  ["list-token", "TASKS=3 FAILURES=1", "orphan-half", "list-token, three tasks"],
  ["list-token", "GIVEUPS=1", "submitter-cancels", "list-token"],
];

/** Runs a program to its end, or ends this one with what it said. */
function run(folder, program, words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd: folder,
    encoding: "utf8",
  });
  if (error !== undefined || status !== 0) {
    process.stderr.write(`${program} ${words.join(" ")}: ${error?.message ?? stdout + stderr}\n`);
    process.exit(2);
  }
  return stdout;
}

/** Searches a model in all orders. What was found is named as the explorer names it. */
function search(folder, model, defines) {
  const words = defines.map((each) => `-D${each}`);
  run(folder, "spin", ["-a", ...words, join(here, `${model}.pml`)]);
  run(folder, "gcc", ["-w", "-O2", "-DSAFETY", "-o", "pan", "pan.c"]);
  const started = process.hrtime.bigint();
  const said = run(folder, "./pan", ["-m1000000", "-w18"]);
  const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
  if (!/errors: \d/.test(said) || /max search depth too small/.test(said)) {
    process.stderr.write(`the search of ${model} did not end:\n${said}`);
    process.exit(2);
  }
  const kind = /^pan:1: assertion violated/m.test(said)
    ? "stranger"
    : /^pan:1: invalid end state/m.test(said)
      ? "wait"
      : undefined;
  const number = (pattern) => Number(pattern.exec(said)[1]);
  return {
    kind,
    states: number(/([\d.e+]+) states, stored/),
    transitions: number(/([\d.e+]+) transitions/),
    ms,
  };
}

/** What a scenario file expects of one of its cases. */
function expectation(scenario, name) {
  const file = JSON.parse(readFileSync(join(scenarios, `${scenario}.json`), "utf8"));
  const one = file.cases.find((each) => each.name === name);
  if (one === undefined) throw new Error(`${scenario} has no case ${name}`);
  return one.expect;
}

const folder = mkdtempSync(join(tmpdir(), "cross-check-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const lines = [["model", "scenario: case", "verdict", "states", "transitions", "ms"]];
let differences = 0;
for (const [model, text, scenario, name] of checks) {
  const defines = text.split(" ");
  const found = search(folder, model, defines);
  const expected = expectation(scenario, name);
  let verdict = found.kind ?? "clean";
  let agrees = verdict === (expected.kind ?? expected.verdict);
  if (model === "plug-pair" && found.kind === undefined) {
    const refuses = search(folder, model, [...defines, "REFUSALS=1"]).kind !== undefined;
    verdict = refuses ? "clean, refuses" : "clean";
    agrees &&= refuses === expected.refuses;
  }
  if (!agrees) differences++;
  lines.push([
    `${model} ${text}`,
    `${scenario}: ${name}`,
    agrees ? verdict : `${verdict}, EXPECTED ${JSON.stringify(expected)}`,
    String(found.states),
    String(found.transitions),
    String(found.ms),
  ]);
}
const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
for (const line of lines) {
  process.stdout.write(`| ${line.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |\n`);
  if (line === lines[0]) {
    process.stdout.write(`| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`);
  }
}
process.stdout.write(`${checks.length} verdicts, ${differences} differ\n`);
process.exitCode = differences === 0 ? 0 : 1;
