// Goal: the suite passes a model that keeps the contract, and fails each one that breaks one sentence of it.
import { describe, expect, it } from "vitest";
import { type ModelAbilities, modelSuite } from "../src/model/index.ts";
import { outcomeOf } from "./support/failures.ts";
import { type ModelFault, plainModelDriver } from "./support/plain-model.ts";

const run = (fault?: ModelFault, own: Partial<ModelAbilities> = {}) =>
  outcomeOf((runner) => {
    const driver = plainModelDriver(fault);
    const supports = { ...driver.supports, ...own };
    modelSuite({ ...runner, ...driver, supports, cases: 6, seed: 1 });
  });

const faults: Record<ModelFault, RegExp> = {
  "reads one range only": /reads after a copy/,
  "writes a block behind the destination": /reads after a copy/,
  "copies the ranges in another order": /reads after a copy/,
  "takes one range too many": /as many ranges as it says/,
  "takes ranges of any length": /ranges as long as it says/,
  "takes one block too many": /as many blocks as it says/,
  "moves the first range before it looks at the second": /refuses the one behind it/,
  "asks its store for what is not there": /refuses the one behind it/,
  "throws at an unknown operation": /every operation code/,
  "throws at a list that is too short": /never throws/,
  "changes the list": /answers the examples/,
  "keeps the buffer of a write": /reads after a copy/,
  "writes behind the completion": /answers the examples/,
  "forgets its blocks at a reset": /keeps its blocks over a reset/,
  "finishes a copy over a reset": /resets itself within a copy/,
  "goes on behind a failed medium": /whose medium fails/,
  "writes what may not be written": /what may not be written/,
  "leaves its stores open": /closes its stores/,
  "closes only once": /closes its stores/,
  "reads over its end": /nothing over its end/,
};

describe("the suite of models", () => {
  it("passes a model that keeps the contract", async () => {
    const { tests, failures } = await run();
    expect(failures).toEqual([]);
    expect(tests).toBeGreaterThan(15);
  });

  it.each(Object.entries(faults))("fails a model that %s", async (fault, test) => {
    const { failures } = await run(fault as ModelFault);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it.each([
    [{ crossUnit: false }, /refuses sources on other units/],
    [{ overlap: "refused" }, /onto its own sources/],
    [{ overlap: "snapshot" }, /onto its own sources/],
    [{ emptyRanges: "refused" }, /ranges without blocks/],
    [{ refusals: "in-turn" }, /a later range when its turn comes/],
    [{ repeatsSources: false }, /a source that is named twice/],
  ] as const)("fails a model whose manifest is wrong: %j", async (own, test) => {
    const { failures } = await run(undefined, own);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it("refuses a manifest that contradicts itself", async () => {
    await expect(run(undefined, { units: 1 })).rejects.toThrow(TypeError);
  });
});
