// Goal: help is what a reader of it relies on; a change of it is seen. Method: golden files, at a width of 100 columns.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runHere } from "./support/in-process.ts";

const commands = [
  ...["copy", "info", "list", "plan", "decode", "list-strategies", "explore", "compare"],
  ...["demo", "completion"],
];

describe("help", () => {
  it("of the whole", async () => {
    const printed = await runHere(["--help"]);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    await expect(printed.stdout).toMatchFileSnapshot("golden/help.txt");
  });

  it.each(commands)("of %s", async (command) => {
    const printed = await runHere([command, "--help"]);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    await expect(printed.stdout).toMatchFileSnapshot(`golden/help-${command}.txt`);
  });

  it("fits 100 columns", async () => {
    for (const command of ["", ...commands]) {
      const words = command === "" ? ["--help"] : [command, "--help"];
      const { stdout } = await runHere(words);
      const longest = Math.max(...stdout.split("\n").map((line) => line.length));
      expect([command, longest <= 100]).toEqual([command, true]);
    }
  });

  it("is what a line without a command gets, on standard error and with exit status 1", async () => {
    const printed = await runHere([]);
    expect(printed.status).toBe(1);
    expect(printed.stdout).toBe("");
    expect(printed.stderr).toContain("Usage: blockferry");
  });

  it("tells the version of the package", async () => {
    const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await runHere(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});
