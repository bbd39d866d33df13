import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { allocation } from "./parts/allocation.ts";
import { compilePrograms } from "./parts/c-programs.ts";
import { codec } from "./parts/codec.ts";
import { copyPath } from "./parts/copy-path.ts";
import { exploration } from "./parts/exploration.ts";
import { fileCopy } from "./parts/file-copy.ts";
import { gather } from "./parts/gather.ts";
import { pairing } from "./parts/pairing.ts";
import type { Part } from "./parts/part.ts";
import { realDevices } from "./parts/real-devices.ts";
import { scsiAta } from "./parts/scsi-ata.ts";
import { sweep } from "./place/mounted-image.ts";
import type { BenchDocument, Row } from "./report/document.ts";
import { documentText } from "./report/text.ts";

const parts: readonly Part[] = [
  copyPath,
  allocation,
  pairing,
  codec,
  scsiAta,
  fileCopy,
  gather,
  exploration,
  realDevices,
];

interface Options {
  readonly only: readonly Part[];
  readonly quick: boolean;
  readonly rounds?: number;
  readonly output: "table" | "json";
  readonly save?: string;
}

function parseParts(text: string): readonly Part[] {
  return text.split(",").map((name) => {
    const part = parts.find((one) => one.name === name);
    if (part !== undefined) return part;
    throw new InvalidArgumentError(`the parts are ${parts.map((one) => one.name).join(", ")}`);
  });
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new InvalidArgumentError("rounds are a whole number from 1 on");
}

async function measure(options: Options): Promise<BenchDocument> {
  const started = Date.now();
  const rows: Row[] = [];
  const skipped: string[] = [];
  const loadAverage = loadavg()[0] ?? 0;
  const programs = compilePrograms();
  sweep();
  for (const part of options.only) {
    await part.run({
      quick: options.quick,
      rounds: options.rounds ?? 3,
      programs,
      add: (...more) => void rows.push(...more),
      skip: (why) => void skipped.push(why),
      progress: (text) => void process.stderr.write(`${text}\n`),
    });
  }
  if (typeof programs !== "string") programs.remove();
  return {
    schema: "blockferry-bench/1",
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown CPU",
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
      kernel: release(),
      node: process.version,
      compiler: typeof programs === "string" ? programs : programs.compiler,
      loadAverage,
    },
    quick: options.quick,
    seconds: (Date.now() - started) / 1000,
    rows,
    skipped,
  };
}

async function main(options: Options): Promise<void> {
  const document = await measure(options);
  const json = `${JSON.stringify(document, undefined, 2)}\n`;
  if (options.save !== undefined) writeFileSync(options.save, json);
  process.stdout.write(options.output === "json" ? json : documentText(document));
}

const program = new Command("bench")
  .description("Measures blockferry against C, cp, dd and code written by hand, on this machine.")
  .addOption(
    new Option("--only <parts>", `parts to measure: ${parts.map(({ name }) => name).join(",")}`)
      .argParser(parseParts)
      .default(parts, "all"),
  )
  .option("--quick", "shorter measurements and smaller files", false)
  .addOption(new Option("--rounds <number>", "rounds, default 3").argParser(parseRounds))
  .addOption(
    new Option("-o, --output <format>", "what to print")
      .choices(["table", "json"])
      .default("table"),
  )
  .option("--save <file>", "also write the JSON document to a file")
  .addHelpText(
    "after",
    `\nParts:\n${parts.map(({ name, title }) => `  ${name.padEnd(11)} ${title}`).join("\n")}\n`,
  );

// Leaving by exit() is what removes folders and mounts.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
program.parse();
await main(program.opts<Options>());
