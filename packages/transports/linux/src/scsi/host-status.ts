/**
 * What the adapter's driver says of a command that brought no SCSI status (DID_… of Linux, include/scsi/scsi_status.h).
 *
 * - `removed`: there is no such device any more
 * - `reset`: a reset ended it
 * - `busy`: it was not carried out and may be sent again
 * - `aborted`: it took too long, or somebody aborted it
 * - `failed`: what came of it is not known
 */
export type HostMeaning = "removed" | "reset" | "busy" | "aborted" | "failed";

interface HostStatus {
  readonly name: string;
  readonly meaning: HostMeaning;
}

const hostStatuses: Readonly<Record<number, HostStatus>> = {
  1: { name: "DID_NO_CONNECT", meaning: "removed" },
  2: { name: "DID_BUS_BUSY", meaning: "busy" },
  3: { name: "DID_TIME_OUT", meaning: "aborted" },
  4: { name: "DID_BAD_TARGET", meaning: "removed" },
  5: { name: "DID_ABORT", meaning: "aborted" },
  6: { name: "DID_PARITY", meaning: "failed" },
  7: { name: "DID_ERROR", meaning: "failed" },
  8: { name: "DID_RESET", meaning: "reset" },
  9: { name: "DID_BAD_INTR", meaning: "failed" },
  10: { name: "DID_PASSTHROUGH", meaning: "failed" },
  11: { name: "DID_SOFT_ERROR", meaning: "busy" },
  12: { name: "DID_IMM_RETRY", meaning: "busy" },
  13: { name: "DID_REQUEUE", meaning: "busy" },
  14: { name: "DID_TRANSPORT_DISRUPTED", meaning: "busy" },
  15: { name: "DID_TRANSPORT_FAILFAST", meaning: "failed" },
  16: { name: "DID_TARGET_FAILURE", meaning: "failed" },
  17: { name: "DID_NEXUS_FAILURE", meaning: "failed" },
  18: { name: "DID_ALLOC_FAILURE", meaning: "failed" },
  19: { name: "DID_MEDIUM_ERROR", meaning: "failed" },
  20: { name: "DID_TRANSPORT_MARGINAL", meaning: "busy" },
};

/** The name and meaning of a host status. */
export function hostStatusOf(code: number): HostStatus {
  return hostStatuses[code] ?? { name: `host status ${code}`, meaning: "failed" };
}
