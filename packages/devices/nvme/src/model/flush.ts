import type { Command, Controller } from "./controller.ts";
import { type StatusCode, sc } from "./status.ts";

/** Flush (NVM Command Set Specification 1.2, section 3.3.5), of one namespace or, with NSID FFFFFFFFh, of all. */
export function flush(controller: Controller, command: Command): StatusCode {
  command.access = "write";
  if (command.namespace !== undefined) command.namespace.store.flush();
  else for (const namespace of controller.namespaces) namespace?.store.flush();
  command.access = "none";
  return sc.success;
}
