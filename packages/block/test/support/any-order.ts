import { status, traceKind } from "@blockferry/core";
import { expect } from "vitest";
import { blockEngine, type CopyResult, copyOn } from "../../src/index.ts";
import { random, randomOrder } from "./random-order.ts";
import {
  leaks,
  lies,
  type Scenario,
  separateRequests,
  settled,
  strategies,
  type World,
  worldOf,
} from "./scenario.ts";
import { traceCheck } from "./trace-check.ts";

/** What may go wrong in a run. */
export interface Trouble {
  readonly faults: boolean;
  readonly losses: boolean;
  readonly cancels: boolean;
  readonly freezes: boolean;
  readonly removal: boolean;
}

export const calm: Trouble = {
  faults: false,
  losses: false,
  cancels: false,
  freezes: false,
  removal: false,
};

function trouble(world: World, kinds: Trouble, pick: (n: number) => number): void {
  const { behaviour } = world.controller;
  behaviour.torn = (blocks) => pick(blocks + 1);
  const failures = [status.busy, status.unrecoveredRead, status.writeFault, status.deviceError];
  if (kinds.faults) {
    behaviour.refuse = () => {
      behaviour.retryable = pick(2) === 0;
      behaviour.rangesDone = pick(4) === 0 ? pick(8) : 0;
      return pick(3) === 0 ? failures[pick(failures.length)] : undefined;
    };
  }
  if (kinds.losses) {
    behaviour.lose = () => pick(8) === 0;
    behaviour.abortStatus = pick(2) === 0 ? status.aborted : undefined;
  }
}

/** Runs the copies of a scenario at once, one step or answer at a time, in an order drawn from a seed. */
export async function runInAnyOrder(plain: Scenario, seed: number, kinds: Trouble): Promise<void> {
  const world = worldOf(plain);
  if (world === undefined) return;
  const pick = random(seed);
  const { controller, clock } = world;
  trouble(world, kinds, pick);
  controller.behaviour.hold = true;
  const scheduler = randomOrder(pick);
  const trace = traceCheck();
  const removed = new Set<number>();
  const engine = blockEngine({
    devices: [world.device],
    strategy: strategies[plain.strategy](),
    bounds: plain.bounds,
    retriesMax: pick(4),
    scheduler,
    trace(kind, subject, device, lba, blocks, detail) {
      trace.sink(kind, subject, device, lba, blocks, detail);
      if (kind === traceKind.commandIssue) expect(removed).not.toContain(device);
    },
  });
  const options = plain.emulate
    ? { emulate: true, buffer: new Uint8Array(plain.bufferBlocks * 8) }
    : {};
  const abort = new AbortController();
  const requests = separateRequests(plain, world.places.length).slice(0, plain.bounds.copies);
  if (!plain.emulate && world.device.limits.copyShape === undefined) return;
  const running = requests.map((request, i) =>
    copyOn(engine, world.device, request, {
      ...options,
      ...(plain.emulate ? { buffer: new Uint8Array(plain.bufferBlocks * 8) } : {}),
      ...(kinds.cancels && i % 2 === 0 ? { signal: abort.signal } : {}),
    }),
  );
  const frozen = new Map<number, Promise<void>>();
  const anyDevice = (): number => pick(engine.devices.length);
  const disturb = (): void => {
    if (kinds.cancels && pick(30) === 0) abort.abort();
    if (kinds.freezes && pick(20) === 0) {
      const device = anyDevice();
      if (!frozen.has(device)) frozen.set(device, engine.freeze(device));
    }
    if (kinds.freezes && pick(20) === 0) {
      const device = anyDevice();
      if (frozen.delete(device)) engine.unfreeze(device);
    }
    if (kinds.removal && pick(60) === 0) {
      const device = anyDevice();
      removed.add(device);
      engine.remove(device);
    }
  };
  const outcome = await settled(Promise.all(running), () => {
    disturb();
    const answers = controller.heldCount > 0 && (scheduler.posted === 0 || pick(2) === 0);
    if (answers) {
      controller.releaseOne(pick(controller.heldCount));
      return true;
    }
    if (scheduler.runOne() || clock.next()) return true;
    if (frozen.size === 0) return false;
    for (const device of frozen.keys()) engine.unfreeze(device);
    frozen.clear();
    return true;
  });
  if (outcome === undefined && process.env.DEBUG) {
    for (const t of engine.state.tables)
      for (const r of t.rows()) console.log(t.name, JSON.stringify(r).slice(0, 400));
    console.log(scheduler.posted, controller.heldCount, clock.waiting);
  }
  if (outcome?.status === "rejected") throw outcome.reason;
  const results = outcome?.value as CopyResult[];
  expect(results, "every copy ends").toBeDefined();
  const copies = requests.map((request, i) => ({ request, result: results[i] }));
  expect(lies(world, copies)).toEqual([]);
  expect(controller.violations).toEqual([]);
  while (scheduler.runOne() || clock.next());
  expect(leaks(engine)).toEqual([]);
  expect(engine.parkedCount).toBe(0);
  expect(trace.wrong(true)).toEqual([]);
  if (kinds === calm && plain.emulate)
    expect(results.map((result) => result.status)).toEqual(results.map(() => "success"));
}
