import type { Answer } from "./answer.ts";
import {
  SENSE_KEY_ABORTED_COMMAND,
  SENSE_KEY_ILLEGAL_REQUEST,
  SENSE_KEY_NO_SENSE,
} from "./codec/sense/sense-keys.ts";
import {
  STATUS_ACA_ACTIVE,
  STATUS_BUSY,
  STATUS_CHECK_CONDITION,
  STATUS_RESERVATION_CONFLICT,
  STATUS_TASK_SET_FULL,
} from "./codec/sense/status-codes.ts";

/** Statuses of a command that was not begun (SAM-5 5.3.1). */
const notBegun: readonly number[] = [
  STATUS_BUSY,
  STATUS_RESERVATION_CONFLICT,
  STATUS_TASK_SET_FULL,
  STATUS_ACA_ACTIVE,
];

/**
 * Whether a refusal of POPULATE TOKEN or WRITE USING TOKEN says that nothing of the operation goes on. An aborted command
 * (TASK ABORTED, or ABORTED COMMAND) says nothing of it, as IMMED lets it outlive its command; nor does a status that there
 * is not.
 */
export function isRefusedForGood({ status, sense }: Answer): boolean {
  if (status !== STATUS_CHECK_CONDITION) return notBegun.includes(status);
  if (sense === undefined) return false;
  // A deferred error is of an earlier command; this one was not carried out.
  if (sense.deferred) return true;
  return sense.senseKey !== SENSE_KEY_ABORTED_COMMAND && sense.senseKey !== SENSE_KEY_NO_SENSE;
}

const ASC_INVALID_FIELD_IN_CDB = 0x24;
const ASC_INVALID_OPERATION_CODE = 0x20;

/**
 * Whether an answer to a question about an operation, or to COPY OPERATION ABORT, says that the device knows none of that
 * list identifier (SPC-4 6.18: INVALID FIELD IN CDB), or has no such command.
 */
export function isUnknownOperation({ status, sense }: Answer): boolean {
  if (status !== STATUS_CHECK_CONDITION || sense?.senseKey !== SENSE_KEY_ILLEGAL_REQUEST) {
    return false;
  }
  return (
    sense.ascq === 0 &&
    (sense.asc === ASC_INVALID_FIELD_IN_CDB || sense.asc === ASC_INVALID_OPERATION_CODE)
  );
}
