import type { DeviceModel, StatusName } from "@blockferry/core";
import { openScsiTarget } from "@blockferry/device-scsi";
import { type FaultPlan, scsiModel } from "@blockferry/device-scsi/model";
import { memoryTransport } from "@blockferry/transport-memory";
import { describe, expect, it } from "vitest";
import { blockDevice, blockEngine, copyOn } from "../src/index.ts";
import { manualClock } from "./support/manual-clock.ts";
import { BLOCK_BYTES, BLOCKS, numberedStore } from "./support/numbered-blocks.ts";
import { leaks, settled, strategies } from "./support/scenario.ts";

/*
 * Goal: a copy whose answer is lost ends when its operation in the device has ended, not before: what its submitter writes to
 * the destination afterwards stays (SPC-4 5.17.4: an operation in the background outlives its command).
 * Method: a target that works in the background at the pace of the questions it is asked; an answer is lost; the way to the
 * target answers aborts, or resets a target whose operations go on all the same.
 */
const ASK = 0x84;
const WRITE = 0x83;
const request = { sources: [{ lba: 0, blocks: 60 }], destination: 80 };

async function bench(options: {
  readonly faults: FaultPlan;
  readonly answersAborts: boolean;
  readonly retriesMax: number;
}) {
  const clock = manualClock();
  const store = numberedStore(0);
  const model = scsiModel({ units: [{ store }], backgroundBytes: 8 * BLOCK_BYTES, clock });
  // As after a connection is made anew: commands in flight are forgotten, and no operation.
  const lasting: DeviceModel = { ...model, reset() {} };
  const transport = memoryTransport(lasting, {
    clock,
    turn: "inline",
    ...(options.answersAborts
      ? {
          writeAborted(_command: Uint8Array, completion: Uint8Array) {
            completion[0] = 0x40;
          },
        }
      : {}),
  });
  const target = await openScsiTarget(transport, {
    copy: "token",
    tokenCopy: { immediate: true },
  });
  model.inject(...options.faults);
  const device = blockDevice({
    target: target.units[0],
    commandSet: target.commandSet,
    transport,
    queueDepth: 4,
  });
  const engine = blockEngine({
    devices: [device],
    strategy: strategies["source-list"](),
    timeoutMs: 1000,
    retriesMax: options.retriesMax,
  });
  return { clock, store, model, device, engine };
}

/** A copy that has ended leaves nothing behind that writes. */
function expectQuiet({ store, model }: Awaited<ReturnType<typeof bench>>): void {
  const before = Buffer.alloc(BLOCKS * BLOCK_BYTES);
  store.read(0, before);
  expect(model.backgroundCopies).toBe(0);
  model.advance();
  const after = Buffer.alloc(BLOCKS * BLOCK_BYTES);
  store.read(0, after);
  expect(after.equals(before)).toBe(true);
}

describe.each([true, false])("aborts are answered: %s", (answersAborts) => {
  const lost: readonly (readonly [string, FaultPlan])[] = [
    ["a question about the token", [{ kind: "lost-completion", opcode: ASK }]],
    ["a question about the write", [{ kind: "lost-completion", opcode: ASK, after: 2 }]],
    ["the write", [{ kind: "lost-completion", opcode: WRITE, after: 1 }]],
    ["a write that never came", [{ kind: "lost-completion", opcode: WRITE, executed: false }]],
    [
      "the write, and that to its abort",
      [
        { kind: "lost-completion", opcode: WRITE, after: 1 },
        { kind: "lost-completion", opcode: WRITE, executed: false },
      ],
    ],
  ];

  it.each(lost)("ends with its operation when the answer is lost to %s", async (what, faults) => {
    const made = await bench({ faults, answersAborts, retriesMax: 0 });
    const running = copyOn(made.engine, made.device, request);
    const ended = await settled(running, made.clock.next);
    expect(ended?.status).toBe("fulfilled");
    if (ended?.status !== "fulfilled") return;
    // A question may be asked again; what became of a command is not known.
    const asked = what.startsWith("a question");
    const told: StatusName = !answersAborts ? "timeout" : asked ? "success" : "aborted";
    expect(ended.value.status).toBe(told);
    expectQuiet(made);
    expect(leaks(made.engine)).toEqual([]);
  });

  it.each(lost)("is done all the same when tried again: %s", async (_what, faults) => {
    const made = await bench({ faults, answersAborts, retriesMax: 3 });
    const running = copyOn(made.engine, made.device, request);
    const ended = await settled(running, made.clock.next);
    expect(ended).toMatchObject({ status: "fulfilled", value: { status: "success" } });
    expectQuiet(made);
    expect(leaks(made.engine)).toEqual([]);
  });

  it("ends with its operation when it is cancelled meanwhile", async () => {
    const faults: FaultPlan = [{ kind: "lost-completion", opcode: ASK, after: 2 }];
    const made = await bench({ faults, answersAborts, retriesMax: 3 });
    const abort = new AbortController();
    const { signal } = abort;
    const running = copyOn(made.engine, made.device, request, { signal });
    made.clock.advance(999);
    expect(made.model.backgroundCopies).toBe(1);
    abort.abort();
    const ended = await settled(running, made.clock.next);
    expect(ended?.status).toBe("fulfilled");
    expectQuiet(made);
    expect(leaks(made.engine)).toEqual([]);
  });
});
