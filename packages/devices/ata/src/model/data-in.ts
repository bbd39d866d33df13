import type { Command } from "./command.ts";
import { type CommandResult, result } from "./result.ts";

/** Hands data to the host. */
export function dataFor(command: Command, bytes: Uint8Array): CommandResult {
  const { dataIn } = command;
  if (dataIn === undefined || dataIn.length < bytes.length) return result.transferLength;
  dataIn.set(bytes);
  return result.good;
}
