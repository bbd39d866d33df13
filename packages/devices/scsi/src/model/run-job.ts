import type { CopyJob } from "./copy-job.ts";
import { endOperation, operationStatus } from "./copy-operation.ts";
import { attend } from "./nexus.ts";
import { abandonSegments, type JobEnd, runSegments } from "./segment-run.ts";
import { type Refusal, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import { abandonToken, runToken } from "./token-run.ts";

function run(target: Target, job: CopyJob, budget: number): JobEnd {
  return job.kind === "segments" ? runSegments(target, job, budget) : runToken(target, job, budget);
}

/** Gives back what a job holds that will not be run to its end. */
export function abandonJob(target: Target, job: CopyJob): void {
  if (job.kind === "segments") abandonSegments(target, job);
  else abandonToken(target, job);
}

function writeProgress(job: CopyJob): void {
  const { operation } = job;
  if (operation === undefined) return;
  operation.movedBytes = job.movedBytes;
  operation.movedBlocks = Math.floor(job.movedBytes / job.path.unit.bytesPerBlock);
  operation.steps = job.steps;
  operation.segments = job.kind === "segments" ? job.segment : 0;
}

function finish(target: Target, job: CopyJob, refusal: Refusal | undefined): void {
  writeProgress(job);
  const { operation, path } = job;
  if (operation === undefined) return;
  const isShort = job.kind === "token" && job.isShort;
  const good = isShort ? operationStatus.partialTokenUsage : operationStatus.completed;
  const status = refusal === undefined ? good : operationStatus.failed;
  endOperation(target, path, operation, status, refusal);
}

/** Runs a job; `more` if the budget ended first. Results go to its operation. */
export function runJob(target: Target, job: CopyJob, budget: number): JobEnd {
  const end = run(target, job, budget);
  if (end === "more") writeProgress(job);
  else finish(target, job, end);
  return end;
}

/** Lets copies in the background go on, each by so many bytes. */
export function advanceBackground(target: Target, bytes: number): void {
  const { background } = target;
  for (let index = 0; index < background.length; ) {
    const end = runJob(target, background[index], bytes);
    if (end === "more") index += 1;
    else background.splice(index, 1);
  }
}

/** COPY OPERATION ABORT, and ends that others bring about. Returns false if the job is not in the background. */
export function stopJob(target: Target, job: CopyJob): boolean {
  const index = target.background.indexOf(job);
  if (index < 0) return false;
  target.background.splice(index, 1);
  abandonJob(target, job);
  writeProgress(job);
  const { operation, path } = job;
  if (operation !== undefined) {
    endOperation(target, path, operation, operationStatus.terminated, undefined);
  }
  return true;
}

/** Stops copies that the device server gives up by itself, and tells their initiators (SAM-5 5.14, 2Fh/02h). */
export function clearJobs(target: Target, chosen: (job: CopyJob) => boolean): void {
  for (const job of target.background.filter(chosen)) {
    stopJob(target, job);
    attend(job.path, senseCodes.clearedByDeviceServer);
  }
}
