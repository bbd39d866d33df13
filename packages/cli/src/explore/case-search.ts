import { FerryError } from "@blockferry/core";
import {
  checkFinite,
  differs,
  type Expectation,
  pathText,
  type Replay,
  type Scenario,
  worldOf,
} from "@blockferry/explorer";
import { knownNamesHint } from "../parse/nearest-name.ts";
import type { ExploredPart, RunPart } from "../schema/explore-document.ts";
import { strategyMaker } from "../strategies.ts";
import { placed, type ScenarioSource } from "./scenario-source.ts";
import type { SearchResult } from "./search-job.ts";

/** A way of pairing in a world: what one search is about. */
export interface CaseSearch {
  readonly scenario: string;
  readonly case: string | undefined;
  readonly strategy: string;
  readonly world: Scenario;
  readonly expected: Expectation | undefined;
}

/**
 * What is to be searched of a scenario: its cases, one of them, or a strategy of the user's in its world.
 *
 * @throws FerryError `FERRY_SCENARIO_CASE`
 */
export function caseSearches(
  { called, file }: ScenarioSource,
  name: string | undefined,
  strategy: string | undefined,
): CaseSearch[] {
  const cases = name === undefined ? file.cases : file.cases.filter((one) => one.name === name);
  if (name !== undefined && cases.length === 0) {
    const known = file.cases.map((one) => one.name);
    throw new FerryError("FERRY_SCENARIO_CASE", `scenario ${called} has no case "${name}"`, {
      details: { scenario: called, case: name },
      hint: knownNamesHint(name, known),
    });
  }
  if (strategy !== undefined) {
    const world = name === undefined ? file.world : worldOf(file, cases[0]);
    return [{ scenario: called, case: name, strategy, world, expected: undefined }];
  }
  return cases.map((one) => ({
    scenario: called,
    case: one.name,
    strategy: one.strategy,
    world: worldOf(file, one),
    expected: one.expect,
  }));
}

/**
 * Checks that the strategies of a scenario's cases are there.
 *
 * @throws FerryError `FERRY_STRATEGY_…`, with file and line
 */
export async function checkStrategies({ file, place }: ScenarioSource): Promise<void> {
  for (const [i, { strategy }] of file.cases.entries()) {
    try {
      await strategyMaker(strategy);
    } catch (error) {
      throw place === undefined ? error : placed(error, place(["cases", i, "strategy"]));
    }
  }
}

/**
 * Checks that every order of a scenario's worlds can be tried in the time that anybody has.
 *
 * @throws FerryError `FERRY_SCENARIO_BOUNDS`, with file and line
 */
export function checkWorldsFinite({ file, place }: ScenarioSource, name: string | undefined): void {
  for (const [i, one] of file.cases.entries()) {
    if (name !== undefined && one.name !== name) continue;
    const path = one.world?.tasks === undefined ? ["world"] : ["cases", i, "world"];
    try {
      checkFinite(worldOf(file, one), path);
    } catch (error) {
      throw place === undefined ? error : placed(error, place([...path, "tasks"]));
    }
  }
}

function quoted(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The line that plays a run of a search again. */
function replayLine(search: CaseSearch, path: string): string {
  const { scenario, strategy, expected } = search;
  const words = ["blockferry", "explore", quoted(scenario)];
  if (search.case !== undefined) words.push("--case", quoted(search.case));
  if (expected === undefined) words.push("--strategy", quoted(strategy));
  return [...words, "--path", path].join(" ");
}

/** A run for the document. */
export function runPart(search: CaseSearch, path: Int32Array, replay: Replay): RunPart {
  const text = pathText(path);
  return {
    steps: replay.steps,
    ...(replay.violation === undefined ? {} : { violation: replay.violation }),
    path: text,
    replay: replayLine(search, text),
  };
}

/** A search and what came of it, for the document. */
export function exploredPart(search: CaseSearch, result: SearchResult): ExploredPart {
  const { exploration, counterexample, cpuMs } = result;
  const { expected } = search;
  const moves = counterexample?.replay.steps.length;
  const difference = expected === undefined ? undefined : differs(expected, exploration, moves);
  const { verdict, states, transitions, depth } = exploration;
  const { ends, endsWhole, endsRefused, endsNewer, violations, violation } = exploration;
  return {
    scenario: search.scenario,
    ...(search.case === undefined ? {} : { case: search.case }),
    strategy: search.strategy,
    verdict,
    states,
    transitions,
    depth,
    ends,
    endsWhole,
    endsRefused,
    endsNewer,
    cpuMs: Math.round(cpuMs * 1000) / 1000,
    violations,
    ...(violation === undefined ? {} : { violation }),
    ...(counterexample === undefined
      ? {}
      : {
          counterexample: {
            ...runPart(search, counterexample.path, counterexample.replay),
            isShortest: counterexample.isShortest,
          },
        }),
    ...(expected === undefined ? {} : { expected }),
    ...(difference === undefined ? {} : { difference }),
  };
}
