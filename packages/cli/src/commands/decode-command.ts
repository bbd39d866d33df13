import type { Command } from "commander";
import { act, type Context } from "../context.ts";
import { numberFrom, outputOption } from "./device-options.ts";

export interface DecodeCommandOptions {
  readonly output: "normal" | "json";
  readonly format?: number;
  readonly profile?: string;
  readonly lenient?: boolean;
}

const examples = `
Examples:
  $ blockferry decode                                  # the structures
  $ blockferry plan nvme-model:disk.img 0+8 --to 64 -o hex
  $ blockferry decode nvme-ranges '0000000000000000 0000000000000000 0700…'
  $ blockferry decode scsi-cdb '83 00 00 00 00 00 00 00 00 00 00 00 00 68 00 00'
  $ nvme id-ns /dev/nvme0n1 -o binary | xxd -p | blockferry decode nvme-identify-namespace -

HEX may hold white space, 0x, # comments, and offsets that end in a colon; "-" reads standard
input, @FILE a file.`;

export function defineDecode(program: Command, context: Context): void {
  program
    .command("decode")
    .summary("explain bytes of a command or a structure, field by field")
    .description(
      "Explain the bytes of STRUCTURE field by field; where they break a rule, name it. Without arguments list the structures.",
    )
    .argument("[STRUCTURE]", "name of the structure")
    .argument("[HEX]", "bytes in hexadecimal, - or @FILE")
    .addOption(outputOption(["normal", "json"]))
    .option(
      "--format <N>",
      "source range format of nvme-ranges (default: as the bytes look)",
      numberFrom(0, true),
    )
    .option("--profile <NAME>", "profile of ata-write-gathered-list (default: acs6-provisional-66)")
    .option("--lenient", "accept reserved bits that are set")
    .addHelpText("after", examples)
    .action(
      (structure: string | undefined, hex: string | undefined, options: DecodeCommandOptions) =>
        act(context, options.output, async () => {
          const { runDecode } = await import("./run-decode.ts");
          return runDecode(structure, hex, options, context);
        }),
    );
}
