// Goal: the example that opens each published package's README, and that of the guide for authors,
// compiles, runs, and prints what the README says. Method: as a user would, against the built packages, by their names on the registry.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedPackages, root } from "../scripts/packages.mjs";
import { compileExamples, runExample } from "./support/compile-examples.ts";
import { type ReadmeExample, readmeExample } from "./support/readme-example.ts";

const packages = publishedPackages();
const readmes = [
  { name: "root", example: readmeExample(join(root, "README.md"), "As a library") },
  ...packages.map(({ folder }) => ({
    name: relative(join(root, "packages"), folder).replaceAll(/[\\/]/g, "-"),
    example: readmeExample(join(folder, "README.md")),
  })),
  {
    name: "guide-write-a-strategy",
    example: readmeExample(join(root, "docs/guide/write-a-strategy.md")),
  },
];

describe("README examples", () => {
  let folder: string;
  let said: Record<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "blockferry-examples-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const { name, folder: target } of packages) {
      const link = join(folder, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(target, link, "junction");
    }
    const present = readmes.flatMap(({ name, example }) =>
      example === undefined ? [] : [[name, example.text]],
    );
    said = compileExamples(folder, Object.fromEntries(present));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(readmes)("$name", ({ name, example }) => {
    expect(example, "README.md with a ts example").toBeDefined();
    expect(said[name], "compiler errors").toBeUndefined();
    const printed = runExample(folder, name);
    const { prints } = example as ReadmeExample;
    if (prints !== undefined) expect(printed).toBe(prints);
  });
});
