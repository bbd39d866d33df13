import { exitStatus } from "@blockferry/core/exit-status";
import { randomRuns, replay } from "@blockferry/explorer";
import type { Context } from "../context.ts";
import { type CaseSearch, exploredPart } from "../explore/case-search.ts";
import { explorationStatus } from "../explore/exploration-status.ts";
import { statesWithin } from "../explore/memory-bound.ts";
import { writeTrace } from "../explore/run-trace.ts";
import type { SearchResult } from "../explore/search-job.ts";
import { type WatchedSearches, watchedSearches } from "../explore/watched-searches.ts";
import { bytesText } from "../output/bytes-text.ts";
import { colorsFor } from "../output/colors.ts";
import type { Interruption } from "../output/interruption.ts";
import { countText } from "../output/search-progress.ts";
import { parseBlocks } from "../parse/quantity.ts";
import { exploredLine, exploredText } from "../report/exploration-report.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import type { BoundsPart, ExploredPart } from "../schema/explore-document.ts";
import { strategyMaker } from "../strategies.ts";
import type { ExploreCommandOptions } from "./explore-command.ts";

export interface SearchesOptions extends ExploreCommandOptions {
  readonly threads: number;
  /** A line for each search. */
  readonly isBrief: boolean;
}

function boundsOf(options: SearchesOptions): BoundsPart {
  const memoryMaxBytes = parseBlocks(options.memoryMax, 1);
  return {
    statesMax: Math.min(options.statesMax, statesWithin(memoryMaxBytes)),
    memoryMaxBytes,
    allViolations: options.allViolations === true,
    reduction: options.reduction,
  };
}

const isCut = ({ verdict }: ExploredPart): boolean =>
  verdict === "bounded" || verdict === "stopped";

function isBad(part: ExploredPart): boolean {
  if (isCut(part)) return false;
  return part.expected === undefined ? part.verdict === "violation" : part.difference !== undefined;
}

function statusOf(parts: readonly ExploredPart[], signal: Interruption["signal"]): number {
  if (signal === "SIGINT") return exitStatus.interrupted;
  if (signal === "SIGTERM") return exitStatus.terminated;
  if (parts.some(isBad)) return explorationStatus.violation;
  return parts.some(isCut) ? explorationStatus.bounded : explorationStatus.clean;
}

/** What to say on standard error about searches that are not whole. */
function adviceLines(
  parts: readonly ExploredPart[],
  left: number,
  signal: Interruption["signal"],
  bounds: BoundsPart,
): string[] {
  if (signal !== undefined) {
    const more = left === 0 ? "" : `, ${left} not begun`;
    return [
      `${signal}: what was explored so far is printed${more}; a search begins anew with the same line`,
      "--case takes one case alone; --random samples a world that is too large",
    ];
  }
  if (!parts.some(isCut)) return [];
  const { statesMax, memoryMaxBytes } = bounds;
  return [
    `not all was explored: at most ${countText(statesMax)} states in ${bytesText(memoryMaxBytes)}; ` +
      "--states-max and --memory-max raise that, --random samples",
  ];
}

/** Writes results in order of the searches as soon as those before are there. */
function inOrder(count: number, write: (number: number) => void): (number: number) => void {
  const ended = new Set<number>();
  let next = 0;
  return (number) => {
    ended.add(number);
    while (next < count && ended.has(next)) write(next++);
  };
}

function jobOf({ world, strategy }: CaseSearch, bounds: BoundsPart) {
  const { statesMax, memoryMaxBytes: memoryMax, allViolations: all, reduction } = bounds;
  return { scenario: world, strategy, statesMax, memoryMax, all, reduction };
}

/** Carries searches out in threads; each is written when it and those before it have ended. */
function searchAndWrite(
  searches: readonly CaseSearch[],
  options: SearchesOptions,
  bounds: BoundsPart,
  context: Context,
): Promise<WatchedSearches> {
  const { stdout } = context.surroundings;
  const colors = colorsFor(stdout, context.surroundings, context.color);
  const text = options.isBrief ? exploredLine : exploredText;
  const held: SearchResult[] = [];
  const write = inOrder(searches.length, (number) => {
    if (options.output === "json") return;
    stdout.write(text(exploredPart(searches[number], held[number]), colors));
  });
  const jobs = searches.map((search) => jobOf(search, bounds));
  return watchedSearches(jobs, options.threads, context.surroundings, (number, result) => {
    held[number] = result;
    write(number);
  });
}

/** Writes the timeline of the counterexample; where there is none, of a random run. */
async function traceOf(
  path: string,
  { world, strategy }: CaseSearch,
  result: SearchResult | undefined,
): Promise<void> {
  const shown = result?.counterexample?.replay;
  if (shown !== undefined) return writeTrace(path, shown);
  const make = await strategyMaker(strategy);
  const run = randomRuns(world, make, { seed: 1, runs: 1 });
  writeTrace(path, replay(world, make(), run.path ?? new Int32Array(0)));
}

/** Explores cases, and prints what came of each. */
export async function runSearches(
  searches: readonly CaseSearch[],
  options: SearchesOptions,
  context: Context,
): Promise<number> {
  const { stdout, stderr } = context.surroundings;
  const bounds = boundsOf(options);
  const { results, signal } = await searchAndWrite(searches, options, bounds, context);
  const parts = results.flatMap((result, i) =>
    result === undefined ? [] : [exploredPart(searches[i], result)],
  );
  const left = searches.length - parts.length;
  const cut = left > 0 || parts.some(({ verdict }) => verdict === "stopped") ? signal : undefined;
  const status = statusOf(parts, cut);
  if (options.output === "json") {
    writeJsonDocument(stdout, {
      schema: { name: "blockferry.explore", version: 1 },
      exitStatus: status,
      ...(cut === undefined ? {} : { signal: cut }),
      bounds,
      explored: parts.values(),
    });
  }
  for (const line of adviceLines(parts, left, cut, bounds)) stderr.write(`blockferry: ${line}\n`);
  if (options.trace !== undefined) {
    await traceOf(options.trace, searches[0], results[0]);
  }
  return status;
}
