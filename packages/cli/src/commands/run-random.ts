import { exitStatus } from "@blockferry/core/exit-status";
import { replay } from "@blockferry/explorer";
import type { Context } from "../context.ts";
import { type CaseSearch, runPart } from "../explore/case-search.ts";
import { explorationStatus } from "../explore/exploration-status.ts";
import { randomSearch } from "../explore/random-search.ts";
import { writeTrace } from "../explore/run-trace.ts";
import { colorsFor } from "../output/colors.ts";
import { randomText } from "../report/exploration-report.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import type { RandomPart } from "../schema/explore-document.ts";
import { strategyMaker } from "../strategies.ts";
import type { ExploreCommandOptions } from "./explore-command.ts";

/** `blockferry explore SCENARIO --random SEED`. */
export async function runRandom(
  search: CaseSearch,
  seed: number,
  options: ExploreCommandOptions,
  context: Context,
): Promise<number> {
  const { scenario, case: name, strategy, world } = search;
  const { stdout, stderr } = context.surroundings;
  const job = { scenario: world, strategy, seed, runs: options.runs };
  const { sample, cpuMs, signal } = await randomSearch(job, context.surroundings);
  const { verdict, runs, moves, hash, violation, path } = sample;
  const make = await strategyMaker(strategy);
  const played = path === undefined ? undefined : replay(world, make(), path);
  const isShown = violation !== undefined && path !== undefined && played !== undefined;
  const part: RandomPart = {
    scenario,
    ...(name === undefined ? {} : { case: name }),
    strategy,
    verdict,
    seed,
    runs,
    moves,
    hash,
    cpuMs: Math.round(cpuMs * 1000) / 1000,
    ...(sample.seed === undefined ? {} : { lastSeed: sample.seed }),
    ...(violation === undefined ? {} : { violation }),
    ...(isShown ? { counterexample: runPart(search, path, played) } : {}),
  };
  const cut = verdict === "stopped" ? signal : undefined;
  const ended = violation === undefined ? explorationStatus.clean : explorationStatus.violation;
  const stopped = cut === "SIGTERM" ? exitStatus.terminated : exitStatus.interrupted;
  const status = cut === undefined ? ended : stopped;
  if (options.output === "json") {
    const mark = { schema: { name: "blockferry.explore-random", version: 1 }, exitStatus: status };
    writeJsonDocument(stdout, { ...mark, ...(cut === undefined ? {} : { signal: cut }), ...part });
  } else stdout.write(randomText(part, colorsFor(stdout, context.surroundings, context.color)));
  if (cut !== undefined) {
    const next = seed + runs;
    stderr.write(`blockferry: ${cut}: ${runs} runs were made; --random ${next} goes on\n`);
  }
  if (options.trace !== undefined && played !== undefined) writeTrace(options.trace, played);
  return status;
}
