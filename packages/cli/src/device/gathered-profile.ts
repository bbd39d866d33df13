import { readFileSync } from "node:fs";
import { FerryError, isFerryError } from "@blockferry/core";
import { parseProfile, type WriteGatheredProfile } from "@blockferry/device-ata";

/** A profile of the caller's own. @throws FerryError `FERRY_FILE_READ`, `FERRY_ATA_PROFILE` */
export function gatheredProfileIn(path: string): WriteGatheredProfile {
  try {
    return parseProfile(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    if (isFerryError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FerryError("FERRY_FILE_READ", `cannot read the profile ${path}: ${reason}`, {
      cause,
    });
  }
}

/** The library's advice in this program's words. */
export function withUriHint(error: unknown): unknown {
  if (!isFerryError(error) || error.code !== "FERRY_ATA_PROVISIONAL") return error;
  const { code, message, details } = error;
  const hint =
    "write gathered=FILE&provisional=send, with a profile made from the standard; try it on a disk whose data may be lost";
  return new FerryError(code, message, { details, hint });
}
