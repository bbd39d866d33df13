import { status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { copyOn } from "../src/index.ts";
import { bench, request } from "./support/bench.ts";
import { KIND } from "./support/block-command-set.ts";
import type { TestController } from "./support/block-model.ts";
import { leaks, strategyNames } from "./support/scenario.ts";

/*
 * Goal: a device that is late is asked to give up, then reset; one that is busy is asked again; one that takes several commands for a
 * copy gets them at its pace. Time is a clock that the test moves.
 */
describe.each(strategyNames)("%s: deadlines", (strategy) => {
  it("aborts at the first, resets at the second, and sends again", async () => {
    const { controller, clock, device, engine, before } = bench(strategy, { timeoutMs: 1000 });
    let lost = 0;
    controller.behaviour.lose = () => lost++ === 0;
    const running = copyOn(engine, device, request);
    clock.advance(999);
    expect(controller.aborts).toBe(0);
    clock.advance(1);
    expect([controller.aborts, controller.resets]).toEqual([1, 0]);
    clock.advance(1000);
    expect([controller.aborts, controller.resets]).toEqual([1, 1]);
    const result = await running;
    expect(result).toMatchObject({ status: "success", offloadedBlocks: 96 });
    expect(result.commands.map((command) => command.status)).toEqual([
      "timeout",
      ...Array(4).fill("success"),
    ]);
    expect([...controller.units[0].labels.slice(200, 296)]).toEqual([...before.slice(0, 96)]);
    expect(clock.waiting).toBe(0);
    expect(leaks(engine)).toEqual([]);
  });

  it("sends again at once what answers its abort", async () => {
    const { controller, clock, device, engine } = bench(strategy, { timeoutMs: 1000 });
    let lost = 0;
    controller.behaviour.lose = () => lost++ === 0;
    controller.behaviour.abortStatus = status.aborted;
    const running = copyOn(engine, device, request);
    clock.advance(1000);
    expect(await running).toMatchObject({ status: "success" });
    expect([controller.aborts, controller.resets]).toEqual([1, 0]);
    expect(clock.waiting).toBe(0);
  });

  it("says so when tries are used up", async () => {
    const { controller, clock, device, engine } = bench(strategy, {
      timeoutMs: 1000,
      retriesMax: 2,
      depth: 1,
    });
    controller.behaviour.lose = ({ lba }) => lba === 200;
    const running = copyOn(engine, device, request);
    while (clock.next());
    const result = await running;
    expect(result).toMatchObject({ status: "timeout", offloadedBlocks: 72 });
    expect(controller.resets).toBe(3);
    expect(result.spans[0]).toMatchObject({ offset: 0, blocks: 24, means: "none" });
    expect(leaks(engine)).toEqual([]);
  });

  it("tells a command that was in flight in another's reset apart", async () => {
    const { controller, clock, device, engine } = bench(strategy, {
      timeoutMs: 1000,
      retriesMax: 0,
    });
    controller.behaviour.lose = ({ lba }) => lba === 200;
    controller.behaviour.hold = true;
    const running = copyOn(engine, device, request);
    controller.releaseOne(0);
    clock.advance(1500);
    // The second command was sent with the first, so both are late; one sent later is not.
    controller.releaseOne(0);
    clock.advance(500);
    controller.release();
    while (clock.next());
    const statuses = (await running).commands.map((command) => command.status);
    expect(statuses).toEqual(["timeout", "success", "reset", "success"]);
  });

  it("ignores answers that nobody waits for", async () => {
    const { controller, device, engine } = bench(strategy);
    const result = await copyOn(engine, device, request);
    expect(result.status).toBe("success");
    controller.sinks[0].complete(Int32Array.of(0, 1), 2);
    controller.sinks[0].reset();
    controller.sinks[0].reset();
    expect(leaks(engine)).toEqual([]);
    expect((await copyOn(engine, device, request)).status).toBe("success");
  });
});

describe.each(strategyNames)("%s: a busy device", (strategy) => {
  it("is asked again after a while", async () => {
    const { controller, clock, device, engine } = bench(strategy);
    let refusals = 3;
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = () => (refusals-- > 0 ? status.busy : undefined);
    const running = copyOn(engine, device, request);
    // As many parts as there are tags wait before they are sent again; nothing else is sent meanwhile.
    expect(engine.counters.requeues).toBe(2);
    while (clock.next());
    const result = await running;
    expect(result).toMatchObject({ status: "success", offloadedBlocks: 96 });
    expect(result.commands.filter((command) => command.status === "busy")).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });

  it("is not asked again for a copy that is cancelled meanwhile", async () => {
    const { controller, clock, device, engine } = bench(strategy);
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = () => status.busy;
    const abort = new AbortController();
    const running = copyOn(engine, device, request, { signal: abort.signal });
    const sent = controller.log.length;
    abort.abort();
    while (clock.next());
    expect(await running).toMatchObject({ status: "cancelled", copiedBlocks: 0 });
    expect(controller.log).toHaveLength(sent);
    expect(leaks(engine)).toEqual([]);
  });

  it("is not asked again once it is removed", async () => {
    const { controller, clock, device, engine } = bench(strategy);
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = () => status.busy;
    const running = copyOn(engine, device, request);
    const sent = controller.log.length;
    engine.remove(engine.deviceNumber(device));
    while (clock.next());
    expect(await running).toMatchObject({ status: "removed", copiedBlocks: 0 });
    expect(controller.log).toHaveLength(sent);
    expect(leaks(engine)).toEqual([]);
  });
});

describe.each(strategyNames)("%s: several commands", (strategy) => {
  const kinds = (controller: TestController): number[] => controller.log.map(({ kind }) => kind);
  const small = { sources: [{ lba: 0, blocks: 20 }], destination: 200 };

  it("carry a copy one after the other, at the device's pace", async () => {
    const { controller, clock, device, engine } = bench(strategy, { steps: 3, delayMs: 500 });
    const running = copyOn(engine, device, small);
    expect(kinds(controller)).toEqual([KIND.prepare]);
    clock.advance(499);
    expect(kinds(controller)).toEqual([KIND.prepare]);
    clock.advance(1);
    expect(kinds(controller)).toEqual([KIND.prepare, KIND.prepare]);
    clock.advance(500);
    expect(await running).toMatchObject({ status: "success", offloadedBlocks: 20 });
    expect(kinds(controller)).toEqual([KIND.prepare, KIND.prepare, KIND.copy]);
    expect(clock.waiting).toBe(0);
  });

  it("are ended by another when the copy is cancelled, between two of them as well", async () => {
    const { controller, clock, device, engine } = bench(strategy, { steps: 2, delayMs: 500 });
    const abort = new AbortController();
    const running = copyOn(engine, device, small, { signal: abort.signal });
    clock.advance(100);
    abort.abort();
    clock.advance(400);
    const result = await running;
    expect(result.copiedBlocks).toBe(0);
    expect(result.status).not.toBe("success");
    expect(kinds(controller)).toEqual([KIND.prepare, KIND.abandon]);
    expect(leaks(engine)).toEqual([]);
  });

  it("have a deadline each", async () => {
    const { controller, clock, device, engine } = bench(strategy, {
      steps: 2,
      delayMs: 500,
      timeoutMs: 1000,
    });
    let lost = 0;
    controller.behaviour.lose = ({ kind }) => kind === KIND.copy && lost++ === 0;
    const running = copyOn(engine, device, small);
    // The second command is sent at 500 and has 1000.
    clock.advance(1499);
    expect(controller.aborts).toBe(0);
    while (clock.next());
    expect(await running).toMatchObject({ status: "success", offloadedBlocks: 20 });
    expect([controller.aborts, controller.resets]).toEqual([1, 1]);
    expect(kinds(controller)).toEqual([KIND.prepare, KIND.copy, KIND.prepare, KIND.copy]);
  });
});
