import { type Interruption, watchInterruption } from "../output/interruption.ts";
import { showSearchProgress } from "../output/search-progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import type { SearchJob, SearchResult } from "./search-job.ts";
import { searchAll } from "./search-pool.ts";

export interface WatchedSearches {
  /** In order of the jobs; `undefined` for those that were not begun. */
  readonly results: readonly (SearchResult | undefined)[];
  /** The signal that came meanwhile, where one did. */
  readonly signal: Interruption["signal"];
}

const nowMs = (): number => performance.now();

/** Searches in threads, with progress on a terminal, until all have ended or a signal comes. */
export async function watchedSearches(
  jobs: readonly SearchJob[],
  threads: number,
  surroundings: Surroundings,
  onResult: (job: number, result: SearchResult) => void = () => {},
): Promise<WatchedSearches> {
  const interruption = watchInterruption(surroundings);
  let ended = 0;
  const pool = searchAll(jobs, {
    worker: surroundings.explorerThread,
    threads,
    signal: interruption.abortSignal,
    onResult(number, result) {
      ended++;
      onResult(number, result);
    },
  });
  const what = (): string =>
    jobs.length === 1 ? "1 search" : `${ended} of ${jobs.length} searches`;
  const endProgress = showSearchProgress(surroundings.stderr, nowMs, () => {
    const { states, depth } = pool.progress();
    return { what: what(), unit: "states", count: states, rest: `depth ${depth}` };
  });
  try {
    return { results: await pool.results, signal: interruption.signal };
  } finally {
    endProgress();
    interruption.end();
  }
}
