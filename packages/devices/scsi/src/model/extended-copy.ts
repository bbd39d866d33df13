import { extendedCopyLid1Cdb } from "../codec/cdb/extended-copy-cdb.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList } from "./command.ts";
import { detachedJob, type SegmentJob } from "./copy-job.ts";
import { beginOperation, copyAction } from "./copy-operation.ts";
import { listChecks } from "./list-checks.ts";
import { isImmediate } from "./list-header.ts";
import { abandonSegments } from "./segment-run.ts";
import type { Refusal } from "./sense.ts";
import { checkConcurrency, runBackground, runForeground } from "./start-job.ts";
import type { Target } from "./target.ts";

const listLength = fieldReader(extendedCopyLid1Cdb, "parameterListLength");

/** LIST ID USAGE: nobody will ask for the results. */
const NOT_IDENTIFIED = 3;

function checkList(target: Target, job: SegmentJob, list: Uint8Array): Refusal | undefined {
  for (const check of target.profile.listChecks) {
    const refusal = listChecks[check](target, job, list);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function prepare(target: Target, command: Command, serviceAction: number): SegmentJob {
  const job = target.foregroundJob;
  job.path = command.path;
  job.serviceAction = serviceAction;
  job.operation = undefined;
  job.movedBytes = 0;
  job.steps = 0;
  job.segment = 0;
  job.segmentCount = 0;
  job.done = 0;
  job.endpoints.length = 0;
  job.cscdBytes = 0;
  return job;
}

function start(target: Target, command: Command, job: SegmentJob): Refusal | undefined {
  const isTracked = target.profile.listIds === "strict" && job.listIdUsage !== NOT_IDENTIFIED;
  const operation = isTracked
    ? beginOperation(command.path, job.serviceAction, job.listId)
    : undefined;
  if (!isImmediate(job)) {
    job.operation = operation;
    return runForeground(target, command, job);
  }
  const background = detachedJob(job);
  background.operation = operation;
  if (operation !== undefined) operation.job = background;
  return runBackground(target, background);
}

function extendedCopy(
  target: Target,
  command: Command,
  serviceAction: number,
): Refusal | undefined {
  const length = listLength(command.cdb);
  // No list, nothing to do, no error (SPC-4 6.4.1).
  if (length === 0) return undefined;
  const list = parameterList(command, length);
  const job = prepare(target, command, serviceAction);
  const refusal =
    checkList(target, job, list) ?? (isImmediate(job) ? checkConcurrency(target) : undefined);
  if (refusal !== undefined) {
    abandonSegments(target, job);
    return refusal;
  }
  return start(target, command, job);
}

/** EXTENDED COPY(LID1) (SPC-4 6.5). */
export const extendedCopyLid1 = (target: Target, command: Command): Refusal | undefined =>
  extendedCopy(target, command, copyAction.lid1);

/** EXTENDED COPY(LID4) (SPC-4 6.4). */
export const extendedCopyLid4 = (target: Target, command: Command): Refusal | undefined =>
  extendedCopy(target, command, copyAction.lid4);
