import { isFerryError } from "@blockferry/core";
import type { Command, Controller } from "./controller.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** The status for a store that failed: what the medium of a real device would report. */
export function storeFailure(controller: Controller, command: Command, error: unknown): StatusCode {
  controller.onStoreError?.(error, command.namespace?.nsid ?? 0);
  const { access } = command;
  command.access = "none";
  const code = isFerryError(error) ? error.code : "";
  if (code === "FERRY_STORE_FULL") return sc.capacityExceeded | DNR;
  if (code === "FERRY_STORE_READONLY") return sc.namespaceWriteProtected | DNR;
  if (access === "read") return sc.unrecoveredRead;
  if (access === "write") return sc.writeFault;
  return sc.internalError | DNR;
}
