import type { Surroundings } from "./surroundings.ts";

/** What ends a copy early: the first SIGINT or SIGTERM aborts it, the second kills the process as usual. */
export interface Interruption {
  readonly abortSignal: AbortSignal;
  /** The signal that came, if any. */
  readonly signal: "SIGINT" | "SIGTERM" | undefined;
  /** Leaves signals to the process again. */
  end(): void;
}

export function watchInterruption(surroundings: Surroundings): Interruption {
  const controller = new AbortController();
  let signal: Interruption["signal"];
  const offs: (() => void)[] = [];
  const end = () => {
    for (const off of offs.splice(0)) off();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const off = surroundings.onSignal(name, () => {
      signal = name;
      end();
      controller.abort();
    });
    offs.push(off);
  }
  return {
    abortSignal: controller.signal,
    get signal() {
      return signal;
    },
    end,
  };
}
