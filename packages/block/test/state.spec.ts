import { highWord, lowWord, rangeList } from "@blockferry/core";
import { fingerprinter } from "@blockferry/core/table";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockEngine } from "../src/index.ts";
import { random, randomOrder } from "./support/random-order.ts";
import { leaks, scenario, separateRequests, strategies, worldOf } from "./support/scenario.ts";

/*
 * Goal: all that changes while copies run is in the engine's tables: taken back to where they were, with what the scheduler and
 * the device had at that time, a run goes on as it did.
 */
describe("the state of an engine", { timeout: 120_000 }, () => {
  it("is one buffer, from which a run goes on as before", () => {
    fc.assert(
      fc.property(scenario, fc.integer(), fc.nat(60), (plain, seed, moves) => {
        const world = worldOf({ ...plain, steps: 1 });
        if (world === undefined) return;
        const { controller } = world;
        controller.behaviour.hold = true;
        let pick = random(seed);
        const scheduler = randomOrder((n) => pick(n));
        const engine = blockEngine({
          devices: [world.device],
          strategy: strategies[plain.strategy](),
          bounds: plain.bounds,
          scheduler,
        });
        const number = engine.deviceNumber(world.device);
        for (const { sources, destination } of separateRequests(plain, world.places.length)) {
          const list = rangeList(sources as { lba: number; blocks: number }[]);
          const blocks = list.blocks.reduce((sum, each) => sum + each, 0);
          const [low, high] = [lowWord(destination), highWord(destination)];
          engine.submit(number, number, list, 0, list.count, blocks, low, high);
        }
        const move = (): boolean => {
          if (controller.heldCount > 0 && (scheduler.posted === 0 || pick(2) === 0)) {
            controller.releaseOne(pick(controller.heldCount));
            return true;
          }
          return scheduler.runOne();
        };
        for (let i = 0; i < moves && move(); i++);
        const prints = fingerprinter(engine.state);
        const goOn = (): { fingerprint: string; labels: Float64Array[]; moves: number } => {
          pick = random(seed + 1);
          let made = 0;
          while (made < 10_000 && move()) made++;
          const labels = controller.units.map((unit) => unit.labels.slice());
          prints.take();
          return { fingerprint: `${prints.low} ${prints.high}`, labels, moves: made };
        };
        const snapshot = engine.state.snapshot();
        const scheduled = scheduler.save();
        const device = controller.save();
        const first = goOn();
        engine.state.restore(snapshot);
        scheduled();
        device();
        expect(goOn()).toEqual(first);
        expect(leaks(engine)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
