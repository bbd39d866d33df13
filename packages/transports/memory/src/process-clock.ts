import { performance } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import type { Clock } from "@blockferry/core";

/** Waits longer than this are deadlines: they do not keep the process alive by themselves. */
const DEADLINE_MS = 1000;

/** The process's clock. A command in flight keeps the process alive; its deadline alone does not. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, wake) {
    const timer = setTimeout(wake, delayMs);
    if (delayMs > DEADLINE_MS) timer.unref();
    return () => clearTimeout(timer);
  },
};
