import { openNvmeController } from "@blockferry/device-nvme";
import { type Fault, nvmeModel } from "@blockferry/device-nvme/model";
import { memoryTransport } from "@blockferry/transport-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockDevice } from "../src/index.ts";
import type { ManualClock } from "./support/manual-clock.ts";
import { BLOCKS, copyIsWhatItSays, copyPlain, numberedStore } from "./support/numbered-blocks.ts";
import { needsLikeHalves } from "./support/scenario.ts";

/*
 * Goal: the engine over a real command set and its emulated controller, with the controller's own limits and faults: what
 * is said to be copied is copied, other blocks of the destination are old or new, and all others are as they were.
 * Method: each block is filled with a number of its own; stores are compared byte by byte.
 */
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("unrecovered-read" as const, "write-fault" as const),
    nsid: fc.integer({ min: 1, max: 2 }),
    lba: fc.nat(BLOCKS - 1),
    blocks: fc.integer({ min: 1, max: 4 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("busy" as const, "lost-completion" as const),
    after: fc.nat(5),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ kind: fc.constant("reset" as const), after: fc.nat(5), afterBlocks: fc.nat(10) }),
);

const scenario = fc.record({
  namespaces: fc.array(
    fc.record({
      mssrl: fc.integer({ min: 1, max: 20 }),
      mcl: fc.integer({ min: 1, max: 40 }),
      msrc: fc.nat(5),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  crossNamespace: fc.boolean(),
  faults: fc.array(fault, { maxLength: 4 }),
  ...copyPlain,
});

type Plain = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function open(plain: Plain, clock: ManualClock) {
  const stores = plain.namespaces.map((_, i) => numberedStore(i));
  const model = nvmeModel({
    namespaces: plain.namespaces.map((limits, i) => ({ ...limits, store: stores[i] })),
    faults: plain.faults,
  });
  const transport = memoryTransport(model, { clock, turn: "inline", duplicateEvery: 3 });
  const controller = await openNvmeController(transport, { crossNamespace: plain.crossNamespace });
  const { commandSet, namespaces } = controller;
  const { queueDepth } = plain;
  const devices = namespaces.map((target) =>
    blockDevice({ target, commandSet, transport, queueDepth }),
  );
  return { stores, devices };
}

describe("over an NVMe controller", { timeout: 120_000 }, () => {
  it("a copy is what it says", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (plain) => {
        const copied = await copyIsWhatItSays(plain, (clock) => open(plain, clock));
        if (copied === undefined) return;
        const isServed = plain.namespaces.length === 1 && !needsLikeHalves(plain.strategy);
        if (plain.faults.length === 0 && (plain.emulate || isServed))
          expect(copied.result.status).toBe("success");
        expect(copied.clock.waiting).toBe(0);
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
  });
});
