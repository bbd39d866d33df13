import { availableParallelism } from "node:os";
import { exitStatus } from "@blockferry/core/exit-status";
import { hazardMatrix } from "../compare/hazard-matrix.ts";
import { strategyCosts } from "../compare/strategy-costs.ts";
import type { Context } from "../context.ts";
import { explorationStatus } from "../explore/exploration-status.ts";
import { watchedSearches } from "../explore/watched-searches.ts";
import { colorsFor } from "../output/colors.ts";
import type { Interruption } from "../output/interruption.ts";
import { isWorse, writeCompareText } from "../report/compare-report.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import type { CompareDocument, CostPart, HazardPart } from "../schema/compare-document.ts";
import { strategyNames } from "../strategy-names.ts";
import type { CompareCommandOptions } from "./compare-command.ts";

function statusOf(hazards: readonly HazardPart[], signal: Interruption["signal"]): number {
  if (signal === "SIGINT") return exitStatus.interrupted;
  if (signal === "SIGTERM") return exitStatus.terminated;
  const cells = hazards.flatMap((hazard) => hazard.cells);
  if (cells.some(isWorse)) return explorationStatus.violation;
  const isCut = cells.some(({ verdict }) => verdict === "undecided");
  return isCut ? explorationStatus.bounded : explorationStatus.clean;
}

/** `blockferry compare`. */
export async function runCompare(
  options: CompareCommandOptions,
  context: Context,
): Promise<number> {
  const { surroundings } = context;
  const { stdout, stderr } = surroundings;
  const strategies = options.strategies ?? strategyNames;
  const { stack = [], faults, statesMax } = options;
  const threads = options.threads ?? availableParallelism();
  let signal: Interruption["signal"];
  const hazards = await hazardMatrix(strategies, { stack, faults, statesMax }, async (jobs) => {
    if (signal !== undefined) return [];
    const watched = await watchedSearches(jobs, threads, surroundings);
    signal = watched.signal;
    return watched.results;
  });
  const costs: CostPart[] = [];
  if (signal === undefined) {
    for (const strategy of strategies) costs.push(...(await strategyCosts(strategy)));
  }
  const status = statusOf(hazards, signal);
  const document: CompareDocument = {
    schema: { name: "blockferry.compare", version: 1 },
    exitStatus: status,
    ...(signal === undefined ? {} : { signal }),
    strategies,
    stack,
    faults,
    statesMax,
    hazards,
    costs,
  };
  if (options.output === "json") {
    writeJsonDocument(stdout, { ...document, hazards: hazards.values(), costs: costs.values() });
  } else writeCompareText(stdout, document, colorsFor(stdout, surroundings, context.color));
  if (signal !== undefined) {
    stderr.write(
      `blockferry: ${signal}: what was explored so far is printed; --strategies takes few\n`,
    );
  }
  return status;
}
