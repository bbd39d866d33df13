import type { CopyJob } from "./copy-job.ts";
import type { Path } from "./nexus.ts";
import type { Refusal } from "./sense.ts";
import type { Target } from "./target.ts";

/** COPY OPERATION STATUS of an operation that has ended, or that goes on in the background (SPC-4 table 249). */
export const operationStatus = {
  completed: 0x01,
  failed: 0x02,
  partialTokenUsage: 0x03,
  residualData: 0x04,
  inBackground: 0x12,
  terminated: 0x60,
} as const;

/** A ROD token that an operation made. */
export interface MadeToken {
  readonly creatingCscd: number;
  readonly bytes: Uint8Array;
}

/** An operation of a copy manager, while it runs, and its results until they are given up. */
export interface CopyOperation {
  /** Service action of 83h that asked for it. */
  serviceAction: number;
  listId: number;
  /** One of `operationStatus`. */
  status: number;
  refusal: Refusal | undefined;
  /** Segments processed, the last one wholly. */
  segments: number;
  movedBytes: number;
  /** Blocks of the unit that got the command. */
  movedBlocks: number;
  /** Copies that were made for it. */
  steps: number;
  endedMs: number;
  tokens: MadeToken[];
  /** Failure details were fetched. */
  detailsTaken: boolean;
  /** While it runs in the background. */
  job: CopyJob | undefined;
}

/** Service actions of 83h. */
export const copyAction = {
  lid1: 0x00,
  lid4: 0x01,
  populateToken: 0x10,
  writeUsingToken: 0x11,
  abort: 0x1c,
} as const;

export const isRunning = (operation: CopyOperation): boolean =>
  operation.status === operationStatus.inBackground;

function newOperation(serviceAction: number, listId: number): CopyOperation {
  return {
    serviceAction,
    listId,
    status: operationStatus.inBackground,
    refusal: undefined,
    segments: 0,
    movedBytes: 0,
    movedBlocks: 0,
    steps: 0,
    endedMs: 0,
    tokens: [],
    detailsTaken: false,
    job: undefined,
  };
}

/** The operation, unless nobody knows it, or its results were held long enough. */
export function findOperation(
  target: Target,
  path: Path,
  listId: number,
): CopyOperation | undefined {
  const operation = path.operations.get(listId);
  if (operation === undefined || isRunning(operation)) return operation;
  if (target.clock.nowMs() - operation.endedMs <= target.limits.heldResultsMs) return operation;
  path.operations.delete(listId);
  return undefined;
}

/** Registers an operation. An older one of that identifier has ended, and is forgotten; its memory serves again. */
export function beginOperation(path: Path, serviceAction: number, listId: number): CopyOperation {
  const { operations } = path;
  const old = operations.get(listId);
  if (old === undefined) {
    const operation = newOperation(serviceAction, listId);
    operations.set(listId, operation);
    return operation;
  }
  operations.delete(listId);
  operations.set(listId, old);
  old.serviceAction = serviceAction;
  old.status = operationStatus.inBackground;
  old.refusal = undefined;
  old.segments = 0;
  old.movedBytes = 0;
  old.movedBlocks = 0;
  old.steps = 0;
  if (old.tokens.length > 0) old.tokens = [];
  old.detailsTaken = false;
  old.job = undefined;
  return old;
}

/** The operation has ended: its results are held from now on, the oldest given up where there are too many. */
export function endOperation(
  target: Target,
  path: Path,
  operation: CopyOperation,
  status: number,
  refusal: Refusal | undefined,
): void {
  operation.status = status;
  operation.refusal = refusal;
  operation.endedMs = target.clock.nowMs();
  operation.job = undefined;
  const { operations } = path;
  if (operations.size <= target.limits.heldResultsMax) return;
  for (const [listId, old] of operations) {
    if (isRunning(old) || old === operation) continue;
    operations.delete(listId);
    break;
  }
}
