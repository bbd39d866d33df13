import { uint16, uint32 } from "./codec/big-endian.ts";
import { copyStatusHeader, rodTokenDescriptor } from "./codec/copy/copy-status.ts";
import { ROD_TOKEN_BYTES } from "./codec/copy/rod-token.ts";
import { SENSE_BYTES_MAX } from "./codec/sense/sense-data.ts";

/*
 * What RECEIVE ROD TOKEN INFORMATION says, read straight out of its bytes: a copy asks twice, and no object is made for an
 * answer that brings nothing unusual.
 */

const HEADER_BYTES = copyStatusHeader.size;
const LENGTH_BYTES = 4;
const TOKEN_IN_DESCRIPTOR = rodTokenDescriptor.offsetOf("rodToken");

/** Room for an answer with the longest sense data and one token; a multiple of 4. */
export const REPORT_BYTES: number =
  Math.ceil((HEADER_BYTES + SENSE_BYTES_MAX + LENGTH_BYTES + rodTokenDescriptor.size) / 4) * 4;

const AT = {
  available: copyStatusHeader.offsetOf("availableData"),
  action: copyStatusHeader.offsetOf("responseToServiceAction"),
  status: copyStatusHeader.offsetOf("copyOperationStatus"),
  counter: copyStatusHeader.offsetOf("operationCounter"),
  delay: copyStatusHeader.offsetOf("estimatedStatusUpdateDelay"),
  completion: copyStatusHeader.offsetOf("extendedCopyCompletionStatus"),
  senseField: copyStatusHeader.offsetOf("lengthOfSenseDataField"),
  sense: copyStatusHeader.offsetOf("senseDataLength"),
  units: copyStatusHeader.offsetOf("transferCountUnits"),
  count: copyStatusHeader.offsetOf("transferCount"),
} as const;
const ACTION_MASK = 0x1f;
const STATUS_MASK = 0x7f;
/** From here on a delay says nothing. */
const DELAY_UNKNOWN = 0xffff_fffe;
const UNITS_BLOCKS = 0xf1;
/** Units 0 to 6 are powers of 1024 bytes. */
const UNITS_MAX = 6;
const WORD = 2 ** 32;

/** COPY OPERATION STATUS, sorted (SPC-4 table 249). */
export type Progress = "running" | "good" | "failed";

export function progressOf(report: Uint8Array): Progress {
  const status = report[AT.status] & STATUS_MASK;
  if (status >= 0x10 && status <= 0x12) return "running";
  return status === 0x01 || status === 0x03 || status === 0x04 ? "good" : "failed";
}

export const operationStatusOf = (report: Uint8Array): number => report[AT.status] & STATUS_MASK;

/** What is wrong with an answer of `bytes` bytes to `serviceAction` of 83h; `undefined`: nothing. */
export function reportFault(
  report: Uint8Array,
  bytes: number,
  serviceAction: number,
): string | undefined {
  if (bytes < HEADER_BYTES) return `${bytes} bytes came, its header has ${HEADER_BYTES}`;
  const action = report[AT.action] & ACTION_MASK;
  if (action !== serviceAction) {
    return `it answers service action ${action.toString(16)}h, not ${serviceAction.toString(16)}h`;
  }
  const sense = report[AT.sense];
  const field = report[AT.senseField];
  if (sense > field || HEADER_BYTES + field > bytes) {
    return `${sense} bytes of sense data do not fit where they are said to be`;
  }
  return undefined;
}

/** How long the device wants to be left alone; -1 where it does not say. Milliseconds. */
export function delayOf(report: Uint8Array): number {
  const delay = uint32(report, AT.delay);
  return delay >= DELAY_UNKNOWN ? -1 : delay;
}

/** A number that changes while the operation gets on. */
export function counterOf(report: Uint8Array): number {
  return (uint16(report, AT.counter) * 65536 + uint32(report, AT.count + 4)) | 0;
}

/** Blocks that are moved, or represented by the token, all told; -1 where the device counts in units that there are not. */
export function transferredBlocks(report: Uint8Array, bytesPerBlock: number): number {
  const count = uint32(report, AT.count) * WORD + uint32(report, AT.count + 4);
  const units = report[AT.units];
  if (units === UNITS_BLOCKS) return count;
  if (units > UNITS_MAX) return -1;
  return Math.floor((count * 1024 ** units) / bytesPerBlock);
}

/** Where the token is in an answer of `bytes` bytes; -1: there is none. */
export function tokenAt(report: Uint8Array, bytes: number): number {
  const at = HEADER_BYTES + report[AT.senseField];
  if (at + LENGTH_BYTES > bytes) return -1;
  if (uint32(report, at) < rodTokenDescriptor.size) return -1;
  const token = at + LENGTH_BYTES + TOKEN_IN_DESCRIPTOR;
  return token + ROD_TOKEN_BYTES > bytes ? -1 : token;
}

/** The sense data in an answer. */
export function reportedSense(report: Uint8Array): Uint8Array {
  return report.subarray(HEADER_BYTES, HEADER_BYTES + report[AT.sense]);
}

export const reportedStatus = (report: Uint8Array): number => report[AT.completion];
