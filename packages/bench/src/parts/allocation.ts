import { type StrategyName, strategies } from "../cases/strategies.ts";
import { row } from "../report/document.ts";
import { copyLoads } from "../workload/copy-load.ts";
import type { Part } from "./part.ts";
import { runChild } from "./run-child.ts";

/** Young generation that holds all garbage of a measurement, MiB. */
const SEMI_SPACE = 256;
const nodeWords = [
  "--expose-gc",
  `--min-semi-space-size=${SEMI_SPACE}`,
  `--max-semi-space-size=${SEMI_SPACE}`,
];

/** Memory that a copy leaves to the garbage collector. */
export const allocation: Part = {
  name: "allocation",
  title: "bytes allocated per copy in steady state",
  async run({ add, progress }) {
    for (const [load, { name }] of copyLoads.entries()) {
      progress(`allocation, ${name}`);
      for (const strategy of Object.keys(strategies) as StrategyName[]) {
        const { bytesPerCopy } = runChild({ kind: "copy", load, strategy, seconds: 0 }, nodeWords);
        if (bytesPerCopy === undefined) throw new Error("the child did not look at its heap");
        add(
          row({
            part: "allocation",
            what: `${name}: whole path, ${strategy}`,
            unit: "B/copy",
            ours: bytesPerCopy,
            goal: { atMost: 64 },
          }),
        );
      }
    }
  },
};
