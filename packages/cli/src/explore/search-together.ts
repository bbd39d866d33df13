import { type Exploration, sharedStates } from "@blockferry/explorer";
import type { SearchJob, SearchResult } from "./search-job.ts";
import { type PoolOptions, type SearchPool, SearchThread } from "./search-pool.ts";

/** Bytes of a state that threads share, in a table that is filled to nine tenths. */
const STATE_BYTES = 12 / 0.9;
/** Below, one thread is done before another has begun. */
const STATES_MIN = 100_000;

/** Whether a search is worth dividing among threads: states that are shared have a bound in coarse steps. */
export function isDivisible({ statesMax }: SearchJob): boolean {
  return statesMax >= STATES_MIN;
}

/** What all threads found, each of them in states of its own. */
function merged(parts: readonly SearchResult[]): SearchResult {
  const explorations = parts.map(({ exploration }) => exploration);
  const sum = (of: (part: Exploration) => number): number =>
    explorations.reduce((all, part) => all + of(part), 0);
  const most = (of: (part: Exploration) => number): number => Math.max(...explorations.map(of));
  const found = parts.find(({ exploration }) => exploration.verdict === "violation");
  const cut = (["stopped", "bounded"] as const).find((verdict) =>
    explorations.some((part) => part.verdict === verdict),
  );
  return {
    exploration: {
      verdict: found === undefined ? (cut ?? "clean") : "violation",
      states: most((part) => part.states),
      transitions: sum((part) => part.transitions),
      depth: most((part) => part.depth),
      ends: sum((part) => part.ends),
      endsWhole: sum((part) => part.endsWhole),
      endsRefused: sum((part) => part.endsRefused),
      refusedBeyondFaults: most((part) => part.refusedBeyondFaults),
      endsNewer: sum((part) => part.endsNewer),
      violations: sum((part) => part.violations),
      violation: found?.exploration.violation,
      path: found?.exploration.path,
    },
    cpuMs: parts.reduce((all, part) => all + part.cpuMs, 0),
    counterexample: found?.counterexample,
  };
}

/** Carries one search out in several threads, none of which explores what another has met. */
export function searchTogether(job: SearchJob, options: PoolOptions): SearchPool {
  const shared = sharedStates(job.statesMax * STATE_BYTES);
  const threads = Array.from({ length: options.threads }, () => new SearchThread(options));
  async function work(): Promise<readonly SearchResult[]> {
    try {
      const parts = threads.map((each, thread) => each.run({ ...job, shared, thread }));
      const result = merged(await Promise.all(parts));
      options.onResult(0, result);
      return [result];
    } finally {
      await Promise.all(threads.map((each) => each.end()));
    }
  }
  return {
    results: work(),
    progress() {
      const so = threads.map(({ control }) => control.progress);
      return {
        states: Math.max(...so.map(([states]) => states)),
        transitions: so.reduce((sum, [, transitions]) => sum + transitions, 0),
        depth: Math.max(...so.map(([, , depth]) => depth)),
      };
    },
  };
}
