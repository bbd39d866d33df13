import { allocatedBytes } from "../measure/allocated-bytes.ts";
import { cpuRate } from "../measure/cpu-rate.ts";
import { copyLoads } from "../workload/copy-load.ts";
import { planEncode } from "./plan-encode.ts";
import { type StrategyName, strategies } from "./strategies.ts";
import { type CopyRunner, wholePath } from "./whole-path.ts";

/** What to measure of the copy path, in a process of its own. */
export interface CopyCase {
  readonly kind: "copy";
  /** Index into the loads. */
  readonly load: number;
  /** A strategy runs the whole path; without one the encoder runs alone. */
  readonly strategy?: StrategyName | undefined;
  /** CPU seconds; 0 measures what is allocated. */
  readonly seconds: number;
}

/** What the child says: the C loops print the same. */
export interface CopyFigures {
  readonly checksum: string;
  readonly operations: number;
  readonly cpuSeconds: number;
  readonly bytesPerCopy?: number;
}

/** Copies between two looks at the clock. */
const STEP = 2048;

function runnerOf({ load, strategy }: CopyCase): CopyRunner {
  const copies = copyLoads[load];
  if (copies === undefined) throw new RangeError(`there is no load ${load}`);
  return strategy === undefined ? planEncode(copies) : wholePath(copies, strategies[strategy]());
}

/** Runs one case. */
export function runCopyCase(options: CopyCase): CopyFigures {
  const runner = runnerOf(options);
  const checksum = runner.checksum();
  const step = (): void => runner.run(STEP);
  if (options.seconds === 0) {
    const bytesPerCopy = allocatedBytes(step, STEP, 100);
    return { checksum, operations: 0, cpuSeconds: 0, bytesPerCopy };
  }
  const seconds = { warmUp: options.seconds, measured: options.seconds };
  return { checksum, ...cpuRate(step, STEP, seconds) };
}
