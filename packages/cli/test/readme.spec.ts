// Goal: the README names all that there is: options, parameters, exit statuses, structures of errors.
import { readFileSync } from "node:fs";
import { exitStatusTable } from "@blockferry/core/exit-status";
import { expect, it } from "vitest";
import { nvmeModelParameterHelp } from "../src/device/parameters-help.ts";
import { nvmeModelParameterNames } from "../src/schema/nvme-model-parameters.ts";
import { strategyNames } from "../src/strategy-names.ts";
import { runHere } from "./support/in-process.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("names every option of copy", async () => {
  const { stdout } = await runHere(["copy", "--help"]);
  const options = [...stdout.matchAll(/^ {2}(?:-., )?(--[a-z-]+)/gm)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(10);
  for (const option of options.filter((name) => name !== "--help")) {
    expect(readme).toContain(option);
  }
});

it("names every parameter of device URIs, as help does", () => {
  const names = nvmeModelParameterNames.filter((name) => !/^ns[0-9]/.test(name));
  for (const name of names) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\|`, "m"));
  expect(nvmeModelParameterHelp.map(({ name }) => name).slice(0, -1)).toEqual(names);
});

it("names every exit status and strategy", () => {
  for (const { code } of exitStatusTable)
    expect(readme).toMatch(new RegExp(`^\\|.*\\b${code}\\b`, "m"));
  for (const name of strategyNames) expect(readme).toContain(`\`${name}\``);
});
