import { exitStatus, exitStatusOfError } from "@blockferry/core/exit-status";

/**
 * Exit statuses of `explore` and `compare`, as diff(1) and grep(1) have them: a violation is an answer, not a failure. All
 * others are those of the table.
 */
export const explorationStatus = {
  /** No violation, or every case ended as it was expected to. */
  clean: 0,
  /** A violation, or an unexpected end. */
  violation: 1,
  /** What `usage` is elsewhere: 1 is taken here. */
  usage: 2,
  /** A bound was reached before all was explored; no violation was met by then. */
  bounded: 3,
} as const;

export function explorationStatusOfError(error: unknown): number {
  const status = exitStatusOfError(error);
  return status === exitStatus.usage ? explorationStatus.usage : status;
}
