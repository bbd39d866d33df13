import { nvmeCommandSet } from "@blockferry/device-nvme";
import { type StrategyName, strategies } from "../cases/strategies.ts";
import { interleave } from "../measure/rounds.ts";
import { row } from "../report/document.ts";
import { type CopyLoad, copyLoads, DEPTH } from "../workload/copy-load.ts";
import type { LoopFigures } from "./c-programs.ts";
import type { Part, PartContext } from "./part.ts";
import { runChild } from "./run-child.ts";

/** Least ratios to C, by load: plan + encode + complete alone, and the whole path. */
const goals = {
  "1 range": { alone: 0.25, whole: 0.08 },
  "8 ranges": { alone: 0.35, whole: 0.15 },
} as Readonly<Record<string, { readonly alone: number; readonly whole: number }>>;

const UNIT = "copies/CPU s";
const C = "C, gcc -O2";

/** Rates of contestants that must agree on the bytes they encode. */
class Judge {
  private checksum: string | undefined;

  rate(figures: LoopFigures): number {
    this.checksum ??= figures.checksum;
    if (figures.checksum !== this.checksum) {
      throw new Error(`encoded bytes differ: ${figures.checksum}, not ${this.checksum}`);
    }
    return figures.operations / figures.cpuSeconds;
  }
}

function cWords(load: CopyLoad, seconds: number): number[] {
  const { ranges, blocks, mssrl, mcl, msrc } = load;
  return [ranges, blocks, mssrl, mcl, msrc, DEPTH, nvmeCommandSet().layout.listBytes, seconds];
}

async function measure(context: PartContext, index: number): Promise<void> {
  const load = copyLoads[index] as CopyLoad;
  const { programs, quick, rounds, add, progress } = context;
  const seconds = quick ? 0.2 : 0.5;
  const judge = new Judge();
  const names = Object.keys(strategies) as StrategyName[];
  const ours = (strategy?: StrategyName) => () =>
    judge.rate(runChild({ kind: "copy", load: index, strategy, seconds }));
  const contestants: Record<string, () => number> = { alone: ours() };
  for (const name of names) contestants[name] = ours(name);
  if (typeof programs !== "string") {
    contestants.C = () => judge.rate(programs.run("plan", cWords(load, seconds)));
  }
  progress(`copy path, ${load.name}`);
  const { medians, ratio } = await interleave(contestants, rounds);
  const goal = goals[load.name];
  for (const name of ["alone", ...names]) {
    const value = medians[name] as number;
    const what = name === "alone" ? "plan + encode + complete" : `whole path, ${name}`;
    const least = name === "alone" ? goal?.alone : goal?.whole;
    const peer =
      medians.C === undefined ? {} : { peerName: C, peer: medians.C, ratio: ratio(name, "C") };
    add(
      row({
        part: "copy path",
        what: `${load.name}: ${what}`,
        unit: UNIT,
        ours: value,
        ...peer,
        ...(least === undefined || medians.C === undefined ? {} : { goal: { atLeast: least } }),
      }),
    );
  }
}

/** Submit, pair, plan, encode, complete, into a transport that answers at once. */
export const copyPath: Part = {
  name: "path",
  title: "copies from submission to completion, without a device",
  async run(context) {
    if (typeof context.programs === "string") {
      context.skip(`ratios to C of the copy path: ${context.programs}`);
    }
    for (let load = 0; load < copyLoads.length; load++) await measure(context, load);
  },
};
