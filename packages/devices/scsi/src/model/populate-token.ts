import { populateTokenCdb } from "../codec/cdb/extended-copy-cdb.ts";
import { populateTokenHeader } from "../codec/copy/populate-token.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList } from "./command.ts";
import { beginOperation, copyAction, endOperation, operationStatus } from "./copy-operation.ts";
import { listRefusal } from "./copy-refusal.ts";
import { listIdInUse } from "./list-checks.ts";
import { dropRod } from "./preserve.ts";
import {
  checkListShape,
  checkRanges,
  type ListShape,
  type RangeList,
  readRanges,
} from "./range-list.ts";
import { addRange, newRod, type Rod } from "./rod.ts";
import { type Refusal, refuseList } from "./sense.ts";
import type { Target } from "./target.ts";
import { grantedRodType, makeToken, preferredRodType, rodKindOf } from "./tokens.ts";
import type { Unit } from "./unit.ts";

const cdb = {
  listIdentifier: fieldReader(populateTokenCdb, "listIdentifier"),
  listLength: fieldReader(populateTokenCdb, "parameterListLength"),
};
const LIST_ID_AT = populateTokenCdb.offsetOf("listIdentifier");

const field = {
  rtv: fieldReader(populateTokenHeader, "rtv"),
  inactivityTimeout: fieldReader(populateTokenHeader, "inactivityTimeout"),
  rodType: fieldReader(populateTokenHeader, "rodType"),
};
const TIMEOUT_AT = populateTokenHeader.offsetOf("inactivityTimeout");
const ROD_TYPE_AT = populateTokenHeader.offsetOf("rodType");

const shape: ListShape = {
  headerBytes: populateTokenHeader.size,
  dataLength: fieldReader(populateTokenHeader, "dataLength"),
  rangesLength: fieldReader(populateTokenHeader, "rangeDescriptorsLength"),
  rangesLengthAt: populateTokenHeader.offsetOf("rangeDescriptorsLength"),
};

/** A ROD of these ranges, or of the first of them where the copy manager takes no more. */
function rodOf(target: Target, unit: Unit, rodType: number, ranges: RangeList): Rod {
  const rod = newRod(rodKindOf(rodType), unit);
  let left = target.tokenLimits.populateBlocksMax || Number.POSITIVE_INFINITY;
  ranges.lba.forEach((lba, index) => {
    const blocks = Math.min(ranges.blocks[index], left);
    addRange(rod, lba, blocks);
    left -= blocks;
  });
  return rod;
}

function checkTimeout(target: Target, list: Uint8Array): Refusal | undefined {
  const isTooLong = field.inactivityTimeout(list) > target.tokenLimits.inactivitySecondsMax;
  return isTooLong ? listRefusal(target, "timeoutTooLong", TIMEOUT_AT) : undefined;
}

const refuseRodType = (target: Target): Refusal =>
  listRefusal(target, "rodTypeUnsupported", ROD_TYPE_AT) ?? refuseList(ROD_TYPE_AT);

/** The type that is asked for or, without RTV, the copy manager's choice. */
function rodTypeOf(target: Target, list: Uint8Array): number | undefined {
  if (field.rtv(list) === 0) return preferredRodType(target);
  return grantedRodType(target, field.rodType(list), "tokenOut");
}

/**
 * POPULATE TOKEN (SBC-3 5.7). The token is made at once, with IMMED too; RECEIVE ROD TOKEN INFORMATION fetches it.
 */
export function populateToken(target: Target, command: Command): Refusal | undefined {
  const { path, unit } = command;
  const length = cdb.listLength(command.cdb);
  if (length === 0) return undefined;
  const list = parameterList(command, length);
  const wrong = checkListShape(target, list, shape) ?? checkTimeout(target, list);
  if (wrong !== undefined) return wrong;
  const rodType = rodTypeOf(target, list);
  if (rodType === undefined) return refuseRodType(target);
  const ranges = readRanges(list, shape.headerBytes, shape.rangesLength(list));
  const listId = cdb.listIdentifier(command.cdb);
  const refusal =
    checkRanges(target, unit, ranges, shape.headerBytes) ??
    listIdInUse(target, path, listId, LIST_ID_AT);
  if (refusal !== undefined) return refusal;
  const rod = rodOf(target, unit, rodType, ranges);
  const token = makeToken(target, rod, {
    rodType,
    inactivitySeconds: field.inactivityTimeout(list),
    lifetimeSeconds: 0,
  });
  if (token === undefined) {
    dropRod(target, rod);
    return listRefusal(target, "tokenResources");
  }
  const operation = beginOperation(path, copyAction.populateToken, listId);
  operation.movedBlocks = rod.blocks;
  operation.movedBytes = rod.blocks * unit.bytesPerBlock;
  operation.tokens.push({ creatingCscd: 0, bytes: token.bytes });
  const isWhole = rod.blocks === ranges.totalBlocks;
  const status = isWhole ? operationStatus.completed : operationStatus.partialTokenUsage;
  endOperation(target, path, operation, status, undefined);
  return undefined;
}
