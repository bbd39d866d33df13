import { status } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { blockEngine, copyOn, striped } from "../src/index.ts";
import { testController } from "./support/block-model.ts";
import { leaks, settled, strategies } from "./support/scenario.ts";

/*
 * Goal: however much of a copy no command carries, and however scattered, it is copied through the host, in bounded tables.
 */
const never = (): boolean => false;

describe.each(Object.entries(strategies))("residue of %s", (_name, strategy) => {
  it("takes turns with the commands that make it", async () => {
    const controller = testController(
      [{ blocks: 8000, limits: { copyBlocksMax: 1, copyRangesMax: 1, copyRangeBlocksMax: 1 } }],
      { depth: 1 },
    );
    const [device] = controller.devices;
    const { labels } = controller.units[0];
    const before = labels.slice();
    controller.behaviour.refuse = ({ kind, lba }) =>
      kind === 5 && lba % 2 === 0 ? status.writeFault : undefined;
    const engine = blockEngine({ devices: [device], strategy: strategy() });
    const outcome = await settled(
      copyOn(
        engine,
        device,
        { sources: [{ lba: 0, blocks: 4000 }], destination: 4000 },
        { emulate: true, buffer: new Uint8Array(8) },
      ),
      never,
    );
    expect(outcome).toMatchObject({
      value: { status: "success", emulatedBlocks: 2000, offloadedBlocks: 2000 },
    });
    expect([...labels.subarray(4000)]).toEqual([...before.subarray(0, 4000)]);
    expect(leaks(engine)).toEqual([]);
  });

  it("holds what lies out of reach piece by piece", async () => {
    const controller = testController([{ blocks: 12_000 }, { blocks: 12_000 }], { depth: 2 });
    const stack = striped({ devices: controller.devices, stripeBlocks: 3 });
    const engine = blockEngine({ devices: [stack], strategy: strategy() });
    const outcome = await settled(
      // Shifted by a block, two of three blocks stay on their unit and the third does not.
      copyOn(
        engine,
        stack,
        { sources: [{ lba: 0, blocks: 9000 }], destination: 9001 },
        { emulate: true },
      ),
      never,
    );
    expect(outcome).toMatchObject({ value: { status: "success", blocks: 9000 } });
    expect(leaks(engine)).toEqual([]);
    expect(controller.violations).toEqual([]);
  });
});

describe("a piece that went through the host", () => {
  it("names each of the commands that refused a part of it", async () => {
    const controller = testController([{ blocks: 200 }]);
    controller.behaviour.refuse = ({ kind }) => (kind === 5 ? status.notFast : undefined);
    const [device] = controller.devices;
    const engine = blockEngine({ devices: [device], strategy: strategies["source-list"]() });
    const result = await copyOn(
      engine,
      device,
      { sources: [{ lba: 0, blocks: 60 }], destination: 100 },
      { emulate: true },
    );
    // 24 blocks a command, all refused; the host copied all 60 in one piece.
    expect(result.spans.map(({ offset, blocks, command }) => [offset, blocks, command])).toEqual([
      [0, 24, 0],
      [24, 24, 1],
      [48, 12, 2],
    ]);
    expect(result).toMatchObject({ emulatedBlocks: 60, cost: { commands: 3 + 8 } });
  });
});
