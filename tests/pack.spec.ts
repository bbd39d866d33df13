// Goal: what goes to the registry works in a stranger's project.
// Method: pack every published package, install the tarballs with npm into an empty project outside
// the workspace, then load every entry, run the command and the README's library example there.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packPackages } from "../scripts/pack.mjs";
import { type Manifest, publishedPackages, root } from "../scripts/packages.mjs";
import { compileExamples, runExample } from "./support/compile-examples.ts";
import { readmeExample } from "./support/readme-example.ts";

function run(command: string, words: readonly string[], cwd: string): string {
  const done = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    timeout: 500_000,
  });
  if (done.status !== 0) throw new Error(`${command} ${words[0]}: ${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}

describe("the published packages", () => {
  const packages = publishedPackages();
  let folder: string;
  let project: string;
  const installed = (name: string) => join(project, "node_modules", name);
  const installedManifest = (name: string): Manifest =>
    JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8"));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "blockferry-pack-"));
    project = join(folder, "project");
    const tarballs = packPackages(folder);
    const manifest = {
      private: true,
      type: "module",
      dependencies: Object.fromEntries(tarballs.map((one) => [one.name, `file:${one.tarball}`])),
      // Their dependencies on each other are met by the tarballs too, never by the registry.
      overrides: Object.fromEntries(tarballs.map(({ name }) => [name, `$${name}`])),
    };
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
    const words = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    run("npm", [...words, "--loglevel=error"], project);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(packages)("$name ships its build, its README and its licence, no tests", ({ name }) => {
    const files = readdirSync(installed(name));
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist", "package.json"]));
    expect(files.filter((file) => /test|config/.test(file))).toEqual([]);
  });

  it.each(packages)("$name names versions that a registry knows", ({ name }) => {
    const { dependencies = {} } = installedManifest(name);
    expect(Object.values(dependencies).filter((one) => !/^[\^~]?\d/.test(one))).toEqual([]);
  });

  it.each(packages)("$name is there once", ({ name }) => {
    const nested = packages.filter((one) =>
      existsSync(join(installed(one.name), "node_modules", name)),
    );
    expect(nested).toEqual([]);
  });

  it.each(packages)("every entry of $name loads", ({ name }) => {
    const entries = Object.keys(installedManifest(name).exports ?? {})
      .filter((entry) => entry !== "./package.json" && !entry.includes("*"))
      .map((entry) => name + entry.slice(1));
    expect(entries).not.toEqual([]);
    const script = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
    run(process.execPath, ["--input-type=module", "--eval", script], project);
  });

  it("the command runs", () => {
    const printed = run("npx", ["--no-install", "blockferry", "--version"], project);
    expect(printed).toContain(installedManifest("blockferry").version);
  });

  it("the command explores, in threads, scenarios that the packages bring along", () => {
    const words = ["--no-install", "blockferry", "explore", "asynchronous-stacking"];
    const printed = run("npx", words, project);
    expect(printed).toContain("violation (stranger), as expected");
  });

  it("the README's library example compiles and runs", () => {
    const example = readmeExample(join(root, "README.md"), "As a library");
    expect(example, "a ts example below the heading As a library").toBeDefined();
    expect(compileExamples(project, { example: example?.text ?? "" })).toEqual({});
    const printed = runExample(project, "example");
    if (example?.prints !== undefined) expect(printed).toBe(example.prints);
  });
});
