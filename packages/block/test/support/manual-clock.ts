import type { Clock } from "@blockferry/core";

/** Time that moves only when a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on to the next wake-up and makes it; false when nobody waits. */
  next(): boolean;
  advance(ms: number): void;
  readonly waiting: number;
}

export function manualClock(): ManualClock {
  let now = 0;
  let timers: { at: number; wake: () => void }[] = [];
  const due = (): { at: number; wake: () => void } | undefined =>
    timers.reduce<{ at: number; wake: () => void } | undefined>(
      (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
      undefined,
    );
  const clock: ManualClock = {
    nowMs: () => now,
    after(delayMs, wake) {
      const timer = { at: now + delayMs, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    next() {
      const timer = due();
      if (timer === undefined) return false;
      timers = timers.filter((other) => other !== timer);
      now = Math.max(now, timer.at);
      timer.wake();
      return true;
    },
    advance(ms) {
      const end = now + ms;
      for (let timer = due(); timer !== undefined && timer.at <= end; timer = due()) clock.next();
      now = end;
    },
    get waiting() {
      return timers.length;
    },
  };
  return clock;
}
