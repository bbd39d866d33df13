// Goal: the suite passes a transport that keeps the contract, and fails each one that breaks one sentence of it.
import { describe, expect, it } from "vitest";
import { type TransportAbilities, transportSuite } from "../src/transport/index.ts";
import { outcomeOf } from "./support/failures.ts";
import { plainTransport, type TransportFault } from "./support/plain-transport.ts";

/** What is broken is waited for in vain: a short deadline makes no broken transport look whole. */
const DEADLINE_MS = 40;

const run = (
  fault?: TransportFault,
  own: Partial<TransportAbilities> = {},
  deadlineMs: number = DEADLINE_MS,
) =>
  outcomeOf((runner) =>
    transportSuite({
      ...runner,
      ...{ cases: 1, seed: 1, deadlineMs, quietMs: 5 },
      supports: { answersAborts: true, tellsRemoval: true, cutsAtBytes: [512], ...own },
      connect: (device) => ({ transport: plainTransport(device, fault) }),
    }),
  );

const faults: Record<TransportFault, RegExp> = {
  "drops the last byte of data to the device": /data to the device unchanged/,
  "zeroes the last byte of data to the host": /data to the host unchanged/,
  "sends lists at full length": /lists to the device unchanged, and as long/,
  "sends at once": /nothing before the doorbell/,
  "changes a byte of the command": /data to the device unchanged/,
  "answers twice": /as many commands at once/,
  "answers for the device": /does not answer for the device/,
  "swaps the answers of two slots": /as many commands at once/,
  "takes queues of any depth": /refuses a queue that is deeper/,
  "forgets to tell a reset": /resets the device when asked/,
  "keeps a removal to itself": /tells every queue that the device is gone/,
  "speaks after close": /closes with commands on their way/,
  "closes only once": /closes before any use/,
  "ignores the signal": /does not send what was aborted before/,
  "answers no abort": /answers an aborted command/,
};

describe("the suite of transports", () => {
  it("passes a transport that keeps the contract", async () => {
    const { tests, failures } = await run(undefined, {}, 60_000);
    expect(failures).toEqual([]);
    expect(tests).toBeGreaterThan(20);
  });

  it.each(Object.entries(faults))("fails a transport that %s", async (fault, test) => {
    const { failures } = await run(fault as TransportFault);
    expect(failures.map((one) => one.test)).toContainEqual(expect.stringMatching(test));
  });

  it("fails a transport that can more, or less, than its manifest says", async () => {
    const more = await run(undefined, { answersAborts: false });
    expect(more.failures.map((one) => one.test)).toContainEqual(expect.stringMatching(/by abort/));
    const less = await run(undefined, { tellsRemoval: false });
    expect(less.failures.map((one) => one.test)).toContainEqual(expect.stringMatching(/removal/));
  });
});
