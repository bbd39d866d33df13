/**
 * The one status that every device's own status is mapped to. Numbers, because they live in tables and in batches of
 * completions; `statusName` gives the words. `success` is 0.
 */
export const status = {
  success: 0,
  /** The device has no such command, or not in this form. */
  unsupported: 1,
  /** The device found a field of the command wrong. */
  invalid: 2,
  /** More ranges or blocks than one command may carry. */
  limitExceeded: 3,
  /** An address behind the end of the device. */
  outOfRange: 4,
  /** Source and destination overlap. */
  overlap: 5,
  /** Formats, block sizes or protection settings of source and destination do not go together. */
  incompatible: 6,
  /** The device could do it, but not fast, and was told not to do it slowly. */
  notFast: 7,
  unrecoveredRead: 8,
  writeFault: 9,
  /** Guard, application tag or reference tag check failed. */
  protection: 10,
  writeProtected: 11,
  reservationConflict: 12,
  /** Source is deallocated and the device reports that as an error. */
  deallocated: 13,
  capacityExceeded: 14,
  busy: 15,
  notReady: 16,
  aborted: 17,
  /** The device did not answer in time; what it did is not known. */
  timeout: 18,
  /** The controller was reset with the command in flight; what it did is not known. */
  reset: 19,
  /** The device is gone. */
  removed: 20,
  /** The copy was cancelled before this part was sent. */
  cancelled: 21,
  /** No mapping of a stacked device covers this part. */
  unmapped: 22,
  /** No one command can carry this part: its ends are not within reach of each other. */
  unreachable: 23,
  /** Tables of the engine are exhausted. */
  exhausted: 24,
  /** An error that the device reports and that fits nothing above. */
  deviceError: 25,
} as const;

export type StatusName = keyof typeof status;
export type Status = (typeof status)[StatusName];

const names: readonly StatusName[] = Object.keys(status) as StatusName[];

/** The name of a status number; throws `RangeError` for a number that is none. */
export function statusName(value: number): StatusName {
  const name = names[value];
  if (name === undefined) throw new RangeError(`${value} is not a status`);
  return name;
}

/**
 * How the host's own kernel copied.
 *
 * - `clone`: the file system shares the blocks; no data moved.
 * - `kernel-copy`: the kernel says that it copied, and not how: it may have moved the data itself, had a file server do it,
 *   or shared the blocks.
 */
export type HostCopyMeans = "clone" | "kernel-copy";

/**
 * A device's own status, kept beside the core status it was mapped to.
 *
 * `family` is `nvme`, `scsi` or `ata`; `code` the number as that family writes it (NVMe: SCT << 8 | SC); `fields` all
 * its parts (NVMe: sct, sc, dnr, more, dw0).
 */
export interface DeviceStatus {
  /** How a copy that succeeded was carried out, where that is no offload (see `CommandEncoder.tellsMeans`). */
  readonly means?: HostCopyMeans;
  readonly family: string;
  readonly code: number;
  readonly name: string;
  readonly fields: Readonly<Record<string, number>>;
}
