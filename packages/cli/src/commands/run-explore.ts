import { availableParallelism } from "node:os";
import { FerryError } from "@blockferry/core";
import type { Context } from "../context.ts";
import {
  type CaseSearch,
  caseSearches,
  checkStrategies,
  checkWorldsFinite,
} from "../explore/case-search.ts";
import { allScenarios, findScenario } from "../explore/scenario-source.ts";
import { strategyMaker } from "../strategies.ts";
import type { ExploreCommandOptions } from "./explore-command.ts";
import { runListScenarios } from "./run-list-scenarios.ts";
import { runRandom } from "./run-random.ts";
import { runReplay } from "./run-replay.ts";
import { runSearches } from "./run-searches.ts";

function contradict(message: string, hint: string): never {
  throw new FerryError("FERRY_OPTION_CONTRADICTION", message, { hint });
}

/** Options that say different things. */
function checkOptions(scenario: string | undefined, options: ExploreCommandOptions): void {
  const whole = options.list === true ? "--list" : options.all === true ? "--all" : undefined;
  if (scenario === undefined && whole === undefined) {
    throw new FerryError("FERRY_OPTION_MISSING", "no scenario is given", {
      hint: "blockferry explore --list names them; --all explores every one",
    });
  }
  if (options.path !== undefined && options.random !== undefined) {
    contradict("--path and --random are two kinds of run", "give one of them");
  }
  if (whole === undefined) return;
  if (scenario !== undefined || (options.list === true && options.all === true)) {
    contradict(`${whole} takes no SCENARIO`, "give one of SCENARIO, --list and --all");
  }
  const single = ["case", "strategy", "path", "trace", "random"] as const;
  const given = single.find((name) => options[name] !== undefined);
  if (given !== undefined) contradict(`--${given} is of one scenario`, "give SCENARIO");
}

/** The one search that an option is about. */
function onlySearch(searches: readonly CaseSearch[], option: string): CaseSearch {
  if (searches.length === 1) return searches[0];
  const names = searches.map((search) => search.case).join(", ");
  return contradict(`${option} is of one case, the scenario has several`, `--case: ${names}`);
}

/** `blockferry explore`. */
export async function runExplore(
  scenario: string | undefined,
  options: ExploreCommandOptions,
  context: Context,
): Promise<number> {
  checkOptions(scenario, options);
  if (options.list === true) return runListScenarios(options.output, context.surroundings);
  // A misspelt strategy is told before anything is read.
  if (options.strategy !== undefined) await strategyMaker(options.strategy);
  const sources = scenario === undefined ? allScenarios() : [await findScenario(scenario)];
  const searches = sources.flatMap((each) => caseSearches(each, options.case, options.strategy));
  if (options.strategy === undefined) await Promise.all(sources.map(checkStrategies));
  if (options.path !== undefined) {
    return runReplay(onlySearch(searches, "--path"), options.path, options, context);
  }
  if (options.random !== undefined) {
    return runRandom(onlySearch(searches, "--random"), options.random, options, context);
  }
  if (options.trace !== undefined) onlySearch(searches, "--trace");
  for (const source of sources) checkWorldsFinite(source, options.case);
  // A search that is alone is divided only on demand: which violation is met first is then anyone's guess.
  const threads = options.threads ?? (searches.length === 1 ? 1 : availableParallelism());
  return runSearches(searches, { ...options, threads, isBrief: scenario === undefined }, context);
}
