import { status, traceKind } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { blockEngine, copyOn, linear, numberDevices } from "../src/index.ts";
import { request } from "./support/bench.ts";
import { testController } from "./support/block-model.ts";
import { manualClock } from "./support/manual-clock.ts";
import {
  direct,
  needsLikeHalves,
  parking,
  strategies,
  strategyNames,
  ungathered,
} from "./support/scenario.ts";
import { traceCheck } from "./support/trace-check.ts";

/** What other tests see: stores, and stacks that change or send bios on by themselves. */
const elsewhere: readonly string[] = ["storeCopy", "bioDefer", "reload", "freeze", "remove"];

/*
 * Goal: a trace tells each kind of event, in an order that makes sense, and the end of all that began.
 */
describe.each(strategyNames)("%s: the trace", (strategy) => {
  it.skipIf(needsLikeHalves(strategy))("tells each kind of event, with its end", async () => {
    const trace = traceCheck();
    const clock = manualClock();
    const controller = testController([{ blocks: 200 }, { blocks: 200 }], { clock, depth: 4 });
    const [a, b] = controller.devices;
    const stack = linear({
      targets: [
        { device: a, start: 0, blocks: 120 },
        { device: b, start: 0, blocks: 80 },
      ],
    });
    let refused = 0;
    let lost = 0;
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = ({ kind }) =>
      kind === 5 && refused++ === 0 ? status.busy : undefined;
    controller.behaviour.lose = ({ kind }) => kind === 5 && refused > 1 && lost++ === 0;
    const engine = blockEngine({
      devices: [stack],
      strategy: strategies[strategy](),
      trace: trace.sink,
    });
    const running = copyOn(
      engine,
      stack,
      { sources: [{ lba: 40, blocks: 60 }], destination: 110 },
      { emulate: true },
    );
    while (clock.next());
    expect((await running).status).toBe("success");
    expect(trace.wrong(true)).toEqual([]);
    const waits = parking.includes(strategy) || strategy === "source-list per-range";
    const expected = Object.keys(traceKind).filter(
      (kind) => !elsewhere.includes(kind) && (kind !== "bioPark" || waits),
    );
    expect(expected.filter((kind) => !trace.counts.has(kind as keyof typeof traceKind))).toEqual(
      [],
    );
  });

  it.skipIf(ungathered.includes(strategy))(
    "names the sources of a request at the places where they lie at the bottom",
    async () => {
      const told: number[][] = [];
      const controller = testController([{ blocks: 200 }]);
      const [bottom] = controller.devices;
      const stack = linear({
        targets: [
          { device: bottom, start: 100, blocks: 50 },
          { device: bottom, start: 20, blocks: 80 },
        ],
      });
      const engine = blockEngine({
        devices: [stack],
        strategy: strategies[strategy](),
        trace(kind, _, device, lba, blocks, detail) {
          if (kind === traceKind.requestSource) told.push([device, lba, blocks, detail]);
        },
      });
      const sources = [
        { lba: 45, blocks: 10 },
        { lba: 10, blocks: 2 },
      ];
      await copyOn(engine, stack, { sources, destination: 70 });
      const number = engine.devices.indexOf(bottom);
      // By the table of the stack: 45+5 lies at 145, 50+5 at 20, 10+2 at 110.
      expect(told.map((range) => range.slice(0, 3))).toEqual([
        [number, 145, 5],
        [number, 20, 5],
        [number, 110, 2],
      ]);
      expect(numberDevices([stack])).toEqual(engine.devices);
    },
  );

  it.runIf(direct.includes(strategy))(
    "shows requests held by the plug until it is out",
    async () => {
      const kinds: number[] = [];
      const controller = testController([{ blocks: 400 }]);
      const [device] = controller.devices;
      const engine = blockEngine({
        devices: [device],
        strategy: strategies[strategy](),
        trace: (kind) => kinds.push(kind),
      });
      await copyOn(engine, device, request);
      const place = (kind: number): number => kinds.indexOf(kind);
      const order = [
        traceKind.copyStart,
        traceKind.plug,
        traceKind.bioSubmit,
        traceKind.bioPair,
        traceKind.requestInsert,
        traceKind.unplug,
        traceKind.commandIssue,
        traceKind.commandComplete,
        traceKind.requestEnd,
        traceKind.bioEnd,
        traceKind.copyEnd,
      ].map(place);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(order).not.toContain(-1);
    },
  );
});
