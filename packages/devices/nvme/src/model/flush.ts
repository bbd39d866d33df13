import type { Command, Controller } from "./controller.ts";
import { flushNamespace } from "./medium.ts";
import { type StatusCode, sc } from "./status.ts";

/** Flush (NVM Command Set Specification 1.2, section 3.3.5), of one namespace or, with NSID FFFFFFFFh, of all. */
export function flush(controller: Controller, command: Command): StatusCode {
  command.access = "write";
  const { namespace } = command;
  for (const one of namespace === undefined ? controller.namespaces : [namespace]) {
    if (one !== undefined) flushNamespace(one);
  }
  command.access = "none";
  return sc.success;
}
