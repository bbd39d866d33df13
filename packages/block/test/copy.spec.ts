import { status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { blockEngine, copy, copyOn, linear, partition, striped } from "../src/index.ts";
import { testController } from "./support/block-model.ts";
import { needsLikeHalves, strategies, strategyNames, ungathered } from "./support/scenario.ts";

/*
 * Goal: what a copy does to the blocks, and what it says it did, with the plainest of devices. Method: every block has a label
 * that names its origin, so that a wrong, foreign or reversed block shows.
 */

describe.each(strategyNames)("copy by %s", (name) => {
  const strategy = strategies[name];

  const gathers = it.skipIf(ungathered.includes(name));
  gathers("gathers ranges into one destination, cut at the device's limits", async () => {
    const controller = testController([{ blocks: 200 }]);
    const labels = controller.units[0].labels;
    const before = labels.slice();
    const result = await copy(
      controller.devices[0],
      {
        sources: [
          { lba: 0, blocks: 20 },
          { lba: 50, blocks: 3 },
          { lba: 40, blocks: 8 },
        ],
        destination: 100,
      },
      { strategy: strategy() },
    );
    expect([...labels.slice(100, 131)]).toEqual([
      ...before.slice(0, 20),
      ...before.slice(50, 53),
      ...before.slice(40, 48),
    ]);
    labels.set(before.slice(100, 131), 100);
    expect(labels).toEqual(before);
    expect(result).toMatchObject({
      status: "success",
      blocks: 31,
      offloadedBlocks: 31,
      bytesThroughHost: 0,
    });
    // 24 blocks and 4 ranges of at most 8 blocks: 8+8+4+3, then 8.
    expect(result.commands.map(({ blocks, ranges }) => [blocks, ranges])).toEqual([
      [23, 4],
      [8, 1],
    ]);
    expect([...result.ranges()]).toEqual([
      {
        range: 0,
        source: 0,
        destination: 100,
        blocks: 20,
        means: "offload",
        status: "success",
        command: 0,
      },
      {
        range: 1,
        source: 50,
        destination: 120,
        blocks: 3,
        means: "offload",
        status: "success",
        command: 0,
      },
      {
        range: 2,
        source: 40,
        destination: 123,
        blocks: 8,
        means: "offload",
        status: "success",
        command: 1,
      },
    ]);
  });

  it("refuses overlap, and copies it through the host in a safe order where allowed", async () => {
    const controller = testController([{ blocks: 64 }]);
    const labels = controller.units[0].labels;
    const before = labels.slice();
    const request = { sources: [{ lba: 0, blocks: 40 }], destination: 3 };
    await expect(
      copy(controller.devices[0], request, { strategy: strategy() }),
    ).rejects.toMatchObject({ code: "FERRY_COPY_OVERLAP" });
    expect(labels).toEqual(before);
    const result = await copy(controller.devices[0], request, {
      strategy: strategy(),
      emulate: true,
      buffer: new Uint8Array(80),
    });
    expect(result).toMatchObject({
      status: "success",
      emulatedBlocks: 40,
      offloadedBlocks: 0,
      bytesThroughHost: 320,
    });
    expect([...labels.slice(3, 43)]).toEqual([...before.slice(0, 40)]);
  });

  it.skipIf(needsLikeHalves(name))(
    "copies through stacks that cut both sides at different places",
    async () => {
      const controller = testController([{ blocks: 400 }, { blocks: 400 }], { crossDevice: true });
      const [a, b] = controller.devices;
      const stack = linear({
        targets: [
          { device: partition({ device: a, start: 10, blocks: 300 }), start: 7, blocks: 33 },
          { device: striped({ devices: [a, b], stripeBlocks: 5 }), start: 600, blocks: 150 },
          { device: b, start: 0, blocks: 61 },
        ],
      });
      const engine = blockEngine({ devices: [stack], strategy: strategy() });
      const device = engine.deviceNumber(stack);
      const whole = new Uint8Array(stack.capacityBlocks * 8);
      await engine.read(device, 0, whole);
      const before = new Float64Array(whole.slice().buffer);
      const result = await copyOn(engine, stack, {
        sources: [
          { lba: 1, blocks: 70 },
          { lba: 100, blocks: 9 },
        ],
        destination: 130,
      });
      expect(result.status).toBe("success");
      await engine.read(device, 0, whole);
      const after = new Float64Array(whole.slice().buffer);
      const expected = before.slice();
      expected.set(before.slice(1, 71), 130);
      expected.set(before.slice(100, 109), 200);
      expect(after).toEqual(expected);
      for (const table of engine.state.tables) {
        expect([
          table.name,
          ["device", "queue", "engine"].includes(table.name) ? 0 : table.used,
        ]).toEqual([table.name, 0]);
      }
    },
  );

  it("says what was refused, and emulates only that where allowed", async () => {
    const controller = testController([{ blocks: 200 }]);
    controller.behaviour.refuse = ({ kind, sources }) =>
      kind === 5 && sources.includes(16) ? status.unrecoveredRead : undefined;
    const request = { sources: [{ lba: 0, blocks: 64 }], destination: 100 };
    const refused = await copy(controller.devices[0], request, { strategy: strategy() });
    expect(refused).toMatchObject({ status: "unrecoveredRead", copiedBlocks: 40 });
    expect(refused.spans).toEqual([
      {
        offset: 0,
        blocks: 24,
        means: "none",
        status: "unrecoveredRead",
        command: 0,
        deviceStatus: expect.objectContaining({ family: "test" }),
      },
      { offset: 24, blocks: 24, means: "offload", status: "success", command: 1 },
      { offset: 48, blocks: 16, means: "offload", status: "success", command: 2 },
    ]);
    const emulated = await copy(controller.devices[0], request, {
      strategy: strategy(),
      emulate: true,
    });
    expect(emulated).toMatchObject({
      status: "success",
      offloadedBlocks: 40,
      emulatedBlocks: 24,
      bytesThroughHost: 192,
    });
    expect(emulated.spans[0]).toMatchObject({ means: "emulated", status: "success", command: 0 });
  });

  it("goes on behind the ranges that a failed command has certainly copied", async () => {
    const controller = testController([{ blocks: 200 }]);
    const labels = controller.units[0].labels;
    const before = labels.slice();
    let failures = 2;
    controller.behaviour.rangesDone = 1;
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = ({ kind }) =>
      kind === 5 && failures-- > 0 ? status.busy : undefined;
    const result = await copy(
      controller.devices[0],
      { sources: [{ lba: 0, blocks: 64 }], destination: 100 },
      { strategy: strategy() },
    );
    expect(result).toMatchObject({ status: "success", offloadedBlocks: 64 });
    expect([...labels.slice(100, 164)]).toEqual([...before.slice(0, 64)]);
  });

  it("does not give up a part that gets on, however often it is sent again", async () => {
    const controller = testController([
      { blocks: 200, limits: { copyRangesMax: 12, copyBlocksMax: 96 } },
    ]);
    const { labels } = controller.units[0];
    const before = labels.slice();
    controller.behaviour.rangesDone = 1;
    controller.behaviour.retryable = true;
    controller.behaviour.refuse = ({ sources }) =>
      sources.length > 1 ? status.limitExceeded : undefined;
    const result = await copy(
      controller.devices[0],
      { sources: [{ lba: 0, blocks: 96 }], destination: 100 },
      { strategy: strategy() },
    );
    expect(result).toMatchObject({ status: "success", offloadedBlocks: 96 });
    expect(controller.log).toHaveLength(12);
    expect([...labels.slice(100, 196)]).toEqual([...before.slice(0, 96)]);
  });

  it("cancels: what is in flight is told, nothing else is sent", async () => {
    const controller = testController([{ blocks: 200 }], { depth: 1 });
    controller.behaviour.hold = true;
    const abort = new AbortController();
    const running = copy(
      controller.devices[0],
      { sources: [{ lba: 0, blocks: 64 }], destination: 100 },
      { strategy: strategy(), signal: abort.signal },
    );
    abort.abort();
    controller.release();
    expect(await running).toMatchObject({ status: "cancelled", offloadedBlocks: 24 });
    expect(controller.log).toHaveLength(1);
  });
});
