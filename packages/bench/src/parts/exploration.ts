import { type ExploreFigures, exploredStrategies } from "../cases/explore-case.ts";
import { interleave } from "../measure/rounds.ts";
import { row } from "../report/document.ts";
import type { Part } from "./part.ts";
import { runChild } from "./run-child.ts";
import { compileSearch } from "./spin-search.ts";

/** All orders and faults of copies at one time: the engine and each strategy, beside a model by hand that spin searches. */
export const exploration: Part = {
  name: "explore",
  title: "exploring all orders of 7 copies with 2 faults, beside spin",
  async run({ quick, rounds, add, skip, progress }) {
    const copies = quick ? 5 : 7;
    const search = compileSearch(copies);
    if (typeof search === "string") skip(`ratios to spin of exploring: ${search}`);
    const last: Record<string, ExploreFigures> = {};
    const noted = (name: string, figures: ExploreFigures): number => {
      progress(
        `explore, ${name}: ${figures.states} states, ${figures.cpuSeconds.toFixed(1)} CPU s`,
      );
      last[name] = figures;
      return figures.statesRate;
    };
    const contestants: Record<string, () => number> = {};
    if (typeof search !== "string") contestants.spin = () => noted("spin", search.run());
    for (const strategy of exploredStrategies) {
      contestants[strategy] = () =>
        noted(strategy, runChild({ kind: "explore", strategy, copies }));
    }
    const { medians, ratio } = await interleave(contestants, rounds);
    if (typeof search !== "string") search.remove();
    for (const strategy of exploredStrategies) {
      const { states, transitions, transitionsRate, cpuSeconds, isWhole } = last[strategy];
      const what = `${copies} copies, 2 faults, ${strategy}`;
      const ours = medians[strategy] as number;
      const common = { part: "explore", what, note: `${isWhole ? "" : "first "}${states} states` };
      const peer =
        typeof search === "string"
          ? {}
          : {
              peerName: "spin",
              peer: medians.spin,
              ratio: ratio(strategy, "spin"),
              goal: { atLeast: 1 },
            };
      add(
        row({ ...common, unit: "states/CPU s", ours, ...peer }),
        row({
          ...common,
          unit: "transitions/CPU s",
          ours: transitionsRate,
          note: `${transitions} transitions`,
          goal: { atLeast: 1e6 },
        }),
      );
      // Of the same world, whatever each keeps of it: the ratio is how much longer the peer takes.
      const whole =
        typeof search === "string"
          ? {}
          : {
              peerName: "spin",
              peer: last.spin.cpuSeconds,
              ratio: last.spin.cpuSeconds / cpuSeconds,
            };
      if (isWhole)
        add(row({ ...common, unit: "CPU s", ours: cpuSeconds, goal: { atMost: 10 }, ...whole }));
      else skip(`CPU seconds to explore ${what}: it has more than ${states} states`);
    }
  },
};
