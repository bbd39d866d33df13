/*
 * Goal: a token copy does not end while an operation of it may go on in the device (SPC-4 5.17.4: an operation with IMMED
 * set outlives its command). Method: the emulated target in front of a queue of one slot; an answer is lost, or broken off,
 * at each step; what the device still does after the end of the copy would show in its stores.
 */
import { COMMAND_CONTINUES, status } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { commandOfCdb } from "../../src/codec/index.ts";
import { openScsiTarget, type TokenCopyOptions } from "../../src/index.ts";
import { type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";
import { modelTransport } from "./model-transport.ts";
import { planAll, queueMemory } from "./queue-memory.ts";

const BLOCK = 512;
const BLOCKS = 400;
const COPIED = 64;
const TO = 300;
const TASK_ABORTED = 0x40;

const ABORT = "COPY OPERATION ABORT";
const ASK = "RECEIVE ROD TOKEN INFORMATION";
const POPULATE = "POPULATE TOKEN";
const WRITE = "WRITE USING TOKEN";

async function target(options: Partial<ScsiModelOptions> = {}, commands: TokenCopyOptions = {}) {
  const store = memoryStore({ bytes: BLOCKS * BLOCK });
  for (let lba = 0; lba < 200; lba++) store.write(lba * BLOCK, new Uint8Array(BLOCK).fill(lba + 1));
  // At each command a copy in the background gets on by eight blocks.
  const backgroundBytes = 8 * BLOCK;
  const model = scsiModel({ units: [{ store }], backgroundBytes, ...options });
  const { tokenCopy } = await openScsiTarget(modelTransport(model), {
    tokenCopy: { immediate: true, stalledPollsMax: 20, ...commands },
  });
  const memory = queueMemory(tokenCopy.commandSet, 1);
  const encoder = tokenCopy.commandSet.open(memory, 1);
  encoder.bind(0, tokenCopy.units[0]);
  const title = (): string => commandOfCdb(memory.commandBytes[0].slice(8))?.title ?? "";
  /** Carries out the command in the slot; its completion is in the slot. */
  const carryOut = () => {
    const bytes = encoder.listBytesOf(0);
    const list = bytes === 0 ? undefined : memory.listBytes[0].slice(0, bytes);
    const completion = memory.completionBytes[0];
    return model.execute(
      "io",
      memory.commandBytes[0].slice(),
      list,
      encoder.replyOf?.(0),
      completion,
    );
  };
  const titles: string[] = [];
  /** Goes on to the end of the copy. */
  const finish = (): number => {
    for (let i = 0; i < 1000; i++) {
      titles.push(title());
      if (carryOut() !== "completed") throw new Error("an answer was lost");
      const value = encoder.interpret(0);
      if (value !== COMMAND_CONTINUES) return value;
    }
    throw new Error("the copy does not end");
  };
  /** Goes on until the command in the slot is the `count`-th of this name, which is not sent. */
  const goTo = (name: string, count = 1): void => {
    for (let left = title() === name ? count - 1 : count; left > 0; ) {
      carryOut();
      if (encoder.interpret(0) !== COMMAND_CONTINUES) throw new Error(`the copy ended`);
      if (title() === name) left--;
    }
  };
  const copy = (): void =>
    planAll(encoder, 0, TO, [{ device: 0, lba: 10, blocks: COPIED }], () => {});
  /** Blocks from the destination's first one on that are copied. */
  const written = (): number => {
    const bytes = new Uint8Array(BLOCK);
    for (let i = 0; i < COPIED; i++) {
      store.read((TO + i) * BLOCK, bytes);
      if (bytes[0] !== 11 + i) return i;
    }
    return COPIED;
  };
  const done = (): number => encoder.blocksDone(0, 0, new Int32Array(0), 0, 0, 0, 0);
  return {
    ...{ model, store, memory, encoder, title, titles },
    ...{ carryOut, finish, goTo, copy, written, done },
  };
}

type Bench = Awaited<ReturnType<typeof target>>;

/** The copy has ended: what is written now stays. */
function expectQuiet({ model, store }: Bench): void {
  expect(model.backgroundCopies).toBe(0);
  const mark = new Uint8Array(COPIED * BLOCK).fill(0xee);
  store.write(TO * BLOCK, mark);
  model.advance();
  const after = new Uint8Array(COPIED * BLOCK);
  store.read(TO * BLOCK, after);
  expect(after).toEqual(mark);
}

describe("a token copy whose answer is lost", () => {
  it("aborts a write in the background, and asks until it has ended", async () => {
    const bench = await target();
    const { encoder, copy, goTo, carryOut, finish, titles, model, written, done } = bench;
    copy();
    // The second question about the write: the write goes on.
    goTo(WRITE);
    goTo(ASK, 2);
    carryOut();
    expect(model.backgroundCopies).toBe(1);
    expect(encoder.lost?.(0, status.timeout)).toBe(true);
    expect(finish()).toBe(status.timeout);
    expect(encoder.isRetryable(0)).toBe(true);
    expect(titles).toEqual([ABORT, ASK]);
    const blocks = written();
    expect(blocks).toBeGreaterThan(0);
    expect(blocks).toBeLessThan(COPIED);
    expect(done()).toBe(blocks);
    expect(encoder.describe(0).name).toBe(
      `no answer came after ${blocks} of 64 blocks; the operation has ended`,
    );
    expectQuiet(bench);
  });

  it.each([
    [POPULATE, true],
    [POPULATE, false],
    [WRITE, true],
    [WRITE, false],
  ])("leaves nothing of %s, carried out: %s", async (name, executed) => {
    const bench = await target();
    const { encoder, copy, goTo, carryOut, finish, titles } = bench;
    copy();
    if (name === WRITE) goTo(WRITE);
    if (executed) carryOut();
    expect(encoder.lost?.(0, status.reset)).toBe(true);
    expect(finish()).toBe(status.reset);
    expect(titles[0]).toBe(ABORT);
    expectQuiet(bench);
  });

  it("succeeds where the device says that all was written", async () => {
    const bench = await target({}, { immediate: false });
    const { encoder, copy, goTo, carryOut, finish, titles, written, done } = bench;
    copy();
    goTo(WRITE);
    carryOut();
    expect(encoder.lost?.(0, status.timeout)).toBe(true);
    expect(finish()).toBe(status.success);
    expect(titles).toEqual([ABORT, ASK]);
    expect([written(), done()]).toEqual([COPIED, COPIED]);
  });

  it("may lose the answer to the abort as well, a few times", async () => {
    const bench = await target();
    const { encoder, copy, goTo, carryOut, finish } = bench;
    copy();
    goTo(WRITE);
    carryOut();
    expect(encoder.lost?.(0, status.timeout)).toBe(true);
    expect(encoder.lost?.(0, status.reset)).toBe(true);
    carryOut();
    expect(encoder.lost?.(0, status.reset)).toBe(true);
    // As the first loss was told.
    expect(finish()).toBe(status.timeout);
    expectQuiet(bench);
    copy();
    for (let i = 0; i < 4; i++) expect(encoder.lost?.(0, status.reset)).toBe(true);
    expect(encoder.lost?.(0, status.reset)).toBe(false);
  });

  it("has nothing to abort between reads and writes, nor after its end", async () => {
    const { encoder, copy, finish } = await target();
    copy();
    expect(finish()).toBe(status.success);
    expect(encoder.lost?.(0, status.reset)).toBe(false);
    encoder.read(0, 0, 5, 0, 1);
    expect(encoder.lost?.(0, status.reset)).toBe(false);
    encoder.flush(0, 0);
    expect(encoder.lost?.(0, status.reset)).toBe(false);
  });
});

describe("a token copy that is broken off", () => {
  it("ends its write in the background before it ends as cancelled", async () => {
    const bench = await target();
    const { encoder, copy, goTo, finish, titles } = bench;
    copy();
    goTo(WRITE);
    goTo(ASK, 3);
    expect(encoder.giveUp?.(0)).toBe(true);
    expect(finish()).toBe(status.aborted);
    expect(encoder.isRetryable(0)).toBe(false);
    expect(titles).toEqual([ABORT, ASK]);
    expectQuiet(bench);
  });

  it("takes an aborted task for no end of its operation, and keeps what was said", async () => {
    const bench = await target();
    const { encoder, copy, goTo, carryOut, finish, titles, memory } = bench;
    copy();
    goTo(WRITE);
    carryOut();
    // SAM-5 5.3.1: the command was aborted by another's task management.
    memory.completionBytes[0].fill(0)[0] = TASK_ABORTED;
    expect(encoder.interpret(0)).toBe(COMMAND_CONTINUES);
    expect(finish()).toBe(status.aborted);
    expect(titles[0]).toBe(ABORT);
    expect(encoder.describe(0).name).toBe("TASK ABORTED");
    expect(encoder.isRetryable(0)).toBe(true);
    expectQuiet(bench);
  });

  it("is aborted where a question is refused, and waited for where the abort is", async () => {
    const bench = await target();
    const { model, encoder, copy, goTo, finish, titles, written } = bench;
    copy();
    goTo(WRITE);
    goTo(ASK);
    // HARDWARE ERROR, INTERNAL TARGET FAILURE: of the question, then of the abort.
    model.inject(
      { kind: "sense", opcode: 0x84, key: 4, asc: 0x44 },
      { kind: "sense", opcode: 0x83, key: 4, asc: 0x44 },
    );
    expect(finish()).toBe(status.success);
    expect(titles.slice(0, 3)).toEqual([ASK, ABORT, ASK]);
    expect(written()).toBe(COPIED);
    expect(encoder.isRetryable(0)).toBe(false);
    expect(model.backgroundCopies).toBe(0);
  });

  it("does not wait for ever, and says that it does not know", async () => {
    const bench = await target({}, { stalledPollsMax: 3 });
    const { model, encoder, copy, goTo, finish, titles } = bench;
    copy();
    goTo(WRITE);
    model.inject({ kind: "sense", opcode: 0x84, key: 4, asc: 0x44, times: 1000 });
    expect(encoder.lost?.(0, status.timeout)).toBe(true);
    model.inject({ kind: "sense", opcode: 0x83, key: 4, asc: 0x44, times: 1000 });
    expect(finish()).toBe(status.timeout);
    expect(titles).toEqual([ABORT, ASK, ASK, ASK, ASK]);
    expect(encoder.describe(0).name).toBe(
      "no answer came after 0 of 64 blocks; the device does not say what became of the operation",
    );
  });
});
