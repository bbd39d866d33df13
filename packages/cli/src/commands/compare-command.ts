import { type Command, Option } from "commander";
import { act, type Context } from "../context.ts";
import { explorationStatusOfError } from "../explore/exploration-status.ts";
import { strategyNames } from "../strategy-names.ts";
import { collect, numberFrom, outputOption } from "./device-options.ts";

export interface CompareCommandOptions {
  readonly strategies?: readonly string[];
  readonly stack?: readonly string[];
  readonly faults: number;
  readonly statesMax: number;
  readonly threads?: number;
  readonly output: "normal" | "json";
}

const STATES_MAX = 1_000_000;

const examples = `
Examples:
  $ blockferry compare
  $ blockferry compare --strategies plug-pair plug-pair:match=size list-token
  $ blockferry compare --stack asynchronous:2 --faults 1 -o json
  $ blockferry explore hazard:reload --strategy list-token    # one cell, step by step

Each hazard has a small world. survives: no copy is lost but for what the hazard takes away;
refuses: some are, and what is said of them is true; breaks: a wrong block, a wrong report, a
wait without end. * marks what is not as the strategy says of itself. Exit status: 0 no strategy
does worse than it says of itself; 1 one does; 2 the command line is wrong; 3 a bound was reached;
130 interrupted; others as for "copy".`;

function strategiesOption(): Option {
  const option = new Option(
    "--strategies <NAME...>",
    "ways of pairing; NAME:option=value,… (default: each in its own form)",
  );
  // For completion alone: options behind the name are legal too.
  option.argChoices = [...strategyNames];
  return option;
}

export function defineCompare(program: Command, context: Context): void {
  program
    .command("compare")
    .summary("measure what each way of pairing survives, and what it costs")
    .description(
      "Explore each strategy under each hazard, and count what a copy of 1 MiB takes with it, in 1, 8, 16, 128 and 256 ranges, on an emulated device.",
    )
    .addOption(strategiesOption())
    .option(
      "--stack <SPEC>",
      "put a layer above every world: partition:RANGE, linear:PART,PART…, " +
        "striped:BLOCKS,PART,PART…, asynchronous:WORKERS; repeat from bottom to top",
      collect,
    )
    .option("--faults <N>", "faults of any kind beside each hazard", numberFrom(0, true), 0)
    .option(
      "--states-max <N>",
      "states of one search at most; beyond, the verdict is undecided",
      numberFrom(1, true),
      STATES_MAX,
    )
    .option(
      "--threads <N>",
      "searches at one time (default: as many as there are cores)",
      numberFrom(1, true),
    )
    .addOption(outputOption(["normal", "json"]))
    .addHelpText("after", examples)
    .action((options: CompareCommandOptions) => {
      context.statusOfError = explorationStatusOfError;
      return act(context, options.output, async () => {
        const { runCompare } = await import("./run-compare.ts");
        return runCompare(options, context);
      });
    })
    .exitOverride((error) => {
      context.statusOfError = explorationStatusOfError;
      throw error;
    });
}
