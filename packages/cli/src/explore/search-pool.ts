import { Worker } from "node:worker_threads";
import { FerryError } from "@blockferry/core";
import { type Progress, replay } from "@blockferry/explorer";
import { strategyMaker } from "../strategies.ts";
import {
  controlIn,
  controlMemory,
  type SearchControl,
  type SearchJob,
  type SearchMessage,
  type SearchResult,
  type SentError,
} from "./search-job.ts";

export interface PoolOptions {
  /** The module that the threads run. */
  readonly worker: URL;
  readonly threads: number;
  /** Ends searches early; what they found so far is their result. */
  readonly signal: AbortSignal;
  /** Called with the result of each search as it ends. */
  readonly onResult: (job: number, result: SearchResult) => void;
}

/** Searches that run in threads. */
export interface SearchPool {
  /** Results in order of the jobs; `undefined` for those that were not begun. */
  readonly results: Promise<readonly (SearchResult | undefined)[]>;
  /** How far the searches are: states and transitions of all, depth of the deepest. */
  progress(): Progress;
}

/** The error that a thread sent. */
export function received({ message, stack, ferry }: SentError): Error {
  if (ferry !== undefined) {
    const { code, hint, details } = ferry;
    return new FerryError(code, message, {
      details: details as Record<string, unknown>,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** The counterexample as it was met first: for those who do not wait for the shortest. */
async function asMet(job: SearchJob, result: SearchResult): Promise<SearchResult> {
  const { path } = result.exploration;
  if (path === undefined) return result;
  const make = await strategyMaker(job.strategy);
  const counterexample = { path, replay: replay(job.scenario, make(), path), isShortest: false };
  return { ...result, counterexample };
}

/** A thread that carries out one search after another. */
export class SearchThread {
  private readonly worker: Worker;
  private readonly signal: AbortSignal;
  readonly control: SearchControl;

  constructor({ worker, signal }: PoolOptions) {
    const memory = controlMemory();
    this.control = controlIn(memory);
    this.signal = signal;
    this.worker = new Worker(worker, { workerData: memory });
  }

  /** @throws what the thread threw */
  run(job: SearchJob): Promise<SearchResult> {
    const { worker, control, signal } = this;
    control.progress.fill(0);
    return new Promise((resolve, reject) => {
      let explored: SearchResult | undefined;
      const settle = (act: () => void): void => {
        worker.off("message", hear).off("error", fail);
        signal.removeEventListener("abort", stop);
        act();
      };
      const fail = (error: unknown): void => settle(() => reject(error));
      const leave = (result: SearchResult): void => settle(() => resolve(asMet(job, result)));
      const stop = (): void => {
        if (explored !== undefined) leave(explored);
        Atomics.store(control.stop, 0, 1);
      };
      const hear = (message: SearchMessage): void => {
        if (message.type === "failed") fail(received(message.error));
        else if (message.type === "sampled") return;
        else if (message.type === "ended") settle(() => resolve(message.result));
        else if (signal.aborted) leave(message.result);
        else explored = message.result;
      };
      worker.on("message", hear).on("error", fail);
      signal.addEventListener("abort", stop);
      worker.postMessage(job);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Carries searches out, each in one thread, several at a time. */
export function searchAll(jobs: readonly SearchJob[], options: PoolOptions): SearchPool {
  const results: (SearchResult | undefined)[] = jobs.map(() => undefined);
  const done = { states: 0, transitions: 0 };
  const threads = new Set<SearchThread>();
  let next = 0;
  async function work(): Promise<void> {
    const thread = new SearchThread(options);
    threads.add(thread);
    try {
      while (next < jobs.length && !options.signal.aborted) {
        const number = next++;
        const result = await thread.run(jobs[number]);
        results[number] = result;
        done.states += result.exploration.states;
        done.transitions += result.exploration.transitions;
        options.onResult(number, result);
        thread.control.progress.fill(0);
      }
    } finally {
      threads.delete(thread);
      await thread.end();
    }
  }
  const count = Math.min(options.threads, jobs.length);
  const all = Promise.all(Array.from({ length: count }, work)).then(() => results);
  return {
    results: all,
    progress() {
      let { states, transitions } = done;
      let depth = 0;
      for (const { control } of threads) {
        states += control.progress[0];
        transitions += control.progress[1];
        depth = Math.max(depth, control.progress[2]);
      }
      return { states, transitions, depth };
    },
  };
}
