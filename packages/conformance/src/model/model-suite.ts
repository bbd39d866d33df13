import { anyCommands } from "./any-command.ts";
import { copying } from "./copying.ts";
import { life } from "./life.ts";
import type { ModelSuiteOptions } from "./model-suite-options.ts";
import { refusing } from "./refusing.ts";

/**
 * The contract of `DeviceModel`: copies against plain buffers, every limit at the limit and one above it, any bytes as
 * commands, resets.
 *
 * @throws TypeError for abilities that contradict each other.
 */
export function modelSuite(options: ModelSuiteOptions): void {
  const { describe, supports } = options;
  if (supports.crossUnit && supports.units < 2) {
    throw new TypeError("copies across units need two of them");
  }
  describe("model", () => {
    describe("copies", () => copying(options));
    describe("refusals", () => refusing(options));
    describe("any bytes", () => anyCommands(options));
    describe("life", () => life(options));
  });
}
