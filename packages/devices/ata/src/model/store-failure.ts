import { isFerryError } from "@blockferry/core";
import type { Command } from "./command.ts";
import type { Disk } from "./disk.ts";
import { type CommandResult, result } from "./result.ts";

/** How a command ends whose store failed: as a real disk would report its medium. */
export function storeFailure(disk: Disk, command: Command, error: unknown): CommandResult {
  disk.onStoreError?.(error);
  const { access } = command;
  command.access = "none";
  const code = isFerryError(error) ? error.code : "";
  if (code === "FERRY_STORE_FULL") return result.storeFull;
  if (code === "FERRY_STORE_READONLY") return result.writeProtected;
  if (access === "read") return result.unrecoveredRead;
  return access === "write" ? result.writeFault : result.internal;
}
