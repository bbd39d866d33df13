import { parsePath, replay } from "@blockferry/explorer";
import type { Context } from "../context.ts";
import { type CaseSearch, runPart } from "../explore/case-search.ts";
import { explorationStatus } from "../explore/exploration-status.ts";
import { writeTrace } from "../explore/run-trace.ts";
import { colorsFor } from "../output/colors.ts";
import { stepLines } from "../report/exploration-report.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import { strategyMaker } from "../strategies.ts";
import type { ExploreCommandOptions } from "./explore-command.ts";

/** `blockferry explore SCENARIO --path TEXT`: plays a run again. */
export async function runReplay(
  search: CaseSearch,
  text: string,
  options: ExploreCommandOptions,
  context: Context,
): Promise<number> {
  const { stdout } = context.surroundings;
  const path = parsePath(text);
  const make = await strategyMaker(search.strategy);
  const played = replay(search.world, make(), path);
  const part = runPart(search, path, played);
  const { violation } = part;
  const status = violation === undefined ? explorationStatus.clean : explorationStatus.violation;
  if (options.output === "json") {
    const { scenario, case: name, strategy } = search;
    writeJsonDocument(stdout, {
      schema: { name: "blockferry.replay", version: 1 },
      exitStatus: status,
      scenario,
      case: name,
      strategy,
      ...part,
    });
  } else {
    const colors = colorsFor(stdout, context.surroundings, context.color);
    const end =
      violation === undefined
        ? `${colors.good("=>")} nothing is wrong`
        : `${colors.bad("=>")} ${violation.kind}: ${violation.message}`;
    stdout.write(`${[...stepLines(part, colors), `  ${end}`].join("\n")}\n`);
  }
  if (options.trace !== undefined) writeTrace(options.trace, played);
  return status;
}
