import { openScsiTarget } from "@blockferry/device-scsi";
import { type Fault, scsiModel } from "@blockferry/device-scsi/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockDevice, blockEngine, type CopyResult, copyOn } from "../src/index.ts";
import { type ManualClock, manualClock } from "./support/manual-clock.ts";
import { leaks, requestOf, settled, strategies } from "./support/scenario.ts";
import { buildStack, type Place, stackShape } from "./support/stack-shape.ts";

/*
 * Goal: the engine over both kinds of SCSI copies and an emulated target, with the target's own limits, habits and faults:
 * what is said to be copied is copied, other blocks of the destination are old or new, and all others are as they were.
 * Method: each block is filled with a number of its own; stores are compared byte by byte.
 */
const BYTES = 512;
const BLOCKS = 160;

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("unrecovered-read" as const, "write-fault" as const),
    lun: fc.integer({ min: 0, max: 1 }),
    lba: fc.nat(BLOCKS - 1),
    blocks: fc.integer({ min: 1, max: 4 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("busy" as const, "task-set-full" as const, "lost-completion" as const),
    after: fc.nat(12),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant("sense" as const),
    key: fc.constantFrom(0x2, 0x5, 0x6, 0xb),
    asc: fc.constantFrom(0x04, 0x23, 0x29, 0x55),
    ascq: fc.constantFrom(0x00, 0x01, 0x07, 0x0d),
    after: fc.nat(12),
  }),
  fc.record({
    kind: fc.constant("reset" as const),
    after: fc.nat(12),
    afterBytes: fc.nat(10 * BYTES),
  }),
);

const scenario = fc.record({
  units: fc.integer({ min: 1, max: 2 }),
  kind: fc.constantFrom("extended-copy" as const, "token" as const),
  profile: fc.constantFrom("ideal" as const, "ctl" as const),
  listFormat: fc.constantFrom("lid1" as const, "lid4" as const),
  listIdUsage: fc.constantFrom("auto" as const, "hold" as const),
  immediate: fc.boolean(),
  copyManager: fc.record({
    segmentDescriptorsMax: fc.integer({ min: 1, max: 5 }),
    segmentBytesMax: fc.integer({ min: BYTES, max: 20 * BYTES }),
  }),
  tokens: fc.record({
    rangesMax: fc.integer({ min: 1, max: 5 }),
    transferBlocksMax: fc.integer({ min: 1, max: 40 }),
    // Below what is advertised: tokens that stand for less, and writes that are cut short.
    populateBlocksMax: fc.constantFrom(0, 0, 7, 16),
    writeBlocksMax: fc.constantFrom(0, 0, 5, 16),
  }),
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
  const stores = Array.from({ length: plain.units }, (_, i) => numberedStore(i));
  const model = scsiModel({
    units: stores.map((store) => ({ store })),
    profile: plain.profile,
    copyManager: plain.copyManager,
    tokens: plain.tokens,
    backgroundBytes: 8 * BYTES,
    clock,
  });
  const transport = memoryTransport(model, { clock, turn: "inline" });
  const target = await openScsiTarget(transport, {
    copy: plain.kind,
    extendedCopy: { listFormat: plain.listFormat, listIdUsage: plain.listIdUsage },
    tokenCopy: { immediate: plain.immediate },
  });
  model.inject(...plain.faults);
  const devices = target.units.map((unit) =>
    blockDevice({
      target: unit,
      commandSet: target.commandSet,
      transport,
      queueDepth: Math.min(plain.queueDepth, target.copiesMax),
    }),
  );
  return { stores, devices };
}

describe("over a SCSI target", { timeout: 120_000 }, () => {
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
            expect(allowed[unit][lba], `block ${lba} of unit ${unit}`).toContain(number);
          });
        });
        if (plain.faults.length === 0) expect(result.status).toBe("success");
        expect(leaks(engine)).toEqual([]);
        engine.close();
        // What a reset took away may still be waited for; nobody is there to be woken.
        while (clock.next());
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
  });
});
