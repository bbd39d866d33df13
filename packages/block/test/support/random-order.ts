import { NO_LANE, type Scheduler, type StepRunner } from "@blockferry/core";

/** Numbers below `n`, the same for the same seed: a linear congruential generator, of which the upper bits are taken. */
export function random(seed: number): (n: number) => number {
  let state = seed | 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * n);
  };
}

/** A scheduler that runs nothing by itself: a test runs posted steps in any order that lanes allow. */
export interface RandomOrder extends Scheduler {
  /** Runs one step that may run now; false when there is none. */
  runOne(): boolean;
  readonly posted: number;
  /** Remembers what is posted; what it returns brings that back. */
  save(): () => void;
}

export function randomOrder(pick: (n: number) => number): RandomOrder {
  let steps: { kind: number; subject: number; lane: number }[] = [];
  let run: StepRunner = () => {};
  return {
    attach(runner) {
      run = runner;
    },
    post(kind, subject, lane) {
      steps.push({ kind, subject, lane });
    },
    drain() {},
    runOne() {
      const eligible = steps.filter(
        ({ lane }, i) => lane === NO_LANE || steps.findIndex((step) => step.lane === lane) === i,
      );
      if (eligible.length === 0) return false;
      const step = eligible[pick(eligible.length)];
      steps.splice(steps.indexOf(step), 1);
      run(step.kind, step.subject);
      return true;
    },
    get posted() {
      return steps.length;
    },
    save() {
      const saved = [...steps];
      return () => {
        steps = [...saved];
      };
    },
  };
}
