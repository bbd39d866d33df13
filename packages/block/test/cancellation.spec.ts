import { describe, expect, it } from "vitest";
import { copyOn } from "../src/index.ts";
import { bench, request } from "./support/bench.ts";
import { leaks, strategyNames } from "./support/scenario.ts";

/*
 * Goal: a copy that is cancelled sends nothing new, wherever its parts are, and says what was copied.
 */
describe.each(strategyNames)("%s: cancellation", (strategy) => {
  it("before the start sends nothing", async () => {
    const { controller, device, engine } = bench(strategy);
    const result = await copyOn(engine, device, request, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ status: "cancelled", copiedBlocks: 0, blocks: 96 });
    expect(result.spans.every((span) => span.status === "cancelled")).toBe(true);
    expect(controller.log).toEqual([]);
    expect(leaks(engine)).toEqual([]);
  });

  it("while it waits for room for a chunk, and lets others go on", async () => {
    const { controller, device, engine } = bench(strategy, { chunks: 1, depth: 1 });
    controller.behaviour.hold = true;
    const abort = new AbortController();
    const first = copyOn(engine, device, request);
    const second = copyOn(engine, device, request, { signal: abort.signal });
    const third = copyOn(engine, device, { ...request, destination: 300 });
    abort.abort();
    expect(await second).toMatchObject({ status: "cancelled", copiedBlocks: 0 });
    controller.release();
    expect([(await first).status, (await third).status]).toEqual(["success", "success"]);
    expect(leaks(engine)).toEqual([]);
  });

  it("while it is copied through the host keeps what was copied", async () => {
    const { controller, device, engine, before } = bench(strategy, {
      unit: { limits: { copyShape: undefined } },
    });
    const abort = new AbortController();
    controller.behaviour.refuse = () => {
      if (controller.log.length === 5) abort.abort();
      return undefined;
    };
    const result = await copyOn(engine, device, request, {
      emulate: true,
      buffer: new Uint8Array(10 * 8),
      signal: abort.signal,
    });
    // The fifth command is the third read; its write follows, and nothing after that.
    expect(result).toMatchObject({ emulatedBlocks: 30, copiedBlocks: 30 });
    expect(result.status).not.toBe("success");
    expect([...controller.units[0].labels.slice(200, 230)]).toEqual([...before.slice(0, 30)]);
    expect(leaks(engine)).toEqual([]);
  });

  it("after the end is nothing", async () => {
    const { device, engine } = bench(strategy);
    const abort = new AbortController();
    const result = await copyOn(engine, device, request, { signal: abort.signal });
    abort.abort();
    expect(result.status).toBe("success");
    expect((await copyOn(engine, device, request)).status).toBe("success");
  });
});
