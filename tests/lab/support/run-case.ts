import { mkdirSync } from "node:fs";
import { type CliDocument, type Outcome, start } from "./command-line.ts";
import type { Bench, LabCase, Rig } from "./lab-case.ts";

/** What a run of the command line came to, in terms that hold for a device and for its model. */
export interface Observation {
  readonly exitStatus: number | undefined;
  readonly code?: string | undefined;
  readonly status?: string | undefined;
  readonly blocks?: Record<string, number | undefined>;
  readonly commands?: readonly string[];
  readonly ranges?: readonly string[];
}

/** What a case came to on one side. */
export interface CaseReport {
  readonly name: string;
  readonly error?: string;
  readonly observations: readonly Observation[];
}

/** The command line as it was built; the guest has the same working folder. */
const blockferry = "packages/cli/bin/blockferry.js";

type Part = NonNullable<CliDocument["commands"]>[number];

function told({ blocks, status, deviceStatus }: Part): string {
  if (deviceStatus === undefined) return `${blocks} ${status}`;
  const fields = Object.entries(deviceStatus.fields).map(([name, value]) => `${name}=${value}`);
  return `${blocks} ${status}: ${deviceStatus.name} ${fields.join(" ")}`;
}

function observed({ exitStatus, document }: Outcome): Observation {
  if (document === undefined) return { exitStatus };
  if (document.code !== undefined) return { exitStatus, code: document.code };
  const { copiedBlocks, offloadedBlocks, clonedBlocks, kernelCopiedBlocks } = document;
  const { emulatedBlocks, bytesThroughHost } = document;
  return {
    exitStatus,
    status: document.status,
    blocks: {
      ...{ copiedBlocks, offloadedBlocks, clonedBlocks, kernelCopiedBlocks },
      ...{ emulatedBlocks, bytesThroughHost },
    },
    commands: (document.commands ?? []).map(told),
    ranges: (document.ranges ?? []).map((one) => `${one.range} ${one.means} ${told(one)}`),
  };
}

/** Runs one case. What it throws is in the report. */
export async function runCase(
  labCase: LabCase,
  disk: ReturnType<Rig["real"]>,
  surroundings: Pick<Bench, "side" | "kernel" | "scratch">,
): Promise<CaseReport> {
  const observations: Observation[] = [];
  const runAside = (...words: string[]) => start(blockferry, [...words, "-o", "json"]).outcome;
  const bench: Bench = {
    ...surroundings,
    disk,
    async cli(...words) {
      const outcome = await runAside(...words);
      observations.push(observed(outcome));
      return outcome;
    },
    cliAside: runAside,
    startCli: (...words) => start(blockferry, [...words, "-o", "json"]),
  };
  mkdirSync(surroundings.scratch, { recursive: true });
  try {
    await labCase.run(bench);
    return { name: labCase.name, observations };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name: labCase.name, error: text, observations };
  }
}
