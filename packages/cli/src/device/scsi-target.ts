import type { ScsiProfileName, ScsiTarget, ScsiTargetOptions } from "@blockferry/device-scsi";
import { commandOfCdb, LUN_BYTES } from "@blockferry/device-scsi/codec";

const DEPTH_DEFAULT = 32;

/** How a target is to be asked for copies. */
export function targetOptions(
  copy: "extended-copy" | "lid4" | "token" | undefined,
  profile: ScsiProfileName | undefined,
): ScsiTargetOptions {
  return {
    profile,
    copy: copy === "lid4" ? "extended-copy" : copy,
    ...(copy === "lid4" ? { extendedCopy: { listFormat: "lid4" } } : {}),
  };
}

/** A queue no deeper than the copies that the target takes at a time: more of them would be told BUSY. */
export function unitDepth({ copiesMax }: ScsiTarget, depth: number | undefined): number {
  if (depth !== undefined) return depth;
  return copiesMax === 0 ? DEPTH_DEFAULT : Math.min(DEPTH_DEFAULT, copiesMax);
}

/** The CDB of a command in a queue, without the logical unit number before it and the zeroes behind it. */
export function shownCdb(command: Uint8Array): Uint8Array {
  const cdb = command.subarray(LUN_BYTES);
  return cdb.subarray(0, commandOfCdb(cdb)?.cdb.size ?? cdb.length);
}

/** What a copy by tokens sends beside the commands of its plan; `undefined` for other copies. */
export function tokenContinuation({ copy }: ScsiTarget): string | undefined {
  if (copy !== "token") return undefined;
  return "POPULATE TOKEN goes to the unit of the sources; RECEIVE ROD TOKEN INFORMATION follows, and to the unit of the destination WRITE USING TOKEN with the token that came";
}
