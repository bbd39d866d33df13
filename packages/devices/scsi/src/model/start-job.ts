import type { Command } from "./command.ts";
import type { CopyJob } from "./copy-job.ts";
import { abandonJob, runJob } from "./run-job.ts";
import { busy, type Refusal } from "./sense.ts";
import type { Target } from "./target.ts";

/** Runs a copy while its command waits. A fault of the command may cut it off. */
export function runForeground(target: Target, command: Command, job: CopyJob): Refusal | undefined {
  const budget = command.budget < 0 ? Number.POSITIVE_INFINITY : command.budget;
  const end = runJob(target, job, budget);
  if (end !== "more") return end;
  // Reset or removed in the middle: nobody will get an answer.
  abandonJob(target, job);
  return undefined;
}

/** Lets a copy go on after its command has ended. */
export function runBackground(target: Target, job: CopyJob): Refusal | undefined {
  target.background.push(job);
  return undefined;
}

/** BUSY: as many copies as the target can do at a time go on already. */
export function checkConcurrency(target: Target): Refusal | undefined {
  return target.background.length >= target.limits.concurrentCopiesMax ? busy : undefined;
}
