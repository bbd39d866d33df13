import { isFerryError } from "@blockferry/core";
import { type Refusal, refuse, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";

/** The sense data for a store that failed: what the medium of a real device would report. */
export function storeFailure(target: Target, error: unknown, lun: number): Refusal {
  target.onStoreError?.(error, lun);
  const { access } = target;
  target.access = "none";
  const errorCode = isFerryError(error) ? error.code : "";
  if (errorCode === "FERRY_STORE_FULL") return refuse(senseCodes.spaceExhausted);
  if (errorCode === "FERRY_STORE_READONLY") return refuse(senseCodes.writeProtected);
  if (access === "read" || errorCode === "FERRY_STORE_UNREADABLE") {
    return refuse(senseCodes.unrecoveredRead);
  }
  if (access === "none") return refuse(senseCodes.internalFailure);
  return refuse(senseCodes.writeFault);
}
