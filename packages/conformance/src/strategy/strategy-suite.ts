import {
  type HazardName,
  type HazardVerdict,
  type HazardVerdicts,
  hazardNames,
  hazards,
} from "@blockferry/core";
import { broken, check } from "../check.ts";
import {
  type JudgedStack,
  type Judgement,
  judgedStacks,
  type StrategySuiteOptions,
} from "./strategy-suite-options.ts";

const severity: Readonly<Record<HazardVerdict, number>> = { survives: 0, refuses: 1, breaks: 2 };

/** What a stack does to every copy, whatever else happens: a stripe cuts source and destination at different places. */
const stackHazards: Readonly<Record<JudgedStack, readonly HazardName[]>> = {
  bare: [],
  linear: ["linear"],
  striped: ["linear", "split", "splitApart"],
};

/** The worst that a manifest says of some hazards. */
function worstOf(under: HazardVerdicts, names: readonly HazardName[]): HazardVerdict {
  return names
    .map((name) => under[name])
    .reduce((worst, each) => (severity[each] > severity[worst] ? each : worst), "survives");
}

function verdictOf({ verdict, why }: Judgement): HazardVerdict {
  if (verdict === undefined) broken(`the search ended before it could say: ${why}`);
  return verdict;
}

/** Bare, a verdict is what the manifest says, whether good or bad; on a stack it is no worse than the two together. */
function checkVerdict(
  found: Judgement,
  under: HazardVerdicts,
  hazard: HazardName,
  stack: JudgedStack,
): void {
  const verdict = verdictOf(found);
  const said = worstOf(under, [hazard, ...stackHazards[stack]]);
  const holds = stack === "bare" ? verdict === said : severity[verdict] <= severity[said];
  check(holds, `found that it ${verdict}, where the manifest says ${said}: ${found.why}`);
}

function manifestTests({ it, make }: StrategySuiteOptions): void {
  it("has a name, and a verdict for every hazard", () => {
    const { name, supports } = make();
    check(/^[a-z][a-z0-9-]*$/.test(name), `"${name}" is not a name in lower case`);
    const unnamed = hazardNames.filter((hazard) => severity[supports.under[hazard]] === undefined);
    check(unnamed.length === 0, `no verdict for ${unnamed.join(", ")}`);
  });
}

/**
 * Runs a pairing strategy against its own manifest: under each hazard, in every order of a small world and in orders drawn
 * from a seed, on a bare device, then on a linear and on a striped one. What a manifest says breaks or is refused must
 * break or be refused.
 */
export function strategySuite(options: StrategySuiteOptions): void {
  const { describe, it, make, judge, seeds = [1, 2] } = options;
  const { supports } = make();
  manifestTests(options);
  for (const stack of judgedStacks) {
    describe(stack === "bare" ? "on a device" : `on a ${stack} device`, () => {
      for (const hazard of hazardNames) {
        it(`${supports.under[hazard]} when ${hazards[hazard]}`, () => {
          checkVerdict(judge.everyOrder(make, hazard, stack), supports.under, hazard, stack);
        });
      }
      it("says no worse in orders drawn from a seed", () => {
        for (const hazard of hazardNames) {
          const said = worstOf(supports.under, [hazard, ...stackHazards[stack]]);
          for (const seed of seeds) {
            const found = judge.someOrders(make, hazard, stack, seed);
            const holds = severity[verdictOf(found)] <= severity[said];
            check(holds, `${hazard}, seed ${seed}: ${found.why}`);
          }
        }
      });
    });
  }
}
