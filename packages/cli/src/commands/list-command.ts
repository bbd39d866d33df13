import type { Command } from "commander";
import { act, type Context } from "../context.ts";
import { outputOption, verboseOption } from "./device-options.ts";

export interface ListCommandOptions {
  readonly output: "normal" | "json";
  readonly verbose?: number;
}

const examples = `
Examples:
  $ blockferry list
  $ blockferry list -o json | jq '.devices[] | select(.limits.copyShape)'

Devices are asked as root, or with the capabilities CAP_SYS_ADMIN (NVMe) and CAP_SYS_RAWIO (SCSI);
nothing is written to them. Linux only.`;

export function defineList(program: Command, context: Context): void {
  program
    .command("list")
    .summary("show the block devices of this machine, and which of them can copy")
    .description(
      "Show block devices with their copy capability and limits, or the reason why there is none, and the file systems on them that share blocks.",
    )
    .addOption(verboseOption())
    .addOption(outputOption(["normal", "json"]))
    .addHelpText("after", examples)
    .action((options: ListCommandOptions) =>
      act(context, options.output, async () => {
        const { runList } = await import("./run-list.ts");
        return runList(options, context.surroundings);
      }),
    );
}
