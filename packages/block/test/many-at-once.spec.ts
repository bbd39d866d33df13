import { describe, expect, it } from "vitest";
import { blockEngine, type CopyResult, copy, copyOn } from "../src/index.ts";
import { bench, request } from "./support/bench.ts";
import { testController } from "./support/block-model.ts";
import { manualClock } from "./support/manual-clock.ts";
import { leaks, strategies, strategyNames } from "./support/scenario.ts";

/*
 * Goal: many more copies than rows share them, and end all.
 */
describe.each(strategyNames)("%s: many at once", (strategy) => {
  it("runs a thousand copies through few rows", async () => {
    const controller = testController([{ blocks: 8000 }]);
    const [device] = controller.devices;
    const before = controller.units[0].labels.slice();
    const engine = blockEngine({
      devices: [device],
      strategy: strategies[strategy](),
      bounds: { copies: 1000, chunks: 3, ranges: 2 },
    });
    controller.behaviour.hold = true;
    const running = Array.from({ length: 1000 }, (_, i) =>
      copyOn(engine, device, {
        sources: [
          { lba: i * 3, blocks: 2 },
          { lba: i, blocks: 1 },
          { lba: i + 1, blocks: 1 },
        ],
        destination: 4000 + i * 4,
      }),
    );
    await expect(copyOn(engine, device, request)).rejects.toMatchObject({
      code: "FERRY_ENGINE_FULL",
    });
    controller.release();
    const results = await Promise.all(running);
    expect(results.every((result: CopyResult) => result.status === "success")).toBe(true);
    for (let i = 0; i < 1000; i++) {
      expect([...controller.units[0].labels.slice(4000 + i * 4, 4004 + i * 4)]).toEqual([
        ...before.slice(i * 3, i * 3 + 2),
        before[i],
        before[i + 1],
      ]);
    }
    expect(leaks(engine)).toEqual([]);
  });

  it("lets a thousand reads wait for each other", async () => {
    const { device, engine, before } = bench(strategy);
    const number = engine.deviceNumber(device);
    const parts = Array.from({ length: 1000 }, () => new Float64Array(2));
    await Promise.all([
      copyOn(engine, device, request),
      ...parts.map((part, i) => engine.read(number, i % 100, new Uint8Array(part.buffer))),
    ]);
    parts.forEach((part, i) => {
      expect([...part]).toEqual([...before.slice(i % 100, (i % 100) + 2)]);
    });
    expect(leaks(engine)).toEqual([]);
  });
});

describe("a copy without an engine", () => {
  it("closes the engine it made for itself", async () => {
    const clock = manualClock();
    const controller = testController([{ blocks: 400 }], { clock });
    const result = await copy(controller.devices[0], request, {
      strategy: strategies["source-list"](),
      timeoutMs: 100,
    });
    expect(result.status).toBe("success");
    expect(clock.waiting).toBe(0);
  });
});

describe("copies with a strategy made for each", () => {
  it("leave no queue pair behind for each", async () => {
    const { devices, sinks, queuesOpen } = testController([{ blocks: 400 }]);
    for (let i = 0; i < 50; i++) {
      const result = await copy(devices[0], request, { strategy: strategies["source-list"]() });
      expect(result.status).toBe("success");
    }
    expect(sinks).toHaveLength(50);
    expect(queuesOpen()).toBeLessThanOrEqual(4);
    // At once, each has its own; later they are closed as well.
    const alone = Array.from({ length: 8 }, () =>
      copy(devices[0], request, { strategy: strategies["list-token"]() }),
    );
    await Promise.all(alone);
    expect(queuesOpen()).toBeLessThanOrEqual(4);
  });

  it("share one engine where they share the strategy", async () => {
    const { devices, sinks } = testController([{ blocks: 400 }]);
    const strategy = strategies["source-list"]();
    await Promise.all([1, 2, 3].map(() => copy(devices[0], request, { strategy })));
    await copy(devices[0], request, { strategy });
    expect(sinks).toHaveLength(1);
  });
});
