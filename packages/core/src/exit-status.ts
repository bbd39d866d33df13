import { isFerryError } from "./errors.ts";
import type { DeviceStatus, StatusName } from "./status.ts";

/** One line of the table of exit statuses. */
export interface ExitStatusEntry {
  readonly code: number;
  /** What a program calls it. */
  readonly name: string;
  /** What a person reads. */
  readonly meaning: string;
}

/**
 * Exit statuses of sg3_utils(8) and ddpt(8), section EXIT STATUS, as far as a copy can end in them. They hold for every
 * family of devices. 90 is ddpt's (flock); 130 and 143 are the shell's 128 + signal.
 */
export const exitStatus = {
  success: 0,
  usage: 1,
  notReady: 2,
  medium: 3,
  illegalRequest: 5,
  unitAttention: 6,
  dataProtect: 7,
  invalidOpcode: 9,
  copyAborted: 10,
  aborted: 11,
  miscompare: 14,
  file: 15,
  outOfRange: 22,
  reservationConflict: 24,
  busy: 26,
  contradiction: 31,
  logicError: 32,
  timeout: 33,
  transport: 35,
  protection: 40,
  nvmeStatus: 48,
  osError: 50,
  locked: 90,
  malformed: 97,
  deviceOther: 98,
  other: 99,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatusName = keyof typeof exitStatus;

const meanings: Readonly<Record<ExitStatusName, string>> = {
  success: "everything asked for was done",
  usage: "the command line, a range, a size or a device URI is wrong; nothing was sent",
  notReady: "the device is not ready",
  medium: "medium or hardware error: a block could not be read or written, or holds nothing",
  illegalRequest: "the device refused the command: a field, a limit, an overlap or a format",
  unitAttention: "the device was reset while commands were in flight",
  dataProtect: "the device or the namespace is write-protected, or has no room left",
  invalidOpcode: "the device has no such command",
  copyAborted: "the device could not do it as a fast copy, or no one command reaches both ends",
  aborted: "commands were aborted",
  miscompare: "verification found blocks that differ",
  file: "a file or a device could not be opened or used",
  outOfRange: "an address behind the end of the device",
  reservationConflict: "another host holds a reservation",
  busy: "the device stayed busy",
  contradiction: "options contradict each other, or one needs another that is missing",
  logicError: "a defect of this program; please report it",
  timeout: "the device did not answer in time",
  transport: "the way to the device failed, or the device is gone",
  protection: "a check of protection information failed",
  nvmeStatus: "an NVMe status that fits no other line",
  osError: "an error of the operating system with a number above 46",
  locked: "another process holds the lock of the image, or something is on the device",
  malformed: "bytes or a response do not follow their format",
  deviceOther: "an error of the device that fits no other line",
  other: "any other error",
  interrupted: "interrupted by SIGINT (128 + 2)",
  terminated: "terminated by SIGTERM (128 + 15)",
};

/** The table, in order of the codes. `50 + errno` (1..46) stands for the operating system's own errors. */
export const exitStatusTable: readonly ExitStatusEntry[] = (
  Object.keys(exitStatus) as ExitStatusName[]
).map((name) => ({ code: exitStatus[name], name, meaning: meanings[name] }));

const ofStatus: Readonly<Record<StatusName, ExitStatusName>> = {
  success: "success",
  unsupported: "invalidOpcode",
  invalid: "illegalRequest",
  limitExceeded: "illegalRequest",
  outOfRange: "outOfRange",
  overlap: "illegalRequest",
  incompatible: "illegalRequest",
  notFast: "copyAborted",
  unrecoveredRead: "medium",
  writeFault: "medium",
  protection: "protection",
  writeProtected: "dataProtect",
  reservationConflict: "reservationConflict",
  deallocated: "medium",
  capacityExceeded: "dataProtect",
  busy: "busy",
  notReady: "notReady",
  aborted: "aborted",
  timeout: "timeout",
  reset: "unitAttention",
  removed: "transport",
  cancelled: "aborted",
  unmapped: "outOfRange",
  unreachable: "copyAborted",
  exhausted: "other",
  deviceError: "deviceOther",
};

/** The exit status for a core status; an NVMe status without a core status of its own gives 48, as sg3_utils has it. */
export function exitStatusOf(name: StatusName, device?: DeviceStatus): number {
  if (name === "deviceError" && device?.family === "nvme") return exitStatus.nvmeStatus;
  return exitStatus[ofStatus[name]];
}

/** `50 + errno` where that fits (1..46), else 50. `errno` may have either sign. */
export function exitStatusOfErrno(errno: number): number {
  const positive = Math.abs(errno);
  return positive >= 1 && positive <= 46 ? exitStatus.osError + positive : exitStatus.osError;
}

// The first entry that is the code or a prefix of it decides.
const ofCode: readonly (readonly [string, ExitStatusName])[] = [
  ["FERRY_COPY_OUT_OF_RANGE", "outOfRange"],
  ["FERRY_COPY_OVERLAP", "illegalRequest"],
  ["FERRY_COPY_UNSUPPORTED", "invalidOpcode"],
  ["FERRY_COPY_", "usage"],
  ["FERRY_RANGE_", "usage"],
  ["FERRY_SIZE_", "usage"],
  ["FERRY_URI_", "usage"],
  ["FERRY_STACK_", "usage"],
  ["FERRY_STRATEGY_", "usage"],
  ["FERRY_SCENARIO_", "usage"],
  ["FERRY_EXPLORE_", "usage"],
  ["FERRY_OPTION_CONTRADICTION", "contradiction"],
  ["FERRY_OPTION_", "usage"],
  ["FERRY_DECODE_UNKNOWN", "usage"],
  ["FERRY_DECODE_HEX", "usage"],
  ["FERRY_DECODE_", "malformed"],
  ["FERRY_VERIFY_MISMATCH", "miscompare"],
  ["FERRY_VERIFY_UNREADABLE", "file"],
  ["FERRY_STORE_LOCKED", "locked"],
  ["FERRY_STORE_", "file"],
  ["FERRY_FILE_", "file"],
  ["FERRY_LINUX_", "file"],
  ["FERRY_TRANSPORT_IN_USE", "locked"],
  ["FERRY_TRANSPORT_OPEN", "file"],
  ["FERRY_TRANSPORT_NO_DEVICE", "file"],
  ["FERRY_TRANSPORT_PARTITION", "usage"],
  ["FERRY_TRANSPORT_SIZE", "file"],
  ["FERRY_TRANSPORT_", "transport"],
  ["FERRY_NVME_LIMIT", "usage"],
  ["FERRY_NVME_IDENTIFY", "malformed"],
  ["FERRY_NVME_COMPLETION", "malformed"],
  ["FERRY_NVME_", "nvmeStatus"],
  ["FERRY_SCSI_LIMIT", "usage"],
  ["FERRY_SCSI_LIST_IDENTIFIERS", "usage"],
  ["FERRY_SCSI_DATA", "malformed"],
  ["FERRY_SCSI_COMPLETION", "malformed"],
  ["FERRY_SCSI_NO_UNIT", "file"],
  ["FERRY_SCSI_", "deviceOther"],
  ["FERRY_ATA_PROFILE", "usage"],
  ["FERRY_ATA_PROVISIONAL", "contradiction"],
  ["FERRY_ATA_FORCE_UNIT_ACCESS", "usage"],
  ["FERRY_ATA_IDENTIFY", "malformed"],
  ["FERRY_ATA_UNSUPPORTED", "file"],
  ["FERRY_ATA_", "deviceOther"],
  ["FERRY_BYTES_", "malformed"],
];

function errnoOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("errno" in error && typeof error.errno === "number" && error.errno !== 0) return error.errno;
  if ("details" in error && isFerryError(error)) {
    const { errno } = error.details;
    if (typeof errno === "number" && errno !== 0) return errno;
  }
  return "cause" in error ? errnoOf(error.cause) : undefined;
}

/**
 * The exit status for what was thrown: by the code of a `FerryError`; files and stores by the operating system's error
 * where one is the cause. `TypeError` and `RangeError` are defects of the program that called.
 */
export function exitStatusOfError(error: unknown): number {
  const errno = errnoOf(error);
  if (isFerryError(error)) {
    const name = ofCode.find(([prefix]) => error.code.startsWith(prefix))?.[1] ?? "other";
    const takesErrno = name === "file" || name === "transport" || name === "other";
    return takesErrno && errno !== undefined ? exitStatusOfErrno(errno) : exitStatus[name];
  }
  if (errno !== undefined) return exitStatusOfErrno(errno);
  const isDefect = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  return isDefect ? exitStatus.logicError : exitStatus.other;
}
