import { createRequire } from "node:module";
import { FerryError } from "@blockferry/core";
import type { Koffi } from "./bind-libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";
import { probe, type Unavailable } from "./probe.ts";

let found: LinuxCalls | Unavailable | undefined;

// Loading koffi takes some ten milliseconds: only who asks for the calls pays for it.
function look(): LinuxCalls | Unavailable {
  found ??= probe({
    platform: process.platform,
    architecture: process.arch,
    loadKoffi: () => createRequire(import.meta.url)("koffi") as Koffi,
  });
  return found;
}

/** The calls, or undefined where there are none: {@link explain} says why. Never throws. */
export function linux(): LinuxCalls | undefined {
  const result = look();
  return "reason" in result ? undefined : result;
}

/** Why {@link linux} has nothing to give; undefined where it has. */
export function explain(): Unavailable | undefined {
  const result = look();
  return "reason" in result ? result : undefined;
}

/**
 * The calls, for whoever cannot do without them.
 *
 * @throws FerryError `FERRY_LINUX_UNAVAILABLE` where {@link linux} has nothing to give
 */
export function requireLinux(): LinuxCalls {
  const result = look();
  if (!("reason" in result)) return result;
  throw new FerryError("FERRY_LINUX_UNAVAILABLE", result.message, {
    cause: result.cause,
    details: { reason: result.reason },
  });
}
