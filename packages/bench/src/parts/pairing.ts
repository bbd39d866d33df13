import { type StrategyName, strategies } from "../cases/strategies.ts";
import { interleave } from "../measure/rounds.ts";
import { row } from "../report/document.ts";
import { arrivalOrders } from "../workload/arrivals.ts";
import type { LoopFigures } from "./c-programs.ts";
import type { Part } from "./part.ts";
import { runChild } from "./run-child.ts";

/** The C loops that stand beside a strategy: the first is what its goal is about. */
const peers: Readonly<Record<StrategyName, readonly { mode: string; name: string }[]>> = {
  "source-list": [{ mode: "bio", name: "C, one bio" }],
  "list-token": [
    { mode: "token", name: "C, token table" },
    { mode: "halves", name: "C, bios and tokens in rows" },
  ],
};

function rate({ operations, cpuSeconds }: LoopFigures): number {
  return operations / cpuSeconds;
}

/** Halves that find each other, with nothing of an engine around them. */
export const pairing: Part = {
  name: "pairing",
  title: "pairing alone, by the order in which halves arrive",
  async run({ programs, quick, rounds, add, skip, progress }) {
    if (typeof programs === "string") skip(`ratios to C of pairing: ${programs}`);
    const seconds = quick ? 0.15 : 0.4;
    for (const strategy of Object.keys(strategies) as StrategyName[]) {
      for (const order of arrivalOrders) {
        progress(`pairing, ${strategy}, ${order}`);
        const sums = new Set<string>();
        const noted = (figures: LoopFigures): number => {
          sums.add(figures.checksum);
          return rate(figures);
        };
        const contestants: Record<string, () => number> = {
          ours: () => noted(runChild({ kind: "pairing", strategy, order, seconds })),
        };
        const rivals = typeof programs === "string" ? [] : peers[strategy];
        for (const { mode } of rivals) {
          contestants[mode] = () => {
            if (typeof programs === "string") throw new Error(programs);
            return noted(programs.run("pairing", [mode, order, seconds]));
          };
        }
        const { medians, ratio } = await interleave(contestants, rounds);
        if (sums.size !== 1) throw new Error(`${strategy}, ${order}: encoded words differ`);
        const what = `${strategy}, ${order}`;
        const common = { part: "pairing", what, unit: "pairs/CPU s", ours: medians.ours as number };
        if (rivals.length === 0) add(row(common));
        rivals.forEach(({ mode, name }, i) => {
          const peer = medians[mode] as number;
          const goal = i === 0 ? { goal: { atLeast: 0.35 } } : {};
          add(row({ ...common, peerName: name, peer, ratio: ratio("ours", mode), ...goal }));
        });
      }
    }
  },
};
