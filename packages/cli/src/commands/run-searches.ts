import { exitStatus } from "@blockferry/core/exit-status";
import type { Context } from "../context.ts";
import { type CaseSearch, exploredPart } from "../explore/case-search.ts";
import { explorationStatus } from "../explore/exploration-status.ts";
import { statesWithin } from "../explore/memory-bound.ts";
import { writeTrace } from "../explore/run-trace.ts";
import type { SearchResult } from "../explore/search-job.ts";
import { searchAll } from "../explore/search-pool.ts";
import { bytesText } from "../output/bytes-text.ts";
import { colorsFor } from "../output/colors.ts";
import { type Interruption, watchInterruption } from "../output/interruption.ts";
import { countText, showSearchProgress } from "../output/search-progress.ts";
import { parseBlocks } from "../parse/quantity.ts";
import { exploredLine, exploredText } from "../report/exploration-report.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import type { BoundsPart, ExploredPart } from "../schema/explore-document.ts";
import type { ExploreCommandOptions } from "./explore-command.ts";

export interface SearchesOptions extends ExploreCommandOptions {
  readonly threads: number;
  /** A line for each search. */
  readonly isBrief: boolean;
}

const nowMs = (): number => performance.now();

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
    const more = left === 0 ? "" : `; ${left} were not begun`;
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
  const { statesMax, allViolations, reduction } = bounds;
  return { scenario: world, strategy, statesMax, all: allViolations, reduce: reduction };
}

/** Carries searches out in threads; each is written when it and those before it have ended. */
async function searchAndWrite(
  searches: readonly CaseSearch[],
  options: SearchesOptions,
  bounds: BoundsPart,
  context: Context,
): Promise<{ results: readonly (SearchResult | undefined)[]; signal: Interruption["signal"] }> {
  const { surroundings } = context;
  const { stdout, stderr } = surroundings;
  const colors = colorsFor(stdout, surroundings, context.color);
  const text = options.isBrief ? exploredLine : exploredText;
  const held: SearchResult[] = [];
  const write = inOrder(searches.length, (number) => {
    if (options.output === "json") return;
    stdout.write(text(exploredPart(searches[number], held[number]), colors));
  });
  const interruption = watchInterruption(surroundings);
  let ended = 0;
  const pool = searchAll(
    searches.map((search) => jobOf(search, bounds)),
    {
      worker: surroundings.explorerThread,
      threads: options.threads,
      signal: interruption.abortSignal,
      onResult(number, result) {
        held[number] = result;
        ended++;
        write(number);
      },
    },
  );
  const what = (): string =>
    searches.length === 1 ? "1 search" : `${ended} of ${searches.length} searches`;
  const endProgress = showSearchProgress(stderr, nowMs, () => ({
    ...pool.progress(),
    what: what(),
  }));
  try {
    return { results: await pool.results, signal: interruption.signal };
  } finally {
    endProgress();
    interruption.end();
  }
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
  const shown = results[0]?.counterexample;
  if (options.trace !== undefined && shown !== undefined) writeTrace(options.trace, shown.replay);
  return status;
}
