import { carrying } from "./carrying.ts";
import { executing } from "./executing.ts";
import { failing } from "./failing.ts";
import type { TransportSuiteOptions } from "./transport-suite-options.ts";

/**
 * The contract of `Transport`: a device that the suite plays is at the far end, and both ends are compared.
 */
export function transportSuite(options: TransportSuiteOptions): void {
  const { describe } = options;
  describe("transport", () => {
    describe("commands of a queue", () => carrying(options));
    describe("commands outside of queues", () => executing(options));
    describe("failures", () => failing(options));
  });
}
