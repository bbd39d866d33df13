// Goal: what a lab case says to differ between a device and its model is told in docs/reality.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../scripts/packages.mjs";
import { groups } from "./lab/groups/index.ts";

const told = readFileSync(join(root, "docs/reality.md"), "utf8");
const cases = Object.values(groups).flatMap((group) => group.cases);

it("every known difference has its heading", () => {
  const headings = new Set(cases.flatMap(({ differs = {} }) => Object.values(differs)));
  expect(headings.size).toBeGreaterThan(0);
  for (const heading of headings) expect(told).toContain(`\n### ${heading}\n`);
});

it("no two cases of a group have one name", () => {
  for (const { cases: own } of Object.values(groups)) {
    expect(new Set(own.map(({ name }) => name)).size).toBe(own.length);
  }
});
