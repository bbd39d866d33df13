import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import type { Clock } from "@blockferry/core";

/** The process's clock. A command in flight keeps the process alive by itself: no deadline does. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, wake) {
    const timer = setTimeout(wake, delayMs);
    if (delayMs > 1000) timer.unref();
    return () => clearTimeout(timer);
  },
};
