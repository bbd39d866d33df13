// Goal: explore says of a scenario what is known of it, in words and in documents, and what is wrong with a file by line.
// Verdicts are those of the mails that the scenarios cite; paths are replayed by the same command line.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenarios } from "@blockferry/explorer";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { runHere } from "./support/in-process.ts";

const cwd = temporaryFolder();

/** Two tasks, each of one copy of two blocks. */
const world = {
  devices: [{ name: "disk", blocks: 24 }],
  tasks: [
    { copies: [{ sources: [[0, 2]], destination: 8 }] },
    { copies: [{ sources: [[4, 2]], destination: 12 }] },
  ],
};

function scenario(changes: object = {}): object {
  const cases = [{ name: "one bio", strategy: "source-list", expect: { verdict: "clean" } }];
  return { name: "mine", title: "Mine", mails: [], story: "", world, cases, ...changes };
}

function write(name: string, document: object | string): string {
  const path = join(cwd, name);
  const text = typeof document === "string" ? document : JSON.stringify(document, null, 2);
  writeFileSync(path, text);
  return path;
}

/** What 20240601 and later mails say of pairing in the plug under a driver with a worker: cross-paired. */
const posted = ["asynchronous-stacking", "--case", "as posted, one worker"];

describe("a case that breaks", () => {
  it("is told in at most seven steps, with a path that plays again", async () => {
    const json = await runHere(["explore", ...posted, "-o", "json"]);
    expect(json).toMatchObject({ status: 0, stderr: "" });
    const { explored } = documentOf("blockferry.explore", json.stdout);
    expect(explored).toHaveLength(1);
    const { counterexample, violation, difference } = explored[0];
    expect(violation?.kind).toBe("stranger");
    expect(difference).toBeUndefined();
    expect(counterexample?.isShortest).toBe(true);
    expect(counterexample?.steps.length).toBeLessThanOrEqual(7);
    const path = counterexample?.path ?? "";
    expect(counterexample?.replay).toBe(
      `blockferry explore asynchronous-stacking --case 'as posted, one worker' --path ${path}`,
    );
    const again = await runHere(["explore", ...posted, "--path", path, "-o", "json"]);
    expect(again.status).toBe(1);
    const replayed = documentOf("blockferry.replay", again.stdout);
    expect(replayed.steps).toEqual(counterexample?.steps);
    expect(replayed.violation?.kind).toBe("stranger");
  });

  it("is told in words", async () => {
    const { status, stdout } = await runHere(["explore", ...posted]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/violation \(stranger\), as expected\n/);
    expect(stdout).toMatch(/\nshortest counterexample, [1-7] steps:\n {2}1\. /);
    expect(stdout).toMatch(/\nagain: blockferry explore /);
  });

  it("gives exit status 1 where nothing else was expected", async () => {
    const { status } = await runHere(["explore", ...posted, "--strategy", "plug-pair:match=size"]);
    expect(status).toBe(1);
  });

  it("is found by random runs, the same for the same seed", async () => {
    const runs = await Promise.all(
      [1, 2].map(() => runHere(["explore", ...posted, "--random", "7", "-o", "json"])),
    );
    const [first, second] = runs.map(({ stdout }) =>
      documentOf("blockferry.explore-random", stdout),
    );
    expect(first).toMatchObject({ verdict: "violation", violation: { kind: "stranger" } });
    expect({ ...second, cpuMs: 0 }).toEqual({ ...first, cpuMs: 0 });
  });

  it.each([
    ["t.json", (text: string) => JSON.parse(text).traceEvents.length > 10],
    ["t.txt", (text: string) => /^ {2}0,1 .* H {2}WC 8 \+ 1 \[copy 0\]$/m.test(text)],
  ])("has a timeline: %s", async (name, isGood) => {
    const path = join(cwd, name);
    expect(await runHere(["explore", ...posted, "--trace", path])).toMatchObject({ stderr: "" });
    expect(isGood(readFileSync(path, "utf8"))).toBe(true);
  });
});

it("lists every published scenario with its mails and cases", async () => {
  const { stdout } = await runHere(["explore", "--list", "-o", "json"]);
  const listed = documentOf("blockferry.scenarios", stdout).scenarios;
  expect(listed.map(({ name }) => name)).toEqual(scenarios.map(({ name }) => name));
  const text = await runHere(["explore", "--list"]);
  for (const { name, title, mails } of scenarios) {
    expect(text.stdout).toContain(`${name}: ${title}`);
    for (const { id } of mails) expect(text.stdout).toContain(`<${id}>`);
  }
});

it("says a case that ends otherwise, with exit status 1", async () => {
  const unexpected = { verdict: "violation", kind: "wait" };
  const cases = [{ name: "one bio", strategy: "source-list", expect: unexpected }];
  const path = write("otherwise.json", scenario({ cases }));
  const { status, stdout } = await runHere(["explore", path]);
  expect(status).toBe(1);
  expect(stdout).toContain("clean: expected violation, found clean");
});

it("says that a bound ended a search, with exit status 3", async () => {
  const happens = { freeze: 1, deviceError: 1 };
  const path = write("bounded.json", scenario({ world: { ...world, happens } }));
  const { status, stdout, stderr } = await runHere(["explore", path, "--states-max", "5"]);
  expect(status).toBe(3);
  expect(stdout).toContain("bounded, not all was explored");
  expect(stderr).toContain("at most 5 states");
});

// Three words each, in a table three quarters full: what fits, the old table kept while a new one is filled. The first table
// follows on none.
it.each([
  ["64k", 65_536, 1],
  ["1MiB", 1_048_576, 1.5],
])("begins no search that has no memory for its states: %s", async (size, bytes, tables) => {
  const path = write("memory.json", scenario());
  const { stdout } = await runHere(["explore", path, "--memory-max", size, "-o", "json"]);
  const { bounds } = documentOf("blockferry.explore", stdout);
  expect(bounds.memoryMaxBytes).toBe(bytes);
  expect(((bounds.statesMax * 4) / 3) * 12 * tables).toBeLessThanOrEqual(bytes);
});

it("explores the world of a hazard", async () => {
  const { status, stdout } = await runHere([
    "explore",
    "hazard:partition",
    "--case",
    "source-list",
  ]);
  expect(status).toBe(0);
  expect(stdout).toContain("hazard:partition, case source-list: source-list: clean, as expected");
});

describe("what is wrong with a file is told by line", () => {
  const lines = JSON.stringify(scenario({ happens: {} }), null, 2).split("\n");
  const line = (text: string) => lines.findIndex((each) => each.includes(text)) + 1;
  it.each([
    ["an unknown field", scenario({ happens: {} }), line('"happens"'), "FERRY_SCENARIO_INVALID"],
    ["no task", scenario({ world: { ...world, tasks: [] } }), undefined, "FERRY_SCENARIO_INVALID"],
    [
      "copies that touch",
      scenario({ world: { ...world, tasks: [world.tasks[0], world.tasks[0]] } }),
      undefined,
      "FERRY_SCENARIO_COPY",
    ],
    [
      "a layer on nothing",
      scenario({ world: { ...world, stack: [{ layer: "asynchronous", on: "x", workers: 1 }] } }),
      undefined,
      "FERRY_SCENARIO_STACK",
    ],
    [
      "a strategy that is none",
      scenario({ cases: [{ name: "x", strategy: "list-tokn", expect: { verdict: "clean" } }] }),
      undefined,
      "FERRY_STRATEGY_UNKNOWN",
    ],
    ["no JSON", '{\n  "name": "x",\n}\n', 3, "FERRY_SCENARIO_SYNTAX"],
  ] as const)("%s", async (name, document, at, code) => {
    const path = write(`${name.replaceAll(" ", "-")}.json`, document);
    const { status, stdout, stderr } = await runHere(["explore", path, "-o", "json"]);
    expect(status).toBe(2);
    const error = documentOf("blockferry.error", stdout);
    expect(error.code).toBe(code);
    expect(error.details.line).toBeGreaterThan(1);
    if (at !== undefined) expect(error.details.line).toBe(at);
    expect(stderr).toContain(`${path}:${error.details.line}: `);
  });
});

describe("what is wrong with the line", () => {
  it.each([
    [[], 2, "FERRY_OPTION_MISSING"],
    [["orphn-half"], 2, "did you mean orphan-half?"],
    [["./no-such-file.json"], 52, "FERRY_FILE_READ"],
    [["--bogus"], 2, "FERRY_OPTION_UNKNOWN"],
    [["--list", "--all"], 31, "FERRY_OPTION_CONTRADICTION"],
    [["--all", "--case", "x"], 31, "FERRY_OPTION_CONTRADICTION"],
    [["orphan-half", "--random", "1"], 31, "--random is of one case"],
    [["orphan-half", "--strategy", "nope"], 2, "FERRY_STRATEGY_UNKNOWN"],
    [["orphan-half", "--case", "nope"], 2, "FERRY_SCENARIO_CASE"],
    [["orphan-half", "--states-max", "0"], 2, "FERRY_OPTION_VALUE"],
    [["hazard:relod"], 2, "did you mean reload?"],
    [[...posted, "--path", "zz"], 2, "FERRY_EXPLORE_PATH"],
  ])("%j", async (words, status, told) => {
    const printed = await runHere(["explore", ...words]);
    expect(printed.status).toBe(status);
    expect(printed.stdout).toBe("");
    expect(printed.stderr).toContain(told);
  });
});
