import { answers } from "./answers.ts";
import type { CommandSetSuiteOptions } from "./command-set-suite-options.ts";
import { planning } from "./planning.ts";
import { transfers } from "./transfers.ts";

/**
 * The contract of `CommandSet` and `CommandEncoder`: requests are planned into queue memory and read back from it by
 * another decoder; answers of every status are interpreted.
 */
export function commandSetSuite(options: CommandSetSuiteOptions): void {
  const { describe } = options;
  describe("command set", () => {
    describe("copies", () => planning(options));
    describe("reads, writes and devices", () => transfers(options));
    describe("answers", () => answers(options));
  });
}
