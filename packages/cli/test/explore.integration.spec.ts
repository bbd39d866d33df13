// Goal: long searches can be interrupted, piped and run in threads, as a process and from its bundle.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { run } from "./support/run.ts";

const cwd = temporaryFolder();

/** Eight tasks with faults of five kinds: more states than a test has time for. */
function writeLarge(name: string): void {
  const tasks = Array.from({ length: 8 }, (_, i) => ({
    copies: [{ sources: [[4 * i, 2]], destination: 64 + 4 * i }],
  }));
  const happens = { freeze: 1, deviceError: 1, removal: 1, cancel: 2, timeout: 1 };
  const world = { devices: [{ name: "disk", blocks: 128 }], tasks, happens };
  const cases = ["list-token", "source-list", "list-context"].map((strategy) => ({
    name: strategy,
    strategy,
    expect: { verdict: "clean" },
  }));
  const file = { name: "large", title: "Large", mails: [], story: "", world, cases };
  writeFileSync(join(cwd, name), JSON.stringify(file));
}

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle of searches", (signal, status) => {
  it("prints what was explored so far, and how to go on", async () => {
    writeLarge("large.json");
    const words = ["explore", "large.json", "--threads", "2", "-o", "json"];
    const ended = await run(words, {
      cwd,
      onStart: (child) => setTimeout(() => child.kill(signal), 3000),
    });
    expect(ended.status).toBe(status);
    expect(ended.stderr).toContain(`${signal}: what was explored so far is printed`);
    const document = documentOf("blockferry.explore", ended.stdout);
    expect(document).toMatchObject({ exitStatus: status, signal });
    expect(document.explored.map(({ case: name }) => name)).toEqual(["list-token", "source-list"]);
    for (const { verdict, states } of document.explored) {
      expect(verdict).toBe("stopped");
      expect(states).toBeGreaterThan(0);
    }
  });

  it("ends random runs, and says with which seed they go on", async () => {
    writeLarge("large.json");
    const words = ["explore", "large.json", "--case", "list-token", "--random", "5"];
    const ended = await run([...words, "--runs", "100000000"], {
      cwd,
      onStart: (child) => setTimeout(() => child.kill(signal), 3000),
    });
    expect(ended.status).toBe(status);
    const [, runs] = /^([0-9,]+) runs from seed 5 on/m.exec(ended.stdout) ?? [];
    const made = Number(runs.replaceAll(",", ""));
    expect(made).toBeGreaterThan(0);
    expect(ended.stderr).toContain(`--random ${5 + made} goes on`);
  });
});

it("prints the same, in the same order, with one thread and with several", async () => {
  const words = ["explore", "asynchronous-stacking", "-o", "json"];
  const [one, three] = await Promise.all(
    ["1", "3"].map((threads) => run([...words, "--threads", threads], { cwd })),
  );
  const parts = [one, three].map(({ stdout }) =>
    documentOf("blockferry.explore", stdout).explored.map((part) => ({ ...part, cpuMs: 0 })),
  );
  expect(parts[0]).toEqual(parts[1]);
  expect(one.status).toBe(0);
});

it("divides one search among threads: the same verdict, the same ends", async () => {
  const words = ["explore", "one-copy-every-fault", "--case", "list-token", "-o", "json"];
  const ended = await Promise.all([[], ["--threads", "2"]].map((more) => run([...words, ...more])));
  const [alone, divided] = ended.map(
    ({ stdout }) => documentOf("blockferry.explore", stdout).explored[0],
  );
  // States may differ: which orders are left out depends on the order of the moves.
  const counts = ({ verdict, ends, endsWhole, endsRefused }: typeof alone) => {
    return { verdict, ends, endsWhole, endsRefused };
  };
  expect(counts(divided)).toEqual(counts(alone));
  expect(alone.states).toBeGreaterThan(100);
});

it("reads a scenario from standard input", async () => {
  const world = {
    devices: [{ name: "disk", blocks: 24 }],
    tasks: [{ copies: [{ sources: [[0, 2]], destination: 8 }] }],
  };
  const cases = [{ name: "one", strategy: "list-token", expect: { verdict: "clean" } }];
  const input = JSON.stringify({ name: "x", title: "X", mails: [], story: "", world, cases });
  const ended = await run(["explore", "-"], { cwd, input });
  expect(ended).toMatchObject({ status: 0, stderr: "" });
  expect(ended.stdout).toContain("list-token: clean, as expected");
});
