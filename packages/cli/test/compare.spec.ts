// Goal: compare measures: a strategy that is known to break is found to, one bio with a list survives everything, and costs
// are those that can be counted by hand.
import { hazardNames } from "@blockferry/core";
import { expect, it } from "vitest";
import { documentOf } from "./support/document.ts";
import { runHere } from "./support/in-process.ts";

it("measures every strategy under every hazard, and what a copy costs", async () => {
  const strategies = ["source-list", "list-token", "plug-pair:match=size"];
  const words = ["compare", "--strategies", ...strategies, "-o", "json"];
  const { stdout } = await runHere(words);
  const { hazards, costs } = documentOf("blockferry.compare", stdout);
  expect(hazards.map(({ hazard }) => hazard)).toEqual(hazardNames);
  const cell = (hazard: string, strategy: string) =>
    hazards
      .find((each) => each.hazard === hazard)
      ?.cells.find((each) => each.strategy === strategy);
  for (const name of hazardNames) expect(cell(name, "source-list")?.verdict).toBe("survives");
  // The mails on pairing in the plug: a driver with a worker pairs halves of different tasks.
  const crossed = cell("asynchronous", "plug-pair:match=size");
  expect(crossed).toMatchObject({ verdict: "breaks", violation: { kind: "stranger" } });
  expect(crossed?.scenario?.name).toBe("asynchronous-stacking");
  const cost = (strategy: string, ranges: number) =>
    costs.find((each) => each.strategy === strategy && each.ranges === ranges);
  for (const ranges of [1, 8, 16, 128, 256]) {
    // One bio; or one for each source and one for the destination. One command, with 32 bytes of list for each range.
    expect(cost("source-list", ranges)).toMatchObject({ bios: 1, requests: 1, commands: 1 });
    expect(cost("list-token", ranges)).toMatchObject({
      bios: ranges + 1,
      requests: 1,
      commands: 1,
    });
    expect(cost("source-list", ranges)?.metadataBytes).toBeGreaterThan(32 * ranges);
  }
  const more = (strategy: string) =>
    (cost(strategy, 256)?.metadataBytes ?? 0) - (cost(strategy, 1)?.metadataBytes ?? 0);
  expect(more("source-list")).toBe(255 * 32);
  expect(more("list-token")).toBeGreaterThan(more("source-list"));
});

it("prints a matrix, with what breaks", async () => {
  const { status, stdout } = await runHere(["compare", "--strategies", "plug-pair:match=size"]);
  expect(status === 0 || status === 1).toBe(true);
  expect(stdout).toMatch(/^A {2}plug-pair:match=size$/m);
  expect(stdout).toMatch(/^asynchronous {9}breaks/m);
  expect(stdout).toContain(
    "blockferry explore hazard:asynchronous --strategy plug-pair:match=size",
  );
});

it("puts worlds under a stack, with further faults", async () => {
  const words = ["compare", "--strategies", "source-list", "-o", "json"];
  const { stdout } = await runHere([
    ...words,
    "--stack",
    "partition:4+28",
    "--stack",
    "asynchronous:1",
  ]);
  const stacked = documentOf("blockferry.compare", stdout);
  expect(stacked.stack).toEqual(["partition:4+28", "asynchronous:1"]);
  const verdicts = stacked.hazards.flatMap(({ cells }) => cells.map(({ verdict }) => verdict));
  expect(verdicts).toEqual(hazardNames.map(() => "survives"));
  const bare = documentOf("blockferry.compare", (await runHere(words)).stdout);
  const faulty = documentOf(
    "blockferry.compare",
    (await runHere([...words, "--faults", "1", "--states-max", "3000"])).stdout,
  );
  const states = ({ hazards }: typeof bare) => hazards.map(({ cells }) => cells[0].states);
  for (const [i, count] of states(faulty).entries()) {
    expect(count).toBeGreaterThan(Math.min(states(bare)[i], 2999));
  }
}, 120_000);

it.each([
  [["--stack", "partition:4+8"], 2, "FERRY_STACK_RANGE"],
  [["--stack", "mirror:1"], 2, "FERRY_STACK_SYNTAX"],
  [["--stack", "linear:ns3@0+32"], 2, "FERRY_STACK_DEVICE"],
  [["--strategies", "nope"], 2, "FERRY_STRATEGY_UNKNOWN"],
  [["--faults", "-1"], 2, "FERRY_OPTION_VALUE"],
  [["x"], 2, "FERRY_OPTION_ARGUMENTS"],
])("refuses %j", async (words, status, code) => {
  const printed = await runHere(["compare", ...words]);
  expect(printed).toMatchObject({ status, stdout: "" });
  expect(printed.stderr).toContain(code);
});
