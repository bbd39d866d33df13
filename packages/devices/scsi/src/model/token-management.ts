import { copyOperationAbortCdb } from "../codec/cdb/extended-copy-cdb.ts";
import { reportAllRodTokensCdb } from "../codec/cdb/receive-copy-cdb.ts";
import { rodManagementToken } from "../codec/copy/rod-token.ts";
import { rodTokenListHeader } from "../codec/copy/rod-token-list.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import { findOperation } from "./copy-operation.ts";
import { listRefusal } from "./copy-refusal.ts";
import { stopJob } from "./run-job.ts";
import type { Refusal } from "./sense.ts";
import type { Target } from "./target.ts";

const listIdentifier = fieldReader(copyOperationAbortCdb, "listIdentifier");
const LIST_ID_AT = copyOperationAbortCdb.offsetOf("listIdentifier");
const allocationLength = fieldReader(reportAllRodTokensCdb, "allocationLength");
const AVAILABLE_MAX = 0xffff_ffff;

/** COPY OPERATION ABORT (SPC-4 6.3): of an operation that has ended, it does nothing. */
export function copyOperationAbort(target: Target, command: Command): Refusal | undefined {
  const operation = findOperation(target, command.path, listIdentifier(command.cdb));
  if (operation === undefined) return listRefusal(target, "listIdUnknown", LIST_ID_AT);
  if (operation.job !== undefined) stopJob(target, operation.job);
  return undefined;
}

/** REPORT ALL ROD TOKENS (SPC-4 6.31): the first 96 bytes of those whose unit the initiator may use. */
export function reportAllRodTokens(target: Target, command: Command): Refusal | undefined {
  const { cdb, nexus } = command;
  const allocation = allocationLength(cdb);
  const room = Math.min(allocation, command.dataIn?.length ?? 0);
  const headerBytes = rodTokenListHeader.size;
  const entryBytes = rodManagementToken.size;
  const shown = Math.ceil(Math.max(0, room - headerBytes) / entryBytes);
  const entries: Uint8Array[] = [];
  let count = 0;
  for (const token of target.tokens.all()) {
    if (target.profile.tokensNeedAccess && !nexus.pathOf.has(token.rod.unit)) continue;
    if (count < shown) entries.push(token.bytes);
    count += 1;
  }
  const data = new Uint8Array(headerBytes + entries.length * entryBytes);
  const available = headerBytes - 4 + count * entryBytes;
  rodTokenListHeader.encode({ availableData: Math.min(available, AVAILABLE_MAX) }, data);
  entries.forEach((bytes, index) => {
    data.set(bytes.subarray(0, entryBytes), headerBytes + index * entryBytes);
  });
  respond(command, data, allocation);
  return undefined;
}
