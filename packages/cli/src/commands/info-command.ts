import type { Command } from "commander";
import { act, type Context } from "../context.ts";
import { parametersHelp } from "../device/parameters-help.ts";
import { addDeviceOptions, type DeviceOptions, outputOption } from "./device-options.ts";

export interface InfoCommandOptions extends DeviceOptions {
  readonly output: "normal" | "json";
}

const examples = `
Examples:
  $ blockferry info nvme-model:disk.img
  # blockferry info /dev/nvme0n1 -v
  $ blockferry info 'nvme-model:?size=1GiB&peer=qemu-7.2' -o json
  $ blockferry info 'scsi-model:disk.img?profile=lio'
  $ blockferry info 'ata-model:?size=1GiB&preset=qemu-7.2'`;

export function defineInfo(program: Command, context: Context): void {
  const command = program
    .command("info")
    .summary("show what a device can do, in its own words and as queue limits")
    .description("Show capabilities and limits of DEVICE.")
    .argument("<DEVICE>", "device URI")
    .addOption(outputOption(["normal", "json"]));
  addDeviceOptions(command)
    .addHelpText("after", `${parametersHelp}${examples}`)
    .action((device: string, options: InfoCommandOptions) =>
      act(context, options.output, async () => {
        const { runInfo } = await import("./run-info.ts");
        return runInfo(device, options, context);
      }),
    );
}
