/** What one contestant did in one round. */
export interface Rate {
  readonly operations: number;
  readonly cpuSeconds: number;
}

/** CPU seconds of this process, user and system. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Runs `step`, which does `operations` operations, for so many CPU seconds to warm up and for so many to be measured.
 */
export function cpuRate(
  step: () => void,
  operations: number,
  seconds: { readonly warmUp: number; readonly measured: number },
): Rate {
  runFor(step, seconds.warmUp);
  const { steps, used } = runFor(step, seconds.measured);
  return { operations: steps * operations, cpuSeconds: used };
}

function runFor(step: () => void, seconds: number): { steps: number; used: number } {
  const start = cpuSeconds();
  let steps = 0;
  let used = 0;
  do {
    step();
    steps++;
    used = cpuSeconds() - start;
  } while (used < seconds);
  return { steps, used };
}
