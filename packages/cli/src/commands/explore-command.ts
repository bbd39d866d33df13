import type { ReductionKind } from "@blockferry/explorer";
import { type Command, Option } from "commander";
import { act, type Context } from "../context.ts";
import { explorationStatusOfError } from "../explore/exploration-status.ts";
import { strategyNames } from "../strategy-names.ts";
import { numberFrom, outputOption } from "./device-options.ts";

export interface ExploreCommandOptions {
  readonly list?: boolean;
  readonly all?: boolean;
  readonly case?: string;
  readonly strategy?: string;
  readonly allViolations?: boolean;
  readonly reduction: ReductionKind;
  readonly statesMax: number;
  readonly memoryMax: string;
  readonly threads?: number;
  readonly random?: number;
  readonly runs: number;
  readonly path?: string;
  readonly trace?: string;
  readonly output: "normal" | "json";
}

const STATES_MAX = 20_000_000;
const RUNS = 10_000;

const examples = `
Examples:
  $ blockferry explore --list
  $ blockferry explore SCENARIO                       # every case of a scenario
  $ blockferry explore SCENARIO --strategy list-token # another way of pairing in its world
  $ blockferry explore my-scenario.json --case posted --trace timeline.json
  $ blockferry explore --all -o json

What a case is known to end in is part of the scenario: a violation that is expected is no
failure. Ctrl-C prints what was explored so far. Exit status: 0 clean, or every case ended as
expected; 1 a violation, or an unexpected end; 2 the command line or the scenario is wrong;
3 a bound was reached, nothing was met by then; 130 interrupted; others as for "copy".`;

/** `--strategy` with the names for completion alone: options behind the name are legal too. */
function strategyOption(): Option {
  const option = new Option(
    "--strategy <NAME>",
    "this way of pairing in the scenario's world, in the place of its cases; NAME:option=value,…",
  );
  option.argChoices = [...strategyNames];
  return option;
}

/** Options of what is searched, and how far. */
function addSearchOptions(command: Command): Command {
  return command
    .option("--case <NAME>", "this case of the scenario alone")
    .addOption(strategyOption())
    .option("--all-violations", "go on after a violation, and count all")
    .addOption(
      new Option(
        "--reduction <WHAT>",
        "what is left out as it makes no difference: states between steps, only ways to a state, none",
      )
        .choices(["states", "ways", "none"] satisfies ReductionKind[])
        .default("states"),
    )
    .option(
      "--states-max <N>",
      "states of one search at most; beyond, the verdict is bounded",
      numberFrom(1, true),
      STATES_MAX,
    )
    .option("--memory-max <SIZE>", "memory for the states of one search, likewise", "2GiB")
    .option(
      "--threads <N>",
      "searches at one time (default: as many as there are cores); a single one is divided",
      numberFrom(1, true),
    );
}

export function defineExplore(program: Command, context: Context): void {
  const command = program
    .command("explore")
    .summary("try every order of steps of a scenario, and show what breaks it")
    .description(
      "Run the engine and a way of pairing in the world of SCENARIO under every order of steps and every fault that it has, and print the verdict; of a violation the shortest way to it. SCENARIO is the name of a published scenario or the path of a file.",
    )
    .argument("[SCENARIO]", "name of a scenario, or path of a file; - is standard input")
    .option("--list", "list the published scenarios")
    .option("--all", "explore every published scenario");
  addSearchOptions(command)
    .option(
      "--random <SEED>",
      "random runs in the place of all, from this seed on",
      numberFrom(0, true),
    )
    .option("--runs <N>", "how many random runs", numberFrom(1, true), RUNS)
    .option("--path <TEXT>", "play a run again, as a report printed it")
    .option("--trace <FILE>", "write the run that is shown as a timeline; .json for Perfetto, .txt")
    .addOption(outputOption(["normal", "json"]))
    .addHelpText("after", examples)
    .action((scenario: string | undefined, options: ExploreCommandOptions) => {
      context.statusOfError = explorationStatusOfError;
      return act(context, options.output, async () => {
        const { runExplore } = await import("./run-explore.ts");
        return runExplore(scenario, options, context);
      });
    })
    .exitOverride((error) => {
      context.statusOfError = explorationStatusOfError;
      throw error;
    });
}
