import { status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockEngine, type CopyResult, copyOn } from "../src/index.ts";
import { random } from "./support/random-order.ts";
import {
  fairEnds,
  leaks,
  lies,
  originOf,
  requestOf,
  scenario,
  separateRequests,
  settled,
  strategies,
  worldOf,
} from "./support/scenario.ts";
import { buildStack, stackShape } from "./support/stack-shape.ts";

/*
 * Goal: for any devices, limits, bounds and stacks, a copy leaves the blocks that a plain copy by hand leaves, says the
 * truth about them, and leaves nothing behind. Method: labels on all blocks, places written down block by block
 * (support/stack-shape.ts), random scenarios; a failure prints its scenario and seed.
 */
const runs = { numRuns: 300 };

describe("any copy", { timeout: 120_000 }, () => {
  it("leaves what a plain copy leaves", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (plain) => {
        const world = worldOf(plain);
        if (world === undefined) return;
        const engine = blockEngine({
          devices: [world.device],
          strategy: strategies[plain.strategy](),
          bounds: plain.bounds,
        });
        const request = requestOf(plain.requests[0], {
          sourcesEnd: world.places.length,
          from: 0,
          to: world.places.length,
        });
        if (request === undefined) return;
        const origin = originOf(request);
        const { destination } = request;
        const overlaps = origin.some(
          (lba) => lba >= destination && lba < destination + origin.length,
        );
        const options = plain.emulate
          ? { emulate: true, buffer: new Uint8Array(plain.bufferBlocks * 8) }
          : {};
        const running = copyOn(engine, world.device, request, options);
        if (overlaps && !plain.emulate) {
          await expect(running).rejects.toMatchObject({ code: "FERRY_COPY_OVERLAP" });
          return;
        }
        if (!plain.emulate && world.device.limits.copyShape === undefined) {
          await expect(running).rejects.toMatchObject({ code: "FERRY_COPY_UNSUPPORTED" });
          return;
        }
        const outcome = await settled(running, world.clock.next);
        if (outcome?.status === "rejected") {
          expect(outcome.reason).toMatchObject({ code: "FERRY_COPY_OVERLAP_CYCLE" });
        } else {
          const result = outcome?.value as CopyResult;
          expect(result, "the copy ends").toBeDefined();
          expect(lies(world, [{ request, result }])).toEqual([]);
          if (plain.emulate) expect(result.status).toBe("success");
          else expect(fairEnds(plain.strategy)).toContain(result.status);
        }
        expect(world.controller.violations).toEqual([]);
        expect(leaks(engine)).toEqual([]);
      }),
      runs,
    );
  });

  it("tells the truth when commands fail", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer(), async (plain, seed) => {
        const world = worldOf(plain);
        if (world === undefined || (!plain.emulate && !plain.units.every(({ copies }) => copies)))
          return;
        const pick = random(seed);
        const { behaviour } = world.controller;
        const failures = [
          status.busy,
          status.unrecoveredRead,
          status.writeFault,
          status.limitExceeded,
          status.deviceError,
        ];
        behaviour.torn = (blocks) => pick(blocks + 1);
        behaviour.refuse = () => {
          behaviour.retryable = pick(2) === 0;
          behaviour.rangesDone = pick(4) === 0 ? pick(8) : 0;
          return pick(3) === 0 ? failures[pick(failures.length)] : undefined;
        };
        const engine = blockEngine({
          devices: [world.device],
          strategy: strategies[plain.strategy](),
          bounds: plain.bounds,
          retriesMax: pick(4),
        });
        const [request] = separateRequests(plain, world.places.length);
        if (request === undefined) return;
        const options = plain.emulate
          ? { emulate: true, buffer: new Uint8Array(plain.bufferBlocks * 8) }
          : {};
        const running = copyOn(engine, world.device, request, options);
        const outcome = await settled(running, world.clock.next);
        if (outcome?.status === "rejected") throw outcome.reason;
        const result = outcome?.value as CopyResult;
        expect(result, "the copy ends").toBeDefined();
        expect(lies(world, [{ request, result }])).toEqual([]);
        expect(world.controller.violations).toEqual([]);
        expect(leaks(engine)).toEqual([]);
      }),
      runs,
    );
  });

  it("goes from one device to another as well", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, stackShape, async (plain, shape) => {
        const world = worldOf(plain);
        if (world === undefined) return;
        const target = buildStack(shape, world.controller, world.used);
        if (target === undefined) return;
        const engine = blockEngine({
          devices: [world.device, target.device],
          strategy: strategies[plain.strategy](),
          bounds: plain.bounds,
        });
        const [from, to] = [world.places.length, target.places.length];
        const request = requestOf(plain.requests[0], { sourcesEnd: from, from: 0, to });
        if (request === undefined) return;
        const options = { emulate: true, buffer: new Uint8Array(plain.bufferBlocks * 8) };
        const outcome = await settled(
          copyOn(engine, world.device, { ...request, to: target.device }, options),
          world.clock.next,
        );
        if (outcome?.status === "rejected") throw outcome.reason;
        expect(outcome?.value.status, "the copy ends").toBe("success");
        const { controller, before, places } = world;
        const expected = before.map((labels) => labels.slice());
        originOf(request).forEach((lba, i) => {
          const at = target.places[request.destination + i];
          expected[at.unit][at.lba] = before[places[lba].unit][places[lba].lba];
        });
        expect(controller.units.map(({ labels }) => labels)).toEqual(expected);
        expect(controller.violations).toEqual([]);
        expect(leaks(engine)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
