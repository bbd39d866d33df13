import { type Status, type StatusName, status } from "@blockferry/core";
import {
  SENSE_KEY_ABORTED_COMMAND,
  SENSE_KEY_COMPLETED,
  SENSE_KEY_DATA_PROTECT,
  SENSE_KEY_MEDIUM_ERROR,
  SENSE_KEY_NO_SENSE,
  SENSE_KEY_NOT_READY,
  SENSE_KEY_RECOVERED_ERROR,
  SENSE_KEY_UNIT_ATTENTION,
  SENSE_KEY_VOLUME_OVERFLOW,
} from "./codec/sense/sense-keys.ts";
import {
  STATUS_ACA_ACTIVE,
  STATUS_BUSY,
  STATUS_CHECK_CONDITION,
  STATUS_CONDITION_MET,
  STATUS_GOOD,
  STATUS_RESERVATION_CONFLICT,
  STATUS_TASK_ABORTED,
  STATUS_TASK_SET_FULL,
} from "./codec/sense/status-codes.ts";

/** What a SCSI status, with its sense data, means to a copy. */
export interface Meaning {
  readonly status: Status;
  /** The same command may succeed if it is sent again. */
  readonly isRetryable: boolean;
}

/** Another meaning of a sense code than the standard's: what a peer is known to say. */
export interface SenseMeaning {
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
  readonly status: StatusName;
  readonly isRetryable?: boolean;
}

const meaning = (name: StatusName, isRetryable = false): Meaning => ({
  status: status[name],
  isRetryable,
});

const again = (name: StatusName): Meaning => meaning(name, true);

const fallback = meaning("deviceError");

/** By status code (SAM-5 5.3.1). CHECK CONDITION is not among them: its sense data tells. */
const byStatus: Readonly<Record<number, Meaning>> = {
  [STATUS_GOOD]: meaning("success"),
  [STATUS_CONDITION_MET]: meaning("success"),
  [STATUS_BUSY]: again("busy"),
  [STATUS_RESERVATION_CONFLICT]: meaning("reservationConflict"),
  [STATUS_TASK_SET_FULL]: again("busy"),
  [STATUS_ACA_ACTIVE]: again("busy"),
  [STATUS_TASK_ABORTED]: again("aborted"),
};

/** By ASC and ASCQ, whatever the sense key is: the codes that say the same with all of them. */
const codes: readonly (readonly [asc: number, ascq: number, meaning: Meaning])[] = [
  // Operation in progress: the list identifier is still in use.
  [0x00, 0x16, again("busy")],
  [0x03, 0x00, meaning("writeFault")],
  // Not ready, for a while: becoming ready, operation, self-test, transition, space allocation.
  [0x04, 0x01, again("notReady")],
  [0x04, 0x07, again("notReady")],
  [0x04, 0x09, again("notReady")],
  [0x04, 0x0a, again("notReady")],
  [0x04, 0x14, again("notReady")],
  [0x08, 0x04, meaning("unreachable")],
  [0x0d, 0x02, meaning("unreachable")],
  [0x0d, 0x03, meaning("incompatible")],
  [0x10, 0x01, meaning("protection")],
  [0x10, 0x02, meaning("protection")],
  [0x10, 0x03, meaning("protection")],
  [0x20, 0x00, meaning("unsupported")],
  [0x21, 0x00, meaning("outOfRange")],
  [0x22, 0x00, meaning("unsupported")],
  [0x23, 0x00, meaning("invalid")],
  [0x23, 0x01, meaning("unsupported")],
  [0x23, 0x02, meaning("unreachable")],
  [0x23, 0x03, meaning("unreachable")],
  // The token is no more: a new one may do.
  [0x23, 0x04, again("aborted")],
  [0x23, 0x05, meaning("invalid")],
  [0x23, 0x06, again("aborted")],
  [0x23, 0x07, again("aborted")],
  [0x23, 0x08, again("aborted")],
  [0x23, 0x09, again("aborted")],
  [0x23, 0x0a, meaning("invalid")],
  [0x25, 0x00, meaning("removed")],
  [0x26, 0x06, meaning("limitExceeded")],
  [0x26, 0x07, meaning("unsupported")],
  [0x26, 0x08, meaning("limitExceeded")],
  [0x26, 0x09, meaning("unsupported")],
  [0x26, 0x0a, meaning("incompatible")],
  [0x26, 0x0b, meaning("limitExceeded")],
  [0x26, 0x15, meaning("unreachable")],
  [0x26, 0x16, meaning("notFast")],
  [0x27, 0x07, meaning("capacityExceeded")],
  [0x55, 0x0c, again("busy")],
  [0x55, 0x0d, again("busy")],
  [0x55, 0x03, again("busy")],
];

const byCode: ReadonlyMap<number, Meaning> = new Map(
  codes.map(([asc, ascq, means]) => [asc * 256 + ascq, means]),
);

/** By ASC, for all its qualifiers that `codes` does not have. */
const byAsc: ReadonlyMap<number, Meaning> = new Map([
  [0x0c, meaning("writeFault")],
  [0x11, meaning("unrecoveredRead")],
  [0x1a, meaning("invalid")],
  // Access denied.
  [0x20, meaning("unreachable")],
  [0x24, meaning("invalid")],
  [0x26, meaning("invalid")],
  [0x27, meaning("writeProtected")],
  [0x3a, meaning("notReady")],
]);

/** By sense key, for all codes that neither table has. */
const byKey: Readonly<Record<number, Meaning>> = {
  // A false check condition: what was done is not known.
  [SENSE_KEY_NO_SENSE]: again("deviceError"),
  [SENSE_KEY_NOT_READY]: meaning("notReady"),
  [SENSE_KEY_MEDIUM_ERROR]: meaning("unrecoveredRead"),
  [SENSE_KEY_DATA_PROTECT]: meaning("writeProtected"),
  [SENSE_KEY_ABORTED_COMMAND]: again("aborted"),
  [SENSE_KEY_VOLUME_OVERFLOW]: meaning("capacityExceeded"),
};

/** The sense keys whose meaning does not depend on the code (SPC-4 4.5.6). */
const byKeyAlone: Readonly<Record<number, Meaning>> = {
  [SENSE_KEY_RECOVERED_ERROR]: meaning("success"),
  [SENSE_KEY_COMPLETED]: meaning("success"),
  // The command was not carried out.
  [SENSE_KEY_UNIT_ATTENTION]: again("notReady"),
};

/** Sense key 2 and communication failure: the unit does not answer its own copy manager. */
const UNIT_COMMUNICATION_ASC = 0x08;

/** Meaning of a sense code; `others` go before the standard's. */
export function meaningOfSense(
  senseKey: number,
  asc: number,
  ascq: number,
  others: readonly SenseMeaning[] = [],
): Meaning {
  for (const other of others) {
    if (other.senseKey === senseKey && other.asc === asc && other.ascq === ascq) {
      return meaning(other.status, other.isRetryable);
    }
  }
  const alone = byKeyAlone[senseKey];
  if (alone !== undefined) return alone;
  const code = byCode.get(asc * 256 + ascq) ?? byAsc.get(asc);
  if (code !== undefined) return code;
  if (senseKey === SENSE_KEY_NOT_READY && asc === UNIT_COMMUNICATION_ASC) {
    return meaning("deviceError", true);
  }
  return byKey[senseKey] ?? fallback;
}

/**
 * Meaning of a status code and its sense code. Every status and every sense code has one: what fits nothing else is a
 * `deviceError`.
 */
export function meaningOf(
  statusCode: number,
  senseKey: number,
  asc: number,
  ascq: number,
  others?: readonly SenseMeaning[],
): Meaning {
  if (statusCode === STATUS_CHECK_CONDITION) return meaningOfSense(senseKey, asc, ascq, others);
  return byStatus[statusCode] ?? fallback;
}

/**
 * The core status of a status code and its sense code.
 * @throws RangeError for what is no byte, or a sense key above 15.
 */
export function coreStatusOf(statusCode: number, senseKey = 0, asc = 0, ascq = 0): Status {
  for (const [value, most] of [
    [statusCode, 255],
    [senseKey, 15],
    [asc, 255],
    [ascq, 255],
  ]) {
    if (!Number.isInteger(value) || value < 0 || value > most) {
      throw new RangeError(`${value} is no status code, sense key, or sense code`);
    }
  }
  return meaningOf(statusCode, senseKey, asc, ascq).status;
}
