import { exitStatusOfError } from "@blockferry/core/exit-status";
import type { ColorWhen } from "./output/colors.ts";
import type { Surroundings } from "./output/surroundings.ts";
import { type OutputFormat, reportError } from "./report/error-report.ts";

/** One run of the command line. */
export interface Context {
  readonly surroundings: Surroundings;
  /** What the process will exit with. */
  exitStatus: number;
  /** `--color`. */
  color: ColorWhen;
  /** Exit status of an error; a command may have its own. */
  statusOfError: (error: unknown) => number;
}

export function contextIn(surroundings: Surroundings): Context {
  return { surroundings, exitStatus: 0, color: "auto", statusOfError: exitStatusOfError };
}

/** Runs the work of a command; what it throws becomes a message and an exit status. */
export async function act(
  context: Context,
  format: OutputFormat,
  work: () => Promise<number>,
): Promise<void> {
  try {
    context.exitStatus = await work();
  } catch (error) {
    context.exitStatus = reportError(error, format, context.surroundings, context.statusOfError);
  }
}
