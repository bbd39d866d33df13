import { allScenarios } from "../explore/scenario-source.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import type { ScenarioPart } from "../schema/scenarios-document.ts";

function partOf({ name, title, mails, story, slow, cases }: ScenarioPart): ScenarioPart {
  return {
    name,
    title,
    mails,
    story,
    slow,
    cases: cases.map(({ name: called, strategy, expect }) => ({ name: called, strategy, expect })),
  };
}

function* linesOf({ name, title, mails, cases, slow }: ScenarioPart): Generator<string> {
  yield `${name}: ${title}${slow ? " (slow)" : ""}`;
  for (const { by, date, id } of mails) yield `  told by ${by}, ${date} <${id}>`;
  for (const { name: called, strategy, expect } of cases) {
    const end = expect.kind === undefined ? expect.verdict : `${expect.verdict}: ${expect.kind}`;
    yield `  case ${called}: ${strategy}, ${end}`;
  }
}

/** `blockferry explore --list`. */
export function runListScenarios(format: "normal" | "json", { stdout }: Surroundings): number {
  const scenarios = allScenarios().map(({ file }) => partOf({ ...file, slow: file.slow === true }));
  if (format === "json") {
    writeJsonDocument(stdout, {
      schema: { name: "blockferry.scenarios", version: 1 },
      scenarios: scenarios.values(),
    });
    return 0;
  }
  for (const scenario of scenarios) {
    if (!stdout.write(`${[...linesOf(scenario)].join("\n")}\n`)) break;
  }
  return 0;
}
