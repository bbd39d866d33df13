/*
 * A thread that searches. The thread that started it stays free for signals and progress.
 */
import { parentPort, workerData } from "node:worker_threads";
import { isFerryError } from "@blockferry/core";
import { counterexampleOf, explore, randomRuns } from "@blockferry/explorer";
import { strategyMaker } from "../strategies.ts";
import {
  controlIn,
  type RandomJob,
  type SearchJob,
  type SearchMessage,
  type SearchResult,
  type SentError,
} from "./search-job.ts";
import { threadCpuMs } from "./thread-cpu-time.ts";

const control = controlIn(workerData as SharedArrayBuffer);

function say(message: SearchMessage): void {
  parentPort?.postMessage(message);
}

function sent(error: unknown): SentError {
  if (!(error instanceof Error))
    return { message: String(error), stack: undefined, ferry: undefined };
  const { message, stack } = error;
  if (!isFerryError(error)) return { message, stack, ferry: undefined };
  const { code, hint, details } = error;
  return { message, stack, ferry: { code, hint, details } };
}

async function search({ scenario, strategy, memoryMax, ...options }: SearchJob): Promise<void> {
  const make = await strategyMaker(strategy);
  const startMs = threadCpuMs();
  const exploration = explore(scenario, make(), {
    ...options,
    onProgress({ states, transitions, depth }) {
      control.progress.set([states, transitions, depth]);
      return Atomics.load(control.stop, 0) === 0;
    },
  });
  const explored: SearchResult = {
    exploration,
    cpuMs: threadCpuMs() - startMs,
    counterexample: undefined,
  };
  say({ type: "explored", result: explored });
  const counterexample = counterexampleOf(scenario, make, exploration, memoryMax);
  say({ type: "ended", result: { exploration, counterexample, cpuMs: threadCpuMs() - startMs } });
}

async function sample({ scenario, strategy, ...options }: RandomJob): Promise<void> {
  const make = await strategyMaker(strategy);
  const startMs = threadCpuMs();
  const found = randomRuns(scenario, make, {
    ...options,
    onProgress(runs, moves) {
      control.progress.set([runs, moves]);
      return Atomics.load(control.stop, 0) === 0;
    },
  });
  say({ type: "sampled", result: { sample: found, cpuMs: threadCpuMs() - startMs } });
}

parentPort?.on("message", (job: SearchJob | RandomJob) => {
  const work = "seed" in job ? sample(job) : search(job);
  work.catch((error: unknown) => say({ type: "failed", error: sent(error) }));
});
