import { type Interruption, watchInterruption } from "../output/interruption.ts";
import { showSearchProgress } from "../output/search-progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import type { SearchJob, SearchResult } from "./search-job.ts";
import { type PoolOptions, type SearchPool, searchAll } from "./search-pool.ts";
import { isDivisible, searchTogether } from "./search-together.ts";

export interface WatchedSearches {
  /** In order of the jobs; `undefined` for those that were not begun. */
  readonly results: readonly (SearchResult | undefined)[];
  /** The signal that came meanwhile, where one did. */
  readonly signal: Interruption["signal"];
}

const nowMs = (): number => performance.now();

/**
 * Searches in threads, with progress on a terminal, until all have ended or a signal comes. A search that is alone is
 * divided among the threads.
 */
export async function watchedSearches(
  jobs: readonly SearchJob[],
  threads: number,
  surroundings: Surroundings,
  onResult: (job: number, result: SearchResult) => void = () => {},
): Promise<WatchedSearches> {
  const interruption = watchInterruption(surroundings);
  let ended = 0;
  const search = (options: PoolOptions): SearchPool =>
    threads > 1 && jobs.length === 1 && isDivisible(jobs[0])
      ? searchTogether(jobs[0], options)
      : searchAll(jobs, options);
  const pool = search({
    worker: surroundings.explorerThread,
    threads,
    signal: interruption.abortSignal,
    onResult(number, result) {
      ended++;
      progress.hide();
      onResult(number, result);
    },
  });
  const what = (): string =>
    jobs.length === 1 ? "1 search" : `${ended} of ${jobs.length} searches`;
  const progress = showSearchProgress(surroundings.stderr, nowMs, () => {
    const { states, depth } = pool.progress();
    return { what: what(), unit: "states", count: states, rest: `depth ${depth}` };
  });
  try {
    return { results: await pool.results, signal: interruption.signal };
  } finally {
    progress.end();
    interruption.end();
  }
}
