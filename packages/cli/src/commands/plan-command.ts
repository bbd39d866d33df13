import { type Command, Option } from "commander";
import { act, type Context } from "../context.ts";
import {
  addDeviceOptions,
  type DeviceOptions,
  deviceHelp,
  outputOption,
  rangesHelp,
  toDeviceOption,
} from "./device-options.ts";

const tools = ["nvme-cli", "sg_xcopy", "ddpt"] as const;

/** A tool whose command lines a plan can be printed as. */
export type PlanTool = (typeof tools)[number];

export interface PlanCommandOptions extends DeviceOptions {
  readonly to: string;
  readonly toDevice?: string;
  readonly output: "normal" | "json" | "hex";
  readonly as?: PlanTool;
}

const examples = `
Examples:
  $ blockferry plan nvme-model:disk.img 0+2048 --to 65536
  $ blockferry plan nvme-model:disk.img 0+2048 --to 65536 -o hex
  $ blockferry plan nvme-model:disk.img 0+2048,8192+64 --to 65536 --as nvme-cli
  $ blockferry plan 'scsi-model:?size=1GiB' 0+2048,8192+64 --to 65536 --as sg_xcopy`;

export function definePlan(program: Command, context: Context): void {
  const command = program
    .command("plan")
    .summary("show the commands that a copy would send, to the byte")
    .description(
      "Cut a copy into the commands that DEVICE's limits allow and print them; nothing is sent.",
    )
    .argument("<DEVICE>", "device URI")
    .argument("<RANGE...>", "source ranges, in order; @FILE reads them from a file")
    .requiredOption("--to <LBA>", "first block of the destination")
    .addOption(toDeviceOption())
    .addOption(outputOption(["normal", "json", "hex"]))
    .addOption(
      new Option("--as <TOOL>", "print the plan as command lines of another tool").choices(tools),
    );
  addDeviceOptions(command)
    .addHelpText("after", rangesHelp + deviceHelp + examples)
    .action((device: string, ranges: string[], options: PlanCommandOptions) =>
      act(context, options.output, async () => {
        const { runPlan } = await import("./run-plan.ts");
        return runPlan(device, ranges, options, context.surroundings);
      }),
    );
}
