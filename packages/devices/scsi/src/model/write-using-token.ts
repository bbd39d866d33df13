import { writeUsingTokenCdb } from "../codec/cdb/extended-copy-cdb.ts";
import { writeUsingTokenHeader } from "../codec/copy/write-using-token.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList } from "./command.ts";
import type { TokenJob } from "./copy-job.ts";
import { beginOperation, copyAction } from "./copy-operation.ts";
import { forwardedConflict, listRefusal, segmentRefusal } from "./copy-refusal.ts";
import { listIdInUse } from "./list-checks.ts";
import {
  checkListShape,
  checkRanges,
  type ListShape,
  type RangeList,
  readRanges,
} from "./range-list.ts";
import { conflicts } from "./reservations.ts";
import { newRod, type Rod } from "./rod.ts";
import { rodFailure } from "./rod-move.ts";
import { type Refusal, refuse, senseCodes } from "./sense.ts";
import { checkConcurrency, runBackground, runForeground } from "./start-job.ts";
import type { Target } from "./target.ts";
import type { Token } from "./token-table.ts";
import { findToken, holdToken } from "./tokens.ts";

const cdb = {
  listIdentifier: fieldReader(writeUsingTokenCdb, "listIdentifier"),
  listLength: fieldReader(writeUsingTokenCdb, "parameterListLength"),
};
const LIST_ID_AT = writeUsingTokenCdb.offsetOf("listIdentifier");

const field = {
  delTkn: fieldReader(writeUsingTokenHeader, "delTkn"),
  immed: fieldReader(writeUsingTokenHeader, "immed"),
  offsetIntoRod: fieldReader(writeUsingTokenHeader, "offsetIntoRod"),
};
const OFFSET_AT = writeUsingTokenHeader.offsetOf("offsetIntoRod");
const TOKEN_AT = writeUsingTokenHeader.offsetOf("rodToken");

const shape: ListShape = {
  headerBytes: writeUsingTokenHeader.size,
  dataLength: fieldReader(writeUsingTokenHeader, "dataLength"),
  rangesLength: fieldReader(writeUsingTokenHeader, "rangeDescriptorsLength"),
  rangesLengthAt: writeUsingTokenHeader.offsetOf("rangeDescriptorsLength"),
};

/** Whether the blocks that the token stands for may be read now. Point-in-time blocks were read when it was made. */
function checkSource(target: Target, command: Command, rod: Rod): Refusal | undefined {
  const failure = rodFailure(rod);
  if (failure !== undefined) return listRefusal(target, failure);
  if (rod.kind !== "reference") return undefined;
  const { unit } = rod;
  if (!unit.isLoaded || !unit.isStarted) {
    return segmentRefusal(target, "deviceFailed", { segment: 0 });
  }
  const isReserved =
    !target.defects.ignoresReservations && conflicts(unit.reservations, command.nexus.name, "read");
  if (!isReserved) return undefined;
  const forwarded = forwardedConflict("source");
  return segmentRefusal(target, "reserved", { segment: 0, forwarded });
}

/** The job, or why it cannot be. */
function jobOf(
  target: Target,
  command: Command,
  list: Uint8Array,
  ranges: RangeList,
  token: Token | undefined,
): TokenJob | Refusal {
  const { unit, path } = command;
  const rod = token?.rod ?? newRod("zero", unit);
  const sourceSize = rod.unit.bytesPerBlock;
  const isEndless = rod.kind === "zero";
  const offset = field.offsetIntoRod(list);
  const wanted = ranges.totalBlocks * unit.bytesPerBlock;
  if (!isEndless && wanted > 0 && offset >= rod.blocks) {
    const refusal = listRefusal(target, "beyondRod", OFFSET_AT);
    if (refusal !== undefined) return refusal;
  }
  const offsetBytes = isEndless ? 0 : offset * sourceSize;
  const available = isEndless ? wanted : Math.max(0, rod.blocks * sourceSize - offsetBytes);
  const limitBlocks = target.tokenLimits.writeBlocksMax || Number.POSITIVE_INFINITY;
  const possible = Math.min(wanted, available, limitBlocks * unit.bytesPerBlock);
  // Whole blocks of the destination.
  const totalBytes = possible - (possible % unit.bytesPerBlock);
  return {
    kind: "token",
    path,
    operation: undefined,
    movedBytes: 0,
    steps: 0,
    isBackground: field.immed(list) === 1,
    token,
    rod,
    deletesToken: field.delTkn(list) === 1,
    lba: ranges.lba,
    blocks: ranges.blocks,
    offsetBytes,
    totalBytes,
    isShort: totalBytes < wanted,
    range: 0,
    done: 0,
  };
}

function checkList(target: Target, command: Command, list: Uint8Array): Refusal | RangeList {
  const { unit, path } = command;
  const wrong = checkListShape(target, list, shape);
  if (wrong !== undefined) return wrong;
  const ranges = readRanges(list, shape.headerBytes, shape.rangesLength(list));
  const refusal =
    checkRanges(target, unit, ranges, shape.headerBytes) ??
    (unit.readonly ? refuse(senseCodes.writeProtected) : undefined) ??
    listIdInUse(target, path, cdb.listIdentifier(command.cdb), LIST_ID_AT);
  return refusal ?? ranges;
}

const isRefusal = (one: Refusal | RangeList | TokenJob): one is Refusal => "sense" in one;

/** WRITE USING TOKEN (SBC-3 5.46). */
export function writeUsingToken(target: Target, command: Command): Refusal | undefined {
  const length = cdb.listLength(command.cdb);
  if (length === 0) return undefined;
  const list = parameterList(command, length);
  const ranges = checkList(target, command, list);
  if (isRefusal(ranges)) return ranges;
  const found = findToken(target, command.nexus, list, TOKEN_AT);
  if (found !== "zero" && typeof found === "string") return listRefusal(target, found, TOKEN_AT);
  const token = found === "zero" ? undefined : found;
  const blocked = token === undefined ? undefined : checkSource(target, command, token.rod);
  if (blocked !== undefined) return blocked;
  const job = jobOf(target, command, list, ranges, token);
  if (isRefusal(job)) return job;
  const isFull = job.isBackground ? checkConcurrency(target) : undefined;
  if (isFull !== undefined) return isFull;
  job.operation = beginOperation(
    command.path,
    copyAction.writeUsingToken,
    cdb.listIdentifier(command.cdb),
  );
  if (token !== undefined) holdToken(token);
  if (!job.isBackground) return runForeground(target, command, job);
  job.operation.job = job;
  return runBackground(target, job);
}
