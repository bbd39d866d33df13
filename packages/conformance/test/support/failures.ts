import type { TestRunner } from "../../src/test-runner.ts";

export interface Failure {
  /** The test's name, with the names of its groups before it. */
  readonly test: string;
  readonly message: string;
}

export interface Outcome {
  readonly tests: number;
  readonly failures: readonly Failure[];
}

/** Runs a suite in a runner of its own and tells what failed. */
export async function outcomeOf(declare: (runner: TestRunner) => void): Promise<Outcome> {
  const path: string[] = [];
  const tests: { name: string; body: () => void | Promise<void> }[] = [];
  declare({
    describe(name, body) {
      path.push(name);
      body();
      path.pop();
    },
    it(name, body) {
      tests.push({ name: [...path, name].join(" > "), body });
    },
  });
  const failures: Failure[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch (error) {
      failures.push({ test: name, message: (error as Error).message });
    }
  }
  return { tests: tests.length, failures };
}
