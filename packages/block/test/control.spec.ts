import { status, traceKind } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import {
  type BlockDevice,
  blockEngine,
  type CopyResult,
  copy,
  copyOn,
  linear,
  partition,
} from "../src/index.ts";
import { type TestController, testController, type UnitOptions } from "./support/block-model.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { leaks, strategies } from "./support/scenario.ts";
import { traceCheck } from "./support/trace-check.ts";

/*
 * Goal: what happens to a copy when its device is late, busy, frozen or removed, and when it is cancelled, at each place
 * where a part of it can be. Method: a device that answers when told to, and a clock that moves when told to.
 */
interface Bench {
  readonly controller: TestController;
  readonly clock: ManualClock;
  readonly device: BlockDevice;
  readonly engine: ReturnType<typeof blockEngine>;
  readonly before: Float64Array;
}

function bench(
  strategy: keyof typeof strategies,
  options: {
    depth?: number;
    timeoutMs?: number;
    retriesMax?: number;
    chunks?: number;
    unit?: Partial<UnitOptions>;
    trace?: ReturnType<typeof traceCheck>;
  } = {},
): Bench {
  const clock = manualClock();
  const controller = testController([{ blocks: 400, ...options.unit }], {
    depth: options.depth ?? 2,
    clock,
  });
  const [device] = controller.devices;
  const { timeoutMs, retriesMax } = options;
  const engine = blockEngine({
    devices: [device],
    strategy: strategies[strategy](),
    timeoutMs,
    retriesMax,
    bounds: options.chunks === undefined ? {} : { chunks: options.chunks },
    trace: options.trace?.sink,
  });
  return { controller, clock, device, engine, before: controller.units[0].labels.slice() };
}

/** 96 blocks: four commands of 24. */
const request = { sources: [{ lba: 0, blocks: 96 }], destination: 200 };
const ticks = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe.each(["source-list", "list-token"] as const)("%s: deadlines", (strategy) => {
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

describe.each(["source-list", "list-token"] as const)("%s: a busy device", (strategy) => {
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

describe.each(["source-list", "list-token"] as const)("%s: a frozen device", (strategy) => {
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

  it("may be the one below, with halves parked elsewhere", async () => {
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
    expect(engine.parkedCount).toBe(strategy === "list-token" ? 1 : 0);
    engine.unfreeze(engine.deviceNumber(b));
    expect((await running).status).toBe("success");
    expect(leaks(engine)).toEqual([]);
  });

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

describe.each(["source-list", "list-token"] as const)("%s: a removed device", (strategy) => {
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

describe.each(["source-list", "list-token"] as const)("%s: cancellation", (strategy) => {
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

describe.each(["source-list", "list-token"] as const)("%s: closing", (strategy) => {
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

describe.each(["source-list", "list-token"] as const)("%s: the trace", (strategy) => {
  it("tells each kind of event, with its end", async () => {
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
    const expected = Object.keys(traceKind).filter(
      (kind) => kind !== "storeCopy" && (kind !== "bioPark" || strategy === "list-token"),
    );
    expect(expected.filter((kind) => !trace.counts.has(kind as keyof typeof traceKind))).toEqual(
      [],
    );
  });

  it("shows requests held by the plug until it is out", async () => {
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
  });
});

describe.each(["source-list", "list-token"] as const)("%s: many at once", (strategy) => {
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
