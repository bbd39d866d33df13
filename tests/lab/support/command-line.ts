import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Parts of `-o json` documents that the tests look at; the command line's schemas have all of them. */
export interface CliDocument {
  readonly schema: { readonly name: string };
  readonly exitStatus: number;
  readonly status?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly copiedBlocks?: number;
  readonly offloadedBlocks?: number;
  readonly clonedBlocks?: number;
  readonly kernelCopiedBlocks?: number;
  readonly emulatedBlocks?: number;
  readonly bytesThroughHost?: number;
  readonly cost?: { readonly commands: number };
  readonly peer?: { readonly name: string; readonly deviations: readonly string[] };
  readonly native?: readonly { readonly fields: Readonly<Record<string, unknown>> }[];
  readonly verification?: { readonly verdict: string };
  readonly commands?: readonly CliPart[];
  readonly ranges?: readonly CliRange[];
}

interface CliRange extends CliPart {
  readonly range: number;
  readonly destination: number;
  readonly means: string;
}

interface CliPart {
  readonly blocks: number;
  readonly status: string;
  readonly deviceStatus?: { readonly name: string; readonly fields: Record<string, unknown> };
}

/** How a run of the command line ended. */
export interface Outcome {
  /** undefined: it was killed */
  readonly exitStatus: number | undefined;
  /** undefined: it printed none */
  readonly document: CliDocument | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on. */
export interface Running {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

// Ends what hangs; the emulated processor takes two seconds to start Node and the command line.
const timeoutMs = 240_000;

/** Starts the built command line. */
export function start(main: string, words: readonly string[]): Running {
  const process = spawn(globalThis.process.execPath, [main, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  return { process, outcome: outcomeOf(process) };
}

async function outcomeOf(process: ChildProcess): Promise<Outcome> {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    process[name]?.setEncoding("utf8").on("data", (more) => {
      text[name] += more;
    });
  }
  const [code] = (await once(process, "close")) as [number | null];
  const document = text.stdout.startsWith("{") ? JSON.parse(text.stdout) : undefined;
  return { exitStatus: code ?? undefined, document, ...text };
}
