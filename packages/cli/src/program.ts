import { Command, CommanderError, Option } from "commander";
import { defineCompare } from "./commands/compare-command.ts";
import { defineCopy } from "./commands/copy-command.ts";
import { defineDecode } from "./commands/decode-command.ts";
import { defineDemo } from "./commands/demo-command.ts";
import { defineExplore } from "./commands/explore-command.ts";
import { defineInfo } from "./commands/info-command.ts";
import { defineList } from "./commands/list-command.ts";
import { defineListStrategies } from "./commands/list-strategies-command.ts";
import { definePlan } from "./commands/plan-command.ts";
import { type Context, contextIn } from "./context.ts";
import type { Surroundings } from "./output/surroundings.ts";
import { reportError, usageError } from "./report/error-report.ts";
import { version } from "./version.ts";

const HELP_COLUMNS_MAX = 100;

const examples = `
Examples:
  $ blockferry demo
  $ blockferry copy 'nvme-model:?size=1GiB' 0+2048,8192+64 --to 65536 --verify
  $ blockferry copy nvme-model:disk.img @extents.txt --to 1GiB -p
  $ blockferry info nvme-model:disk.img -o json
  # blockferry list
  # blockferry copy /dev/nvme0n1 0+2048 --to 65536 --verify
  $ blockferry plan nvme-model:disk.img 0+2048 --to 65536 -o hex
  $ blockferry decode nvme-sqe @sqe.hex
  $ blockferry explore asynchronous-stacking
  $ blockferry compare

Results go to standard output, everything else to standard error.`;

function colorOption(): Option {
  return new Option("--color <WHEN>", "colours; auto: on terminals, unless NO_COLOR is set")
    .choices(["auto", "always", "never"])
    .default("auto");
}

/** The tree of commands. */
function buildProgram(context: Context): Command {
  const { stdout, stderr } = context.surroundings;
  const program = new Command("blockferry");
  program
    .description(
      "Move blocks inside a device without carrying them through the host, and say truthfully how.",
    )
    .version(version, "-V, --version")
    .addOption(colorOption())
    .showSuggestionAfterError()
    .helpCommand("help [COMMAND]", "show help for a command")
    .addHelpText("after", examples)
    .hook("preAction", () => {
      context.color = program.opts().color;
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns, HELP_COLUMNS_MAX),
      getErrHelpWidth: () => Math.min(stderr.columns, HELP_COLUMNS_MAX),
    });
  defineCopy(program, context);
  defineInfo(program, context);
  defineList(program, context);
  definePlan(program, context);
  defineDecode(program, context);
  defineListStrategies(program, context);
  defineExplore(program, context);
  defineCompare(program, context);
  defineDemo(program, context);
  return program;
}

function wantsCompletion(words: readonly string[]): boolean {
  const asked = ["completion", "complete", "help", "--help", "-h"];
  return words.length === 0 || words.some((word) => asked.includes(word));
}

/** Runs the command line; returns the exit status. Errors are reported, not thrown. */
export async function runCli(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const context = contextIn(surroundings);
  try {
    const program = buildProgram(context);
    if (wantsCompletion(words)) {
      const { addCompletion } = await import("./commands/completion.ts");
      addCompletion(program);
    }
    await program.parseAsync(words, { from: "user" });
    return context.exitStatus;
  } catch (error) {
    const report = (thrown: unknown): number =>
      reportError(thrown, "normal", surroundings, context.statusOfError);
    if (!(error instanceof CommanderError)) return report(error);
    const isHelp = /^commander\.(?:help|helpDisplayed|version)$/.test(error.code);
    return isHelp ? error.exitCode : report(usageError(error.code, error.message));
  }
}
