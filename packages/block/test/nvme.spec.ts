import { openNvmeController } from "@blockferry/device-nvme";
import { type Fault, nvmeModel } from "@blockferry/device-nvme/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockDevice, blockEngine, type CopyResult, copyOn } from "../src/index.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { leaks, requestOf, settled, strategies } from "./support/scenario.ts";
import { buildStack, type Place, stackShape } from "./support/stack-shape.ts";

/*
 * Goal: the engine over a real command set and its emulated controller, with the controller's own limits and faults: what
 * is said to be copied is copied, other blocks of the destination are old or new, and all others are as they were.
 * Method: each block is filled with a number of its own; stores are compared byte by byte.
 */
const BYTES = 512;
const BLOCKS = 160;

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("unrecovered-read" as const, "write-fault" as const),
    nsid: fc.integer({ min: 1, max: 2 }),
    lba: fc.nat(BLOCKS - 1),
    blocks: fc.integer({ min: 1, max: 4 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("busy" as const, "lost-completion" as const),
    after: fc.nat(5),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ kind: fc.constant("reset" as const), after: fc.nat(5), afterBlocks: fc.nat(10) }),
);

const scenario = fc.record({
  namespaces: fc.array(
    fc.record({
      mssrl: fc.integer({ min: 1, max: 20 }),
      mcl: fc.integer({ min: 1, max: 40 }),
      msrc: fc.nat(5),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  crossNamespace: fc.boolean(),
  stack: stackShape,
  strategy: fc.constantFrom("source-list" as const, "list-token" as const),
  queueDepth: fc.integer({ min: 1, max: 8 }),
  emulate: fc.boolean(),
  faults: fc.array(fault, { maxLength: 4 }),
  draw: fc.record({
    destination: fc.nat(65535),
    room: fc.nat(65535),
    sources: fc.array(fc.tuple(fc.nat(65535), fc.nat(65535)), { minLength: 1, maxLength: 6 }),
  }),
});

/** A store whose blocks all differ. */
function numberedStore(store: number) {
  const made = memoryStore({ bytes: BLOCKS * BYTES });
  for (let lba = 0; lba < BLOCKS; lba++) {
    const block = new Float64Array(BYTES / 8).fill((store + 1) * 1e6 + lba);
    made.write(lba * BYTES, new Uint8Array(block.buffer));
  }
  return made;
}

/** The number of each block; a block whose bytes are not all of one is `NaN`. */
function numbersOf(store: ReturnType<typeof memoryStore>): number[] {
  const bytes = new Uint8Array(BLOCKS * BYTES);
  store.read(0, bytes);
  const doubles = new Float64Array(bytes.buffer);
  return Array.from({ length: BLOCKS }, (_, lba) => {
    const block = doubles.subarray((lba * BYTES) / 8, ((lba + 1) * BYTES) / 8);
    return block.every((each) => each === block[0]) ? block[0] : Number.NaN;
  });
}

type Plain = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function open(plain: Plain, clock: ManualClock) {
  const stores = plain.namespaces.map((_, i) => numberedStore(i));
  const model = nvmeModel({
    namespaces: plain.namespaces.map((limits, i) => ({ ...limits, store: stores[i] })),
    faults: plain.faults,
  });
  const transport = memoryTransport(model, { clock, turn: "inline", duplicateEvery: 3 });
  const controller = await openNvmeController(transport, { crossNamespace: plain.crossNamespace });
  const devices = controller.namespaces.map((target) =>
    blockDevice({
      target,
      commandSet: controller.commandSet,
      transport,
      queueDepth: plain.queueDepth,
    }),
  );
  return { stores, devices };
}

describe("over an NVMe controller", { timeout: 120_000 }, () => {
  it("a copy is what it says", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (plain) => {
        const clock = manualClock();
        const { stores, devices } = await open(plain, clock);
        const stack = buildStack(
          plain.stack,
          { devices },
          devices.map(() => 0),
        );
        if (stack === undefined) return;
        const { device, places } = stack;
        const half = Math.ceil(places.length / 2);
        const bounds = { sourcesEnd: half, from: half, to: places.length };
        const request = requestOf(plain.draw, bounds);
        if (request === undefined) return;
        const before = stores.map(numbersOf);
        const engine = blockEngine({
          devices: [device],
          strategy: strategies[plain.strategy](),
          timeoutMs: 1000,
        });
        const outcome = await settled(
          copyOn(engine, device, request, { emulate: plain.emulate }),
          clock.next,
        );
        if (outcome?.status === "rejected") throw outcome.reason;
        const result = outcome?.value as CopyResult;
        expect(result, "the copy ends").toBeDefined();
        const after = stores.map(numbersOf);
        const at = (numbers: number[][], { unit, lba }: Place): number => numbers[unit][lba];
        const allowed = before.map((numbers) => numbers.map((number) => [number]));
        for (const part of result.ranges()) {
          for (let i = 0; i < part.blocks; i++) {
            const to = places[part.destination + i];
            const fresh = at(before, places[part.source + i]);
            allowed[to.unit][to.lba] =
              part.status === "success" ? [fresh] : [fresh, at(before, to)];
          }
        }
        after.forEach((numbers, unit) => {
          numbers.forEach((number, lba) => {
            expect(allowed[unit][lba], `block ${lba} of namespace ${unit + 1}`).toContain(number);
          });
        });
        if (plain.faults.length === 0 && (plain.emulate || devices.length === 1))
          expect(result.status).toBe("success");
        expect(leaks(engine)).toEqual([]);
        engine.close();
        expect(clock.waiting).toBe(0);
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
  });
});
