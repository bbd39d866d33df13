import { Worker } from "node:worker_threads";
import { type Interruption, watchInterruption } from "../output/interruption.ts";
import { countText, showSearchProgress } from "../output/search-progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import {
  controlIn,
  controlMemory,
  type RandomJob,
  type SampleResult,
  type SearchMessage,
} from "./search-job.ts";
import { received } from "./search-pool.ts";

export interface WatchedSample extends SampleResult {
  /** The signal that came meanwhile, where one did. */
  readonly signal: Interruption["signal"];
}

/** Random runs in a thread, with progress on a terminal, until all are made or a signal comes. */
export async function randomSearch(
  job: RandomJob,
  surroundings: Surroundings,
): Promise<WatchedSample> {
  const memory = controlMemory();
  const control = controlIn(memory);
  const interruption = watchInterruption(surroundings);
  const worker = new Worker(surroundings.explorerThread, { workerData: memory });
  const progress = showSearchProgress(
    surroundings.stderr,
    () => performance.now(),
    () => {
      const [count, moves] = control.progress;
      return { what: "random", unit: "runs", count, rest: `${countText(moves)} moves` };
    },
  );
  interruption.abortSignal.addEventListener("abort", () => Atomics.store(control.stop, 0, 1));
  try {
    const result = await new Promise<SampleResult>((resolve, reject) => {
      worker.on("error", reject).on("message", (message: SearchMessage) => {
        if (message.type === "sampled") resolve(message.result);
        else if (message.type === "failed") reject(received(message.error));
      });
      worker.postMessage(job);
    });
    return { ...result, signal: interruption.signal };
  } finally {
    progress.end();
    interruption.end();
    await worker.terminate();
  }
}
