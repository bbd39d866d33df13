import {
  receiveCopyFailureDetailsCdb,
  receiveCopyStatusLid1Cdb,
  receiveCopyStatusLid4Cdb,
} from "../codec/cdb/receive-copy-cdb.ts";
import {
  copyDataLid1,
  copyFailureDetails,
  copyStatusLid1,
} from "../codec/copy/copy-results-lid1.ts";
import {
  type CopyStatusInput,
  copyDataLid4,
  copyStatusLid4,
  rodTokenInformation,
} from "../codec/copy/copy-status.ts";
import {
  STATUS_UPDATE_DELAY_ENDED,
  STATUS_UPDATE_DELAY_UNKNOWN,
  TRANSFER_COUNT_IN_BLOCKS,
} from "../codec/copy/copy-status-names.ts";
import { operatingParameters } from "../codec/copy/operating-parameters.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import {
  type CopyOperation,
  copyAction,
  findOperation,
  isRunning,
  operationStatus,
} from "./copy-operation.ts";
import { listRefusal } from "./copy-refusal.ts";
import { type Refusal, refuseCdb, samStatus } from "./sense.ts";
import { senseBytes } from "./sense-bytes.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

const listId1 = fieldReader(receiveCopyStatusLid1Cdb, "listIdentifier");
const listId4 = fieldReader(receiveCopyStatusLid4Cdb, "listIdentifier");
const allocationLength = fieldReader(receiveCopyStatusLid4Cdb, "allocationLength");
const LIST_ID_AT = receiveCopyFailureDetailsCdb.offsetOf("listIdentifier");

const COUNT_MAX = 0xffff_ffff;
const MIB = 2 ** 20;
const SEGMENTS_MAX = 0xffff;
const BYTE_MAX = 0xff;

/** COPY COMMAND STATUS of LID1 (SPC-4 table 253). */
const lid1Status = { running: 0, good: 1, failed: 2 } as const;

function senseOf(target: Target, { senseFormat }: Unit, operation: CopyOperation): Uint8Array {
  const { refusal } = operation;
  return refusal?.sense === undefined
    ? new Uint8Array(0)
    : senseBytes(target, refusal.sense, senseFormat);
}

const unknownList = (target: Target): Refusal =>
  listRefusal(target, "listIdUnknown", LIST_ID_AT) ?? refuseCdb(LIST_ID_AT);

/** Finds the operation, and forgets it where the target keeps results until they are fetched. */
function fetchOperation(
  target: Target,
  command: Command,
  listId: number,
): CopyOperation | undefined {
  const operation = findOperation(target, command.path, listId);
  if (operation === undefined) return undefined;
  if (target.profile.consumesResults && !isRunning(operation)) {
    command.path.operations.delete(listId);
  }
  return operation;
}

/** RECEIVE COPY STATUS(LID1) (SPC-4 6.25). */
export function receiveCopyStatusLid1(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const operation = fetchOperation(target, command, listId1(cdb));
  if (operation === undefined) return unknownList(target);
  const { movedBytes, status } = operation;
  const isLarge = movedBytes > COUNT_MAX;
  const isGood = status === operationStatus.completed;
  const ended = isGood ? lid1Status.good : lid1Status.failed;
  const data = copyStatusLid1.encode({
    copyCommandStatus: isRunning(operation) ? lid1Status.running : ended,
    segmentsProcessed: Math.min(operation.segments, SEGMENTS_MAX),
    transferCountUnits: isLarge ? 2 : 0,
    transferCount: isLarge ? Math.floor(movedBytes / MIB) : movedBytes,
  });
  respond(command, data, allocationLength(cdb));
  return undefined;
}

/** RECEIVE COPY DATA(LID1): segments that hold data are not supported, so that there is none (SPC-4 6.21). */
export function receiveCopyDataLid1(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  if (fetchOperation(target, command, listId1(cdb)) === undefined) return unknownList(target);
  const data = copyDataLid1.encode({ heldData: new Uint8Array(0) });
  respond(command, data, allocationLength(cdb));
  return undefined;
}

/** RECEIVE COPY FAILURE DETAILS(LID1): once, and only of a copy that failed (SPC-4 6.23). */
export function receiveCopyFailureDetails(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const operation = findOperation(target, command.path, listId1(cdb));
  if (operation === undefined || isRunning(operation) || operation.detailsTaken) {
    return unknownList(target);
  }
  operation.detailsTaken = true;
  if (target.profile.consumesResults) command.path.operations.delete(operation.listId);
  const { refusal } = operation;
  const data =
    refusal === undefined
      ? new Uint8Array(4)
      : copyFailureDetails.encode({
          extendedCopyCommandStatus: refusal.status,
          senseData: senseOf(target, command.unit, operation),
        });
  respond(command, data, allocationLength(cdb));
  return undefined;
}

function completionStatus(operation: CopyOperation): number {
  if (operation.status === operationStatus.terminated) return samStatus.taskAborted;
  return operation.refusal?.status ?? samStatus.good;
}

/** What the answers to the commands of list identifiers of 32 bits share (SPC-4 table 248). */
function statusOf(target: Target, unit: Unit, operation: CopyOperation): CopyStatusInput {
  const isToken =
    operation.serviceAction === copyAction.populateToken ||
    operation.serviceAction === copyAction.writeUsingToken;
  const isOver = !isRunning(operation);
  return {
    responseToServiceAction: operation.serviceAction,
    copyOperationStatus: operation.status,
    operationCounter: operation.steps % (SEGMENTS_MAX + 1),
    estimatedStatusUpdateDelay: isOver ? STATUS_UPDATE_DELAY_ENDED : STATUS_UPDATE_DELAY_UNKNOWN,
    extendedCopyCompletionStatus: isOver ? completionStatus(operation) : samStatus.good,
    transferCountUnits: isToken ? TRANSFER_COUNT_IN_BLOCKS : 0,
    transferCount: isToken ? operation.movedBlocks : operation.movedBytes,
    segmentsProcessed: Math.min(operation.segments, SEGMENTS_MAX),
    senseData: senseOf(target, unit, operation),
  };
}

/** RECEIVE COPY STATUS(LID4) (SPC-4 6.24). */
export function receiveCopyStatusLid4(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const operation = fetchOperation(target, command, listId4(cdb));
  if (operation === undefined) return unknownList(target);
  respond(
    command,
    copyStatusLid4.encode(statusOf(target, command.unit, operation)),
    allocationLength(cdb),
  );
  return undefined;
}

/** RECEIVE COPY DATA(LID4): as with LID1, there is none (SPC-4 6.20). */
export function receiveCopyDataLid4(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const operation = fetchOperation(target, command, listId4(cdb));
  if (operation === undefined) return unknownList(target);
  const data = copyDataLid4.encode({
    ...statusOf(target, command.unit, operation),
    heldData: new Uint8Array(0),
  });
  respond(command, data, allocationLength(cdb));
  return undefined;
}

/** RECEIVE ROD TOKEN INFORMATION (SPC-4 6.26). */
export function receiveRodTokenInformation(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const operation = fetchOperation(target, command, listId4(cdb));
  if (operation === undefined) return unknownList(target);
  const data = rodTokenInformation.encode({
    ...statusOf(target, command.unit, operation),
    rodTokens: operation.tokens.map((one) => ({
      creatingCscd: one.creatingCscd,
      rodToken: one.bytes,
    })),
  });
  respond(command, data, allocationLength(cdb));
  return undefined;
}

/** RECEIVE COPY OPERATING PARAMETERS (SPC-4 6.22). LIO wants list identifier 0. */
export function receiveOperatingParameters(target: Target, command: Command): Refusal | undefined {
  const { cdb } = command;
  const { profile, limits } = target;
  if (profile.listIds === "lenient" && listId1(cdb) !== 0) return refuseCdb(LIST_ID_AT);
  const codes = [...profile.segmentTypes, ...profile.cscdTypes].sort((a, b) => a - b);
  const data = operatingParameters.encode({
    snlid: profile.listIdNone,
    maximumCscdDescriptorCount: limits.cscdDescriptorsMax,
    maximumSegmentDescriptorCount: limits.segmentDescriptorsMax,
    maximumDescriptorListLength: limits.descriptorListBytesMax,
    maximumSegmentLength: limits.segmentBytesMax,
    maximumInlineDataLength: limits.inlineBytesMax,
    totalConcurrentCopies: Math.min(limits.concurrentCopiesMax, SEGMENTS_MAX),
    maximumConcurrentCopies: Math.min(limits.concurrentCopiesMax, BYTE_MAX),
    dataSegmentGranularity: limits.granularityExponent,
    inlineDataGranularity: limits.inlineGranularityExponent,
    heldDataGranularity: limits.heldGranularityExponent,
    implementedDescriptors: codes,
  });
  respond(command, data, allocationLength(cdb));
  return undefined;
}
