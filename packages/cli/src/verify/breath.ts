import { setImmediate } from "node:timers/promises";

const WORK_MS = 20;

/** Lets the rest of the process in now and then during long work: signals above all. */
export interface Breath {
  /** Waits a turn where it is time to. */
  take(): Promise<void> | undefined;
}

/** @param signal aborts the work: `take` then rejects with its reason */
export function breath(signal?: AbortSignal): Breath {
  let untilMs = performance.now() + WORK_MS;
  return {
    take() {
      if (performance.now() < untilMs) return undefined;
      return setImmediate(undefined, signal === undefined ? {} : { signal }).then(() => {
        untilMs = performance.now() + WORK_MS;
      });
    },
  };
}
