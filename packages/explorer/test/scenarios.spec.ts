import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  checkScenario,
  differs,
  examine,
  explore,
  findScenario,
  parsePath,
  pathText,
  replay,
  scenarios,
  worldOf,
} from "../src/index.ts";
import { makeStrategy } from "./support/strategies.ts";

/*
 * Goal: every published story ends as it is told, with the shipping strategies. Method: what is expected of a case comes from the
 * mails and postings that its file names, and from models of them that were written by hand and searched apart from this
 * code (docs/cross-check); a search has to agree.
 */
const folder = new URL("../scenarios/", import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe("the published scenarios", () => {
  it("are all files of the folder, in its order", () => {
    expect(scenarios.map(({ name }) => name)).toEqual(names.sort());
  });

  it.each(names)("%s is well-formed, and what is imported is what lies there", (name) => {
    const text = readFileSync(new URL(`${name}.json`, folder), "utf8");
    expect(checkScenario(JSON.parse(text))).toEqual(findScenario(name));
  });

  it("have a name each, and none for a name that is not there", () => {
    expect(new Set(names).size).toBe(names.length);
    expect(findScenario("no-such-story")).toBeUndefined();
  });

  it("name their cases apart", () => {
    for (const { name, cases } of scenarios) {
      const own = cases.map((one) => one.name);
      expect(new Set(own).size, name).toBe(own.length);
    }
  });

  it("name every mail once, with an id and a day", () => {
    for (const { name, mails } of scenarios) {
      for (const { id, date } of mails) {
        expect(id, name).toMatch(/^[^<>\s]+@[^<>\s]+$/);
        expect(date, name).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }
      expect(new Set(mails.map(({ id }) => id)).size, name).toBe(mails.length);
    }
  });
});

it("runs the file that the guide shows, as the guide says", () => {
  const guide = readFileSync(
    new URL("../../../docs/guide/scenario-files.md", import.meta.url),
    "utf8",
  );
  const shown = checkScenario(JSON.parse(/```json\n(.*?)```/s.exec(guide)?.[1] ?? ""));
  for (const one of shown.cases) {
    const found = examine(worldOf(shown, one), () => makeStrategy(one.strategy));
    const moves = found.counterexample?.replay.steps.length;
    expect(differs(one.expect, found.exploration, moves), one.name).toBeUndefined();
  }
});

describe.each(scenarios.filter(({ slow }) => slow !== true))("$name", (file) => {
  it.each(file.cases)("$name", ({ strategy, world, expect: expected, ...one }) => {
    const scenario = worldOf(file, { ...one, strategy, world, expect: expected });
    const make = () => makeStrategy(strategy);
    const { exploration, counterexample } = examine(scenario, make);
    const shown = counterexample?.replay;
    expect(differs(expected, exploration, shown?.steps.length)).toBeUndefined();

    const again = explore(scenario, make());
    expect(again).toEqual(exploration);

    if (counterexample === undefined) return;
    expect(counterexample.isShortest).toBe(true);
    expect(shown?.violation?.kind).toBe(expected.kind);
    const path = parsePath(pathText(counterexample.path));
    expect(path).toEqual(counterexample.path);
    expect(replay(scenario, make(), path)).toEqual(shown);
  });
});
