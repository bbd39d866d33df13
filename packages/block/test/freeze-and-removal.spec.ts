import { describe, expect, it } from "vitest";
import { blockEngine, copyOn, linear, partition } from "../src/index.ts";
import { bench, request, ticks } from "./support/bench.ts";
import { testController } from "./support/block-model.ts";
import { leaks, needsLikeHalves, parking, strategies, strategyNames } from "./support/scenario.ts";

/*
 * Goal: what a frozen device holds back and a removed one ends, wherever a part of a copy is at that time.
 */
describe.each(strategyNames)("%s: a frozen device", (strategy) => {
  it("takes nothing new until it is thawed", async () => {
    const { controller, device, engine } = bench(strategy, { depth: 8 });
    const number = engine.deviceNumber(device);
    controller.behaviour.hold = true;
    const first = copyOn(engine, device, request);
    let frozen = false;
    const freezing = engine.freeze(number).then(() => {
      frozen = true;
    });
    const second = copyOn(engine, device, { ...request, destination: 300 });
    await ticks();
    expect([frozen, controller.heldCount]).toEqual([false, 4]);
    controller.release();
    await freezing;
    expect((await first).status).toBe("success");
    expect(controller.log).toHaveLength(4);
    engine.unfreeze(number);
    expect((await second).status).toBe("success");
    expect(controller.log).toHaveLength(8);
  });

  it("lets a cancelled copy go at once", async () => {
    const { controller, device, engine } = bench(strategy);
    const number = engine.deviceNumber(device);
    await engine.freeze(number);
    const abort = new AbortController();
    const running = copyOn(engine, device, request, { signal: abort.signal });
    abort.abort();
    expect(await running).toMatchObject({ status: "cancelled", copiedBlocks: 0 });
    engine.unfreeze(number);
    expect(controller.log).toEqual([]);
    expect(leaks(engine)).toEqual([]);
  });

  it.skipIf(needsLikeHalves(strategy))(
    "may be the one below, with halves parked elsewhere",
    async () => {
      const controller = testController([{ blocks: 100 }, { blocks: 100 }], { crossDevice: true });
      const [a, b] = controller.devices;
      const stack = linear({
        targets: [
          { device: a, start: 0, blocks: 100 },
          { device: b, start: 0, blocks: 100 },
        ],
      });
      const engine = blockEngine({ devices: [stack], strategy: strategies[strategy]() });
      await engine.freeze(engine.deviceNumber(b));
      const running = copyOn(engine, stack, {
        sources: [{ lba: 10, blocks: 20 }],
        destination: 150,
      });
      await ticks();
      expect(controller.log).toEqual([]);
      // The source half arrived on its own device and waits.
      expect(engine.parkedCount).toBe(parking.includes(strategy) ? 1 : 0);
      engine.unfreeze(engine.deviceNumber(b));
      expect((await running).status).toBe("success");
      expect(leaks(engine)).toEqual([]);
    },
  );

  it("is quiet only when the devices below it are", async () => {
    const { controller, device } = bench(strategy);
    const part = partition({ device, start: 0, blocks: 300 });
    const engine = blockEngine({ devices: [part], strategy: strategies[strategy]() });
    controller.behaviour.hold = true;
    const running = copyOn(engine, part, { ...request, destination: 100 });
    let frozen = false;
    const freezing = engine.freeze(engine.deviceNumber(part)).then(() => {
      frozen = true;
    });
    await ticks();
    expect(frozen).toBe(false);
    controller.release();
    await freezing;
    expect((await running).status).toBe("success");
  });
});

describe.each(strategyNames)("%s: a removed device", (strategy) => {
  it("gives up what is queued, is told what is in flight, refuses what comes", async () => {
    const { controller, device, engine } = bench(strategy, { depth: 1 });
    const number = engine.deviceNumber(device);
    controller.behaviour.hold = true;
    const running = copyOn(engine, device, request);
    engine.remove(number);
    await ticks();
    controller.release();
    const result = await running;
    expect(result).toMatchObject({ status: "removed", offloadedBlocks: 24 });
    expect(await copyOn(engine, device, request, { emulate: true })).toMatchObject({
      status: "removed",
      copiedBlocks: 0,
    });
    await expect(engine.read(number, 0, new Uint8Array(8))).rejects.toMatchObject({
      code: "FERRY_TRANSFER_FAILED",
      details: { status: "removed" },
    });
    expect(controller.log).toHaveLength(1);
    expect(leaks(engine)).toEqual([]);
  });

  it("may be gone with its transport", async () => {
    const { controller, clock, device, engine } = bench(strategy, { depth: 1 });
    controller.behaviour.hold = true;
    const running = copyOn(engine, device, request);
    controller.sinks[0].removed();
    expect(await running).toMatchObject({ status: "removed", copiedBlocks: 0 });
    expect(clock.waiting).toBe(0);
    expect(leaks(engine)).toEqual([]);
  });

  it("leaves the other half of a copy nothing to wait for", async () => {
    const controller = testController([{ blocks: 100 }, { blocks: 100 }], { crossDevice: true });
    const [a, b] = controller.devices;
    const engine = blockEngine({ devices: [a, b], strategy: strategies[strategy]() });
    engine.remove(engine.deviceNumber(a));
    const options = { sources: [{ lba: 0, blocks: 30 }], destination: 0, to: b };
    const result = await copyOn(engine, a, options);
    expect(result.copiedBlocks).toBe(0);
    expect(result.status).not.toBe("success");
    expect((await copyOn(engine, a, options, { emulate: true })).copiedBlocks).toBe(0);
    expect(controller.log).toEqual([]);
    expect(leaks(engine)).toEqual([]);
  });
});

describe.each(strategyNames)("%s: closing", (strategy) => {
  it("ends what is in flight", async () => {
    const { controller, clock, device, engine } = bench(strategy, { depth: 1 });
    controller.behaviour.hold = true;
    const running = copyOn(engine, device, request, { emulate: true });
    engine.close();
    engine.close();
    expect(await running).toMatchObject({ status: "removed", copiedBlocks: 0 });
    expect(clock.waiting).toBe(0);
    controller.release();
    expect((await copyOn(engine, device, request)).status).toBe("removed");
  });
});
