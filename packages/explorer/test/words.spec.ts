import { describe, expect, it } from "vitest";
import { examine, findScenario, parsePath, replay, worldOf } from "../src/index.ts";
import { makeStrategy } from "./support/strategies.ts";

/*
 * Goal: what a run is told in can be followed without the code. Method: the runs are those of published stories, and the words
 * were worked out from the story by hand: a partition that begins at block 4, sources 0 and 3, destination 10.
 */
function caseOf(name: string, wanted: string) {
  const file = findScenario(name);
  const one = file?.cases.find((each) => each.name === wanted);
  if (file === undefined || one === undefined) throw new Error(`no case ${wanted} in ${name}`);
  return { scenario: worldOf(file, one), make: () => makeStrategy(one.strategy) };
}

describe("the words of a run", () => {
  it("say where a bio was remapped to, and what its request copies from", () => {
    const { scenario, make } = caseOf("remapped-twice", "as posted in August 2021");
    const shown = examine(scenario, make).counterexample?.replay;
    expect(shown?.steps.map(({ words, outcome }) => [words, outcome])).toEqual([
      ["the queue of disk is frozen", ""],
      ["T0's copy bio (partition 10+2) is submitted", "remapped to disk 14+2"],
      ["T0 takes its plug out", ""],
      ["the queue of disk is thawed", ""],
      [
        "T0's copy bio (partition 14+2) is submitted",
        "remapped to disk 18+2; paired: to disk 18+2; from disk 8+1; from disk 11+1",
      ],
      ["the queue runs", expect.any(String)],
    ]);
    expect(shown?.violation?.message).toContain("T0's block 0 gets block 4, which is no source");
  });

  it("say that a device refuses a range that no driver cut", () => {
    const { scenario, make } = caseOf(
      "limit-by-address",
      "as posted, a long range at the beginning",
    );
    // Its bio is submitted, its plug taken out, the queue runs, the device answers.
    const played = replay(scenario, make(), parsePath("0,1,0.0,0,0.0,0,0.1,0,0"));
    expect(played.steps.at(-1)).toMatchObject({ words: "the device refuses T0's command" });
    expect(played.steps.at(-1)?.outcome).toContain("copy ends: limitExceeded");
    expect(played.violation).toBeUndefined();
  });
});
