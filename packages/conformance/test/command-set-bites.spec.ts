// Goal: the suite passes a command set that keeps the contract, and fails each one that breaks one sentence of it.
import { describe, expect, it } from "vitest";
import { commandSetSuite } from "../src/command-set/index.ts";
import { outcomeOf } from "./support/failures.ts";
import { type CommandSetFault, plainCommandSet } from "./support/plain-command-set.ts";

const run = (fault?: CommandSetFault, own: object = {}) =>
  outcomeOf((runner) => {
    const driver = plainCommandSet(fault);
    const supports = { ...driver.supports, ...own };
    commandSetSuite({ ...runner, ...driver, supports, cases: 20, seed: 1 });
  });

const faults: Record<CommandSetFault, RegExp> = {
  "plans one block too few": /each block of any request once/,
  "writes its list into the next slot": /touches no slot but the one/,
  "drops the high word of an address": /the greatest address/,
  "exceeds the blocks of a command": /up to their blocks/,
  "forgets the cursor's offset": /goes on from any cursor/,
  "keeps the list of an earlier command": /no trace of a slot's earlier command/,
  "changes the window": /goes on from any cursor/,
  "takes an unknown status for success": /no status that nobody knows/,
  "loses the device's own status": /keeps the device's own/,
  "says cancelled for a busy device": /every status of the standard a meaning/,
  "takes any answer for its own": /answer that an earlier command left behind/,
  "counts all blocks of a failed copy as done": /no block as done/,
  "reaches every device": /reaches no other device/,
  "binds any device": /devices of another family/,
  "writes one block too many": /encodes a write/,
};

describe("the suite of command sets", () => {
  it("passes a command set that keeps the contract", async () => {
    const { tests, failures } = await run();
    expect(failures).toEqual([]);
    expect(tests).toBeGreaterThan(15);
  });

  it.each(Object.entries(faults))("fails a command set that %s", async (fault, test) => {
    const { failures } = await run(fault as CommandSetFault);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it.each([
    [{ crossDevice: true }, /reaches across devices/],
    [{ tellsLateAnswers: false }, /cannot tell a late answer/],
    [{ saysBlocksDone: false }, /knows no part/],
  ])("fails a command set whose manifest is wrong: %j", async (own, test) => {
    const { failures } = await run(undefined, own);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });
});
