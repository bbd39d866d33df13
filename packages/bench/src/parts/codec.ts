import { median } from "../measure/median.ts";
import { row } from "../report/document.ts";
import type { Part } from "./part.ts";
import { runChild } from "./run-child.ts";

const UNIT = "/s";

function medians(rounds: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const names = Object.keys(rounds[0] ?? {});
  return new Map(names.map((name) => [name, median(rounds.map((rates) => rates[name] as number))]));
}

/** Encoding and decoding from tables, and by hand. */
export const codec: Part = {
  name: "codec",
  title: "encode and decode by structure",
  async run({ quick, rounds, add, progress }) {
    progress("codec, the Copy command by table and by hand");
    const seconds = quick ? 0.1 : 0.3;
    const beside = Array.from(
      { length: rounds },
      () => runChild({ kind: "codec", byHand: true, seconds }).rates,
    );
    for (const direction of ["encode", "decode"]) {
      const what = `Copy command, ${direction}`;
      const times = beside.map(
        (rates) => (rates[`${what} by hand`] as number) / (rates[what] as number),
      );
      add(
        row({
          part: "codec",
          what: `${what}, time by table / by hand`,
          unit: UNIT,
          ours: medians(beside).get(what) as number,
          peerName: "written by hand",
          peer: medians(beside).get(`${what} by hand`) as number,
          ratio: median(times),
          goal: { atMost: 1.5 },
        }),
      );
    }
    progress("codec, every structure");
    const each = runChild({ kind: "codec", byHand: false, seconds: quick ? 0.02 : 0.06 });
    for (const [what, rate] of Object.entries(each.rates)) {
      add(row({ part: "codec", what, unit: UNIT, ours: rate }));
    }
  },
};
