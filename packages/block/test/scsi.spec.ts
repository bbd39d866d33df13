import type { Store } from "@blockferry/core";
import { openScsiTarget } from "@blockferry/device-scsi";
import { type Fault, type ScsiModel, scsiModel } from "@blockferry/device-scsi/model";
import { memoryTransport } from "@blockferry/transport-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockDevice } from "../src/index.ts";
import type { ManualClock } from "./support/manual-clock.ts";
import {
  BLOCK_BYTES,
  BLOCKS,
  copyIsWhatItSays,
  copyPlain,
  numberedStore,
} from "./support/numbered-blocks.ts";
import { needsLikeHalves } from "./support/scenario.ts";

/*
 * Goal: the engine over both kinds of SCSI copies and an emulated target, with the target's own limits, habits and faults:
 * what is said to be copied is copied, other blocks of the destination are old or new, and all others are as they were.
 * Method: each block is filled with a number of its own; stores are compared byte by byte.
 */
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
    afterBytes: fc.nat(10 * BLOCK_BYTES),
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
    segmentBytesMax: fc.integer({ min: BLOCK_BYTES, max: 20 * BLOCK_BYTES }),
  }),
  tokens: fc.record({
    rangesMax: fc.integer({ min: 1, max: 5 }),
    transferBlocksMax: fc.integer({ min: 1, max: 40 }),
    // Below what is advertised: tokens that stand for less, and writes that are cut short.
    populateBlocksMax: fc.constantFrom(0, 0, 7, 16),
    writeBlocksMax: fc.constantFrom(0, 0, 5, 16),
  }),
  faults: fc.array(fault, { maxLength: 4 }),
  /** The way to the target answers an abort; else it is passed over, and a reset follows. */
  answersAborts: fc.boolean(),
  ...copyPlain,
});

/** TASK ABORTED (SAM-5 5.3.1). */
const taskAborted = (_command: Uint8Array, completion: Uint8Array): void => {
  completion[0] = 0x40;
};

type Plain = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function open(plain: Plain, clock: ManualClock) {
  const stores = Array.from({ length: plain.units }, (_, i) => numberedStore(i));
  const model = scsiModel({
    units: stores.map((store) => ({ store })),
    profile: plain.profile,
    copyManager: plain.copyManager,
    tokens: plain.tokens,
    backgroundBytes: 8 * BLOCK_BYTES,
    clock,
  });
  const transport = memoryTransport(model, {
    clock,
    turn: "inline",
    ...(plain.answersAborts ? { writeAborted: taskAborted } : {}),
  });
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
  return { stores, devices, model };
}

/** Nothing of a copy that has ended goes on in the target. */
function expectQuiet({ stores, model }: { stores: readonly Store[]; model: ScsiModel }): void {
  // Buffers are compared at once; as arrays they would be compared byte by byte.
  const images = (): Buffer[] =>
    stores.map((store) => {
      const bytes = Buffer.alloc(store.bytes);
      store.read(0, bytes);
      return bytes;
    });
  const before = images();
  expect(model.backgroundCopies).toBe(0);
  model.advance();
  expect(images().every((image, i) => image.equals(before[i]))).toBe(true);
}

async function isWhatItSays(plain: Plain): Promise<void> {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  const copied = await copyIsWhatItSays(plain, async (clock) => {
    opened = await open(plain, clock);
    return opened;
  });
  if (copied === undefined || opened === undefined) return;
  expectQuiet(opened);
  const mayGiveUp = needsLikeHalves(plain.strategy) && !plain.emulate;
  if (plain.faults.length === 0 && !mayGiveUp) expect(copied.result.status).toBe("success");
  // What a reset took away may still be waited for; nobody is there to be woken.
  while (copied.clock.next());
}

const RUNS = Number(process.env.RUNS ?? 60);

describe("over a SCSI target", { timeout: 120_000 }, () => {
  it("a copy is what it says", async () => {
    await fc.assert(fc.asyncProperty(scenario, isWhatItSays), { numRuns: RUNS });
  });

  // The way that was proposed to serve devices with one command and devices with tokens alike.
  it.each(["extended-copy", "token"] as const)("a copy in and out by %s is, too", async (kind) => {
    await fc.assert(
      fc.asyncProperty(scenario, (plain) =>
        isWhatItSays({ ...plain, kind, strategy: "copy-in-out" }),
      ),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});
