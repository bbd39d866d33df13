import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockEngine, copyOn, planCopy, striped } from "../src/index.ts";
import { testController } from "./support/block-model.ts";
import {
  direct,
  originOf,
  scenario,
  separateRequests,
  strategies,
  worldOf,
} from "./support/scenario.ts";

/*
 * Goal: a plan is what is sent. Method: the plan of a request beside the log of the device that the request was then
 * sent to; below stacks, the plan's segments beside places written down block by block.
 */
describe("the plan of a copy", { timeout: 60_000 }, () => {
  it.each(direct)("is what %s sends to a device", async (name) => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          copyBlocksMax: fc.integer({ min: 1, max: 24 }),
          copyRangesMax: fc.integer({ min: 1, max: 5 }),
          copyRangeBlocksMax: fc.integer({ min: 1, max: 10 }),
        }),
        fc.array(fc.record({ lba: fc.nat(150), blocks: fc.integer({ min: 1, max: 40 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (limits, sources) => {
          const controller = testController([{ blocks: 1000, limits }], { depth: 1 });
          const [device] = controller.devices;
          const request = { sources, destination: 400 };
          const planned = planCopy(device, request).flatMap(({ plan }) =>
            plan.commands.map(({ segments, blocks }) => ({
              kind: 5,
              unit: 0,
              lba: segments[0].destination.lba,
              blocks,
              ranges: segments.length,
            })),
          );
          const engine = blockEngine({ devices: [device], strategy: strategies[name]() });
          const result = await copyOn(engine, device, request);
          expect(result.status).toBe("success");
          expect(controller.log).toEqual(planned);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("covers every block once below any stack", () => {
    fc.assert(
      fc.property(scenario, (plain) => {
        const world = worldOf(plain);
        if (world === undefined) return;
        const [request] = separateRequests(plain, world.places.length);
        if (request === undefined) return;
        const covered = new Map<string, string>();
        for (const { devices, plan } of planCopy(world.device, request)) {
          const segments = [
            ...plan.commands.flatMap((command) => command.segments),
            ...plan.residue,
          ];
          for (const { source, destination, blocks } of segments) {
            for (let i = 0; i < blocks; i++) {
              const to = `${devices[destination.device].name} ${destination.lba + i}`;
              expect(covered.has(to)).toBe(false);
              covered.set(to, `${devices[source.device].name} ${source.lba + i}`);
            }
          }
        }
        const expected = originOf(request).map((lba, i) => {
          const to = world.places[request.destination + i];
          const from = world.places[lba];
          return [`unit${to.unit} ${to.lba}`, `unit${from.unit} ${from.lba}`];
        });
        expect(Object.fromEntries(covered)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses what a copy refuses", () => {
    const [device] = testController([{ blocks: 100 }]).devices;
    const range = (lba: number, blocks: number) => ({
      sources: [{ lba, blocks }],
      destination: 50,
    });
    expect(() => planCopy(device, range(90, 20))).toThrow(
      expect.objectContaining({ code: "FERRY_COPY_OUT_OF_RANGE" }),
    );
    expect(() => planCopy(device, range(45, 20))).toThrow(
      expect.objectContaining({ code: "FERRY_COPY_OVERLAP" }),
    );
    expect(planCopy(device, range(45, 20), { emulate: true })).toMatchObject([
      { plan: { commands: [], residue: [{ blocks: 8 }, { blocks: 8 }, { blocks: 4 }] } },
    ]);
  });

  it("leaves over what one controller's commands cannot name on another", () => {
    const [a] = testController([{ blocks: 100 }]).devices;
    const [b] = testController([{ blocks: 100 }]).devices;
    const [c] = testController([{ blocks: 100, limits: { copyShape: undefined } }]).devices;
    const request = { sources: [{ lba: 0, blocks: 20 }], destination: 50 };
    for (const [from, to] of [
      [a, b],
      [a, c],
      [c, c],
    ]) {
      const [{ plan }] = planCopy(from, { ...request, to });
      expect(plan.commands).toEqual([]);
      expect(plan.residue.reduce((sum, { blocks }) => sum + blocks, 0)).toBe(20);
    }
    const stack = striped({ devices: [a, b], stripeBlocks: 10 });
    const plans = planCopy(stack, { sources: [{ lba: 5, blocks: 20 }], destination: 60 });
    expect(plans.map(({ device }) => device)).toEqual([a, b]);
  });

  it("holds for ranges of any length", () => {
    const [device] = testController([
      {
        blocks: 1,
        limits: { copyBlocksMax: 2 ** 31 - 1, copyRangesMax: 3, copyRangeBlocksMax: 2 ** 31 - 1 },
      },
    ]).devices;
    const huge = { ...device, capacityBlocks: 2 ** 50 };
    const request = {
      sources: [
        { lba: 2 ** 32 - 5, blocks: 2 ** 34 + 7 },
        { lba: 2 ** 40, blocks: 1 },
      ],
      destination: 2 ** 45,
    };
    const [{ plan }] = planCopy(huge, request);
    let next = request.destination;
    for (const { segments } of plan.commands) {
      for (const { destination, blocks } of segments) {
        expect(destination.lba).toBe(next);
        next += blocks;
      }
    }
    expect(next).toBe(request.destination + 2 ** 34 + 8);
  });
});
