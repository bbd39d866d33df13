/**
 * The test runner, handed in: the suites bring none along. Vitest, Jest, Mocha and `node:test` all have these two, and the
 * suites need no assertions of theirs.
 */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void | Promise<void>): void;
}
