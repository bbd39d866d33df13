/** Runs one step of the engine. */
export type StepRunner = (kind: number, subject: number) => void;

/** No lane: the step is not ordered with any other. */
export const NO_LANE = -1;

/**
 * Decides when the asynchronous steps of an engine run.
 *
 * In production steps run in order, at once. An explorer is the adversary: it may run posted steps in any order, but
 * those of one lane (one submitter's own steps) in the order of posting.
 */
export interface Scheduler {
  /** Tells who runs steps. Called once by the engine. */
  attach(run: StepRunner): void;
  /** Takes a step. `kind` and `subject` are signed words; `lane` is `NO_LANE` or a number from 0 on. */
  post(kind: number, subject: number, lane: number): void;
  /** Gives the scheduler the occasion to run steps: called at the engine's edges, possibly while steps run. */
  drain(): void;
}

/** Time, handed in from outside: nothing in the engine reads a clock by itself. */
export interface Clock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Calls `wake` once, not before `delayMs` have passed. Returns what takes it back. */
  after(delayMs: number, wake: () => void): () => void;
}
