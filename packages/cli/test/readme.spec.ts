// Goal: the README names all that there is: options, parameters, exit statuses, structures of errors.
import { readFileSync } from "node:fs";
import { exitStatusTable } from "@blockferry/core/exit-status";
import { expect, it } from "vitest";
import {
  ataModelParameterHelp,
  fileParameterHelp,
  linuxDeviceParameterHelp,
  nvmeModelParameterHelp,
  scsiModelParameterHelp,
} from "../src/device/parameters-help.ts";
import { ataModelParameterNames } from "../src/schema/ata-model-parameters.ts";
import { fileParameterNames } from "../src/schema/file-parameters.ts";
import { linuxDeviceParameterNames } from "../src/schema/linux-device-parameters.ts";
import { nvmeModelParameterNames } from "../src/schema/nvme-model-parameters.ts";
import { scsiModelParameterNames } from "../src/schema/scsi-model-parameters.ts";
import { strategyNames } from "../src/strategy-names.ts";
import { runHere } from "./support/in-process.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it.each(["copy", "explore", "compare"])("names every option of %s", async (command) => {
  const { stdout } = await runHere([command, "--help"]);
  const options = [...stdout.matchAll(/^ {2}(?:-., )?(--[a-z-]+)/gm)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(5);
  for (const option of options.filter((name) => name !== "--help")) {
    expect(readme).toContain(option);
  }
});

it.each([
  ["nvme-model", nvmeModelParameterNames, nvmeModelParameterHelp],
  ["scsi-model", scsiModelParameterNames, scsiModelParameterHelp],
  ["ata-model", ataModelParameterNames, ataModelParameterHelp],
  ["/dev", linuxDeviceParameterNames, linuxDeviceParameterHelp],
  ["file", fileParameterNames, fileParameterHelp],
] as const)("names every parameter of device URIs, as help does: %s", (_scheme, all, help) => {
  const isFurther = (name: string) => /^(ns|lun|file)[0-9]+$/.test(name);
  const names = all.filter((name) => !isFurther(name));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(readme).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, "m"));
  const told = help.map(({ name }) => name).filter((name) => !name.includes("…"));
  expect(told).toEqual(names);
});

it("names every exit status and strategy", () => {
  for (const { code } of exitStatusTable)
    expect(readme).toMatch(new RegExp(`^\\|.*\\b${code}\\b`, "m"));
  for (const name of strategyNames) expect(readme).toContain(`\`${name}\``);
});
