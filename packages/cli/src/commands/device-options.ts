import { type Command, InvalidArgumentError, Option } from "commander";

/** Options that every command on a device has. */
export interface DeviceOptions {
  readonly stack?: readonly string[];
  readonly verbose?: number;
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** `-v`, which may be given twice. */
export function verboseOption(): Option {
  return new Option(
    "-v, --verbose",
    "print each command and its answer, decoded, on standard error; -vv with all bytes and fields",
  ).argParser((_value: unknown, before: number | undefined) => (before ?? 0) + 1);
}

/** Adds the options of every command on a device. Planning and looking need no lock: they change nothing. */
export function addDeviceOptions(command: Command): Command {
  return command
    .addOption(verboseOption())
    .option(
      "--stack <SPEC>",
      "put a layer above the device: partition:RANGE, linear:PART,PART…, " +
        "striped:BLOCKS,PART,PART…, asynchronous:WORKERS; repeat from bottom to top",
      collect,
    );
}

/** A number of at least `min`, for an option's argument. */
export function numberFrom(min: number, isWhole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const isGood = text.trim() !== "" && Number.isFinite(value) && value >= min;
    if (!isGood || (isWhole && !Number.isSafeInteger(value))) {
      throw new InvalidArgumentError(
        `It must be a ${isWhole ? "whole " : ""}number from ${min} on.`,
      );
    }
    return value;
  };
}

/** `--to-device`. */
export function toDeviceOption(): Option {
  return new Option(
    "--to-device <NAME>",
    "namespace or unit of DEVICE that --to is a place of: ns2, lun1 (default: that of the sources)",
  );
}

/** `-o`, with the formats that a command has; the first is the default. */
export function outputOption(formats: readonly string[]): Option {
  return new Option("-o, --output <FORMAT>", "how to print the result")
    .choices(formats)
    .default(formats[0]);
}

export const rangesHelp = `
Ranges and places:
  LBA+COUNT      COUNT blocks from LBA on (COUNT is one-based; "+" never adds)
  FIRST-LAST     blocks FIRST to LAST, both included
  A,B,…          several ranges in one argument
  @FILE, @-      one range a line: LBA+COUNT, LBA,COUNT or FIRST-LAST; # begins a comment
  A plain number (2048, 0x800, 800h) counts blocks; a number with a unit of sg3_utils
  (64k, 1MiB, 1GB, 1b = 512) is bytes and must be a whole number of blocks.
`;

export const deviceHelp = `
Devices:
  /dev/nvme0n1, /dev/ng0n1, /dev/sda, /dev/sg0
                                 a real namespace or logical unit, on Linux
  file:disk.img                  a file: the kernel clones or copies in it, on Linux
  nvme-model:disk.img            an emulated NVMe namespace over a raw image
  nvme-model:?size=1GiB          the same in memory
  nvme-model:disk.img?mssrl=128&mcl=512&msrc=15
                                 with limits as Identify Namespace writes them (msrc is 0's based)
  scsi-model:disk.img?profile=lio
                                 an emulated SCSI target that copies as Linux's does
  scsi-model:disk.img?copy=token&lun1=other.img
                                 one with two logical units, copying by tokens
  ata-model:disk.img             an emulated ATA disk with WRITE GATHERED EXT (provisional)
  All parameters: see "blockferry info --help".
`;
