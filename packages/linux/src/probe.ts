import { bindCalls } from "./bind-calls.ts";
import { bindLibc, type Koffi } from "./bind-libc.ts";
import type { LinuxCalls } from "./linux-calls.ts";

/** Why the calls are not there. */
export interface Unavailable {
  readonly reason: "platform" | "architecture" | "koffi-missing" | "koffi-failed";
  /** One sentence for a person: what is missing and what to do. */
  readonly message: string;
  readonly cause?: unknown;
}

/** Where the calls are looked for. */
export interface Surroundings {
  readonly platform: string;
  readonly architecture: string;
  /** Gives the module `koffi`, or throws what `require` throws. */
  readonly loadKoffi: () => Koffi;
}

// Little-endian, 64-bit, with the ioctl numbers of include/uapi/asm-generic/ioctl.h.
const architectures: ReadonlySet<string> = new Set(["x64", "arm64", "riscv64", "loong64"]);

/** Looks for the calls; never throws. */
export function probe(surroundings: Surroundings): LinuxCalls | Unavailable {
  const { platform, architecture, loadKoffi } = surroundings;
  if (platform !== "linux") {
    const message = `These are calls of Linux, and this is ${platform}.`;
    return { reason: "platform", message };
  }
  if (!architectures.has(architecture)) {
    const known = [...architectures].join(", ");
    const message = `The calls are known for ${known}, and this machine is ${architecture}.`;
    return { reason: "architecture", message };
  }
  try {
    return bindCalls(bindLibc(loadKoffi()));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
      const message =
        "The optional package koffi is not installed: install it (npm install koffi), " +
        "and do not omit optional dependencies.";
      return { reason: "koffi-missing", message, cause };
    }
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { reason: "koffi-failed", message: `koffi does not load here: ${detail}`, cause };
  }
}
