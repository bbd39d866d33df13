import { type Command, Option } from "commander";
import { act, type Context } from "../context.ts";
import { type TraceFormat, traceFormats } from "../output/trace-format.ts";
import type { OutputFormat } from "../report/error-report.ts";
import { strategyNames } from "../strategy-names.ts";
import {
  addDeviceOptions,
  type DeviceOptions,
  deviceHelp,
  numberFrom,
  outputOption,
  rangesHelp,
  toDeviceOption,
} from "./device-options.ts";

export interface CopyCommandOptions extends DeviceOptions {
  readonly to: string;
  readonly toDevice?: string;
  readonly force?: boolean;
  readonly readonly?: boolean;
  readonly strategy: string;
  readonly emulate?: boolean;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
  readonly progress?: boolean;
  readonly output: OutputFormat;
  readonly timeout: number;
  readonly retries: number;
  readonly trace?: string;
  readonly traceFormat?: TraceFormat;
}

const examples = `
Examples:
  $ blockferry copy nvme-model:disk.img 0+2048,8192+64 --to 65536 --verify
  # blockferry copy /dev/nvme0n1 0+2048 --to 1GiB --verify
  # blockferry copy '/dev/sda?lun1=/dev/sdb' 0+2048 --to-device lun1 --to 0
  $ blockferry copy 'nvme-model:disk.img?mssrl=128&mcl=512&msrc=15' 0+2048 --to 65536 -o json
  $ blockferry copy nvme-model:disk.img @extents.txt --to 1GiB -p
  $ blockferry copy nvme-model:disk.img 0+2048 --to 1024 --emulate    # they overlap
  $ blockferry copy 'scsi-model:a.img?lun1=b.img' 0+2048 --to-device lun1 --to 65536 --verify
  $ blockferry copy nvme-model:disk.img 0+64 --to 512 --stack linear:0+1000,5000+1000
  $ blockferry copy nvme-model:disk.img 0+64 --to 512 --trace run.json    # for ui.perfetto.dev

A copy that was interrupted is completed by running the same line again. SIGUSR1 prints a line
of progress. Exit status: 0 all copied, 130 interrupted, others as sg3_utils has them (README).`;

function strategyOption(): Option {
  const option = new Option(
    "--strategy <NAME>",
    "how source and destination are paired on their way; NAME:option=value,… sets options",
  ).default("source-list");
  // For completion alone: options behind the name are legal too.
  option.argChoices = [...strategyNames];
  return option;
}

function traceFormatOption(): Option {
  return new Option(
    "--trace-format <FORMAT>",
    "jsonl: JSON lines; chrome: a timeline for Perfetto; blkparse: text " +
      "(default: chrome for FILE.json, blkparse for FILE.txt, jsonl for others)",
  ).choices(traceFormats);
}

export function defineCopy(program: Command, context: Context): void {
  const command = program
    .command("copy")
    .summary("copy blocks inside a device, and say range by range how")
    .description(
      "Copy the source RANGEs, one behind the other, to the place --to, inside DEVICE and by the device itself.",
    )
    .argument("<DEVICE>", "device URI")
    .argument("<RANGE...>", "source ranges, in order; @FILE reads them from a file")
    .requiredOption("--to <LBA>", "first block of the destination")
    .addOption(toDeviceOption())
    .addOption(strategyOption())
    .option("--emulate", "copy through the host what the device will not take")
    .option("--verify", "compare destination, sources and guard blocks past the copy's own path")
    .option("-n, --dry-run", "plan and check, send nothing")
    .option("-p, --progress", "show progress on standard error")
    .addOption(outputOption(["normal", "json", "jsonl"]))
    .option("--timeout <SECONDS>", "time a command may take", numberFrom(0.001, false), 30)
    .option(
      "--retries <N>",
      "how often to repeat what the device calls retryable",
      numberFrom(0, true),
      5,
    )
    .option("--trace <FILE>", "write what happens to bios, requests and commands")
    .addOption(traceFormatOption());
  addDeviceOptions(command)
    .option(
      "--force",
      "use an image in spite of another process's lock, a device in spite of what is on it",
    )
    .option("--readonly", "open image or device for reading only; the device then refuses to copy")
    .addHelpText("after", rangesHelp + deviceHelp + examples)
    .action((device: string, ranges: string[], options: CopyCommandOptions) =>
      act(context, options.output, async () => {
        const { runCopy } = await import("./run-copy.ts");
        return runCopy(device, ranges, options, context);
      }),
    );
}
