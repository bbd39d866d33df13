/*
 * Goal: the steps of a token copy, whatever the device says on the way. Method: a queue of one slot driven by hand, against
 * the emulated target, and against reports written by the codec.
 */
import { COMMAND_CONTINUES, status, statusName } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  commandOfCdb,
  populateTokenList,
  type RodTokenInformationInput,
  rodTokenInformation,
  senseData,
  writeUsingTokenList,
} from "../../src/codec/index.ts";
import { openScsiTarget, type TokenCopyOptions, tokenCopyCommandSet } from "../../src/index.ts";
import { type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";
import { modelTransport } from "./model-transport.ts";
import { planAll, queueMemory, type Range } from "./queue-memory.ts";
import { unit } from "./units.ts";

const BLOCK = 512;

/** One slot in front of whatever answers. */
function slot(options: TokenCopyOptions = {}, shape = {}) {
  const set = tokenCopyCommandSet({ ...options, rangesMax: 64 });
  const memory = queueMemory(set, 1);
  const encoder = set.open(memory, 2);
  encoder.bind(0, unit({ lun: 0, shape: "token", ...shape }));
  encoder.bind(1, unit({ lun: 1, shape: "token", ...shape }));
  const titleOf = (): string => commandOfCdb(memory.commandBytes[0].slice(8))?.title ?? "";
  const listOf = (): Uint8Array => memory.listBytes[0].slice(0, encoder.listBytesOf(0));
  /** Answers the command in the slot; `report` is the data that comes with GOOD. */
  const answer = (report?: RodTokenInformationInput, statusCode = 0): number => {
    const completion = memory.completionBytes[0].fill(0);
    completion[0] = statusCode;
    if (report !== undefined) {
      const data = rodTokenInformation.encode(report);
      encoder.replyOf?.(0)?.set(data);
      new DataView(completion.buffer, completion.byteOffset).setUint32(4, data.length);
    }
    return encoder.interpret(0);
  };
  const fail = (sense: { senseKey: number; asc?: number; ascq?: number }): number => {
    const completion = memory.completionBytes[0].fill(0);
    const bytes = senseData.encode(sense);
    completion[0] = 0x02;
    completion[1] = bytes.length;
    completion.set(bytes, 12);
    return encoder.interpret(0);
  };
  const copy = (ranges: readonly Range[], destination = 1000, device = 1): void =>
    planAll(encoder, device, destination, ranges, () => {});
  return { encoder, memory, titleOf, listOf, answer, fail, copy };
}

const token = Uint8Array.from({ length: 512 }, (_, i) => (i * 3) % 256);
const populated = (blocks: number): RodTokenInformationInput => ({
  responseToServiceAction: 0x10,
  copyOperationStatus: 0x01,
  transferCountUnits: 0xf1,
  transferCount: blocks,
  rodTokens: [{ rodToken: token }],
});
const written = (blocks: number, copyOperationStatus = 0x01): RodTokenInformationInput => ({
  responseToServiceAction: 0x11,
  copyOperationStatus,
  transferCountUnits: 0xf1,
  transferCount: blocks,
});
const twenty: Range[] = [
  { device: 0, lba: 5, blocks: 8 },
  { device: 0, lba: 100, blocks: 12 },
];

describe("a token copy", () => {
  it("populates, asks, writes, asks", () => {
    const { titleOf, listOf, answer, copy, encoder, memory } = slot();
    copy(twenty);
    expect(titleOf()).toBe("POPULATE TOKEN");
    expect(memory.commandBytes[0][1]).toBe(0);
    expect(populateTokenList.decode(listOf(), { exact: true })).toEqual({
      ok: true,
      value: {
        rtv: false,
        immed: false,
        inactivityTimeout: 0,
        rodType: 0,
        ranges: [
          { lba: 5, blocks: 8 },
          { lba: 100, blocks: 12 },
        ],
      },
    });
    expect(encoder.replyOf?.(0)).toBeUndefined();
    expect(answer()).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    expect(encoder.listBytesOf(0)).toBe(0);
    expect(encoder.replyOf?.(0)?.length).toBeGreaterThanOrEqual(802);
    expect(answer(populated(20))).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("WRITE USING TOKEN");
    expect(memory.commandBytes[0][1]).toBe(1);
    expect(writeUsingTokenList.decode(listOf(), { exact: true })).toEqual({
      ok: true,
      value: {
        delTkn: true,
        immed: false,
        offsetIntoRod: 0,
        rodToken: token,
        ranges: [{ lba: 1000, blocks: 20 }],
      },
    });
    expect(answer()).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    expect(answer(written(20))).toBe(status.success);
  });

  it("writes in pieces where one write cannot carry it, and goes on where one was cut short", () => {
    const { listOf, answer, copy } = slot({ deleteTokens: false }, { blocksMax: 8 });
    copy([{ device: 0, lba: 5, blocks: 8 }]);
    answer();
    answer(populated(8));
    answer();
    // The device wrote three blocks and says so, without an error.
    expect(answer(written(3, 0x04))).toBe(COMMAND_CONTINUES);
    expect(writeUsingTokenList.decode(listOf())).toMatchObject({
      value: { offsetIntoRod: 3, ranges: [{ lba: 1003, blocks: 5 }], rodToken: token },
    });
    answer();
    expect(answer(written(5))).toBe(status.success);
  });

  it("begins anew where a write that took the token with it was cut short", () => {
    const { answer, copy, encoder } = slot();
    copy(twenty);
    answer();
    answer(populated(20));
    answer();
    expect(answer(written(3, 0x04))).toBe(status.limitExceeded);
    expect(encoder.isRetryable(0)).toBe(true);
    expect(encoder.blocksDone(0, 1, new Int32Array(0), 0, 0, 0, 0)).toBe(3);
    expect(encoder.describe(0).name).toBe("the device wrote 3 of 20 blocks, and the token is gone");
  });

  it("counts in the units that the device counts in", () => {
    const { answer, copy } = slot();
    copy(twenty);
    answer();
    answer({ ...populated(20), transferCountUnits: 0, transferCount: 20 * BLOCK });
    answer();
    expect(answer({ ...written(10), transferCountUnits: 1, transferCount: 10 })).toBe(
      status.success,
    );
  });

  it("copies what a token stands for, and leaves the rest to be sent again", () => {
    const { answer, copy, encoder } = slot();
    copy(twenty);
    answer();
    answer(populated(9));
    answer();
    expect(answer(written(9))).toBe(status.limitExceeded);
    expect(encoder.isRetryable(0)).toBe(true);
    expect(encoder.blocksDone(0, 1, new Int32Array(0), 0, 0, 0, 0)).toBe(9);
    expect(encoder.describe(0)).toMatchObject({
      name: "the token stands for 9 of 20 blocks",
      fields: { blocks: 20, blocksOfToken: 9, blocksWritten: 9 },
    });
  });

  it("polls a copy in the background as often as the device wants to be asked", () => {
    const { answer, copy, encoder, listOf } = slot({ immediate: true, pollMs: 7 });
    copy(twenty);
    expect(populateTokenList.decode(listOf())).toMatchObject({ value: { immed: true } });
    answer();
    expect(encoder.delayMsOf?.(0)).toBe(7);
    const running = { responseToServiceAction: 0x10, copyOperationStatus: 0x12 };
    expect(answer({ ...running, estimatedStatusUpdateDelay: 250 })).toBe(COMMAND_CONTINUES);
    expect(encoder.delayMsOf?.(0)).toBe(250);
    answer({ ...running, estimatedStatusUpdateDelay: 0xffff_ffff });
    expect(encoder.delayMsOf?.(0)).toBe(7);
    answer({ ...running, estimatedStatusUpdateDelay: 10_000_000 });
    expect(encoder.delayMsOf?.(0)).toBe(5000);
    expect(answer(populated(20))).toBe(COMMAND_CONTINUES);
    expect(encoder.delayMsOf?.(0)).toBe(0);
  });

  it("ends as timed out after answers without progress, and only then", () => {
    const { answer, copy, encoder, titleOf } = slot({ immediate: true, stalledPollsMax: 3 });
    copy(twenty);
    answer();
    const running = { responseToServiceAction: 0x10, copyOperationStatus: 0x10 };
    for (let i = 0; i < 9; i++) {
      expect(answer({ ...running, operationCounter: i })).toBe(COMMAND_CONTINUES);
    }
    answer({ ...running, operationCounter: 9 });
    answer({ ...running, operationCounter: 9 });
    answer({ ...running, operationCounter: 9 });
    expect(answer({ ...running, operationCounter: 9 })).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("COPY OPERATION ABORT");
    answer();
    expect(answer({ ...running, copyOperationStatus: 0x60 })).toBe(status.timeout);
    expect(encoder.isRetryable(0)).toBe(false);
  });

  it("asks again after a unit attention, and takes a refusal for one", () => {
    const { answer, fail, copy, titleOf } = slot();
    copy(twenty);
    answer();
    expect(fail({ senseKey: 0x6, asc: 0x29 })).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    expect(answer(undefined, 0x08)).toBe(COMMAND_CONTINUES);
    expect(fail({ senseKey: 0x5, asc: 0x24 })).toBe(status.invalid);
  });

  it("goes on where a step was carried out, with something to say beside", () => {
    const { answer, fail, copy, titleOf } = slot();
    copy(twenty);
    // SPC-4 4.5.6: RECOVERED ERROR, the command completed with success; SAM-5 5.3.1: so it did with CONDITION MET.
    expect(fail({ senseKey: 0x1, asc: 0x17 })).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    answer(populated(20));
    expect(titleOf()).toBe("WRITE USING TOKEN");
    expect(answer(undefined, 0x04)).toBe(COMMAND_CONTINUES);
    expect(answer(written(20))).toBe(status.success);
  });

  it("is aborted by the initiator with COPY OPERATION ABORT", () => {
    const { answer, copy, encoder, titleOf, memory } = slot({ immediate: true });
    copy(twenty);
    const populate = toHex(memory.commandBytes[0].slice(14, 18));
    answer();
    expect(encoder.giveUp?.(0)).toBe(true);
    expect(titleOf()).toBe("COPY OPERATION ABORT");
    expect(toHex(memory.commandBytes[0].slice(10, 14))).toBe(populate);
    expect(encoder.listBytesOf(0)).toBe(0);
    expect(encoder.replyOf?.(0)).toBeUndefined();
    // Aborted is not ended: the device is asked.
    expect(answer()).toBe(COMMAND_CONTINUES);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    expect(toHex(memory.commandBytes[0].slice(10, 14))).toBe(populate);
    expect(encoder.giveUp?.(0)).toBe(true);
    expect(titleOf()).toBe("RECEIVE ROD TOKEN INFORMATION");
    const ended = { responseToServiceAction: 0x10, copyOperationStatus: 0x60 };
    expect(answer({ ...ended, copyOperationStatus: 0x12 })).toBe(COMMAND_CONTINUES);
    expect(answer(ended)).toBe(status.aborted);
    expect(encoder.isRetryable(0)).toBe(false);
  });

  it("may begin anew where the token was lost on the way", () => {
    const { answer, fail, copy, encoder } = slot();
    copy(twenty);
    answer();
    answer(populated(20));
    // Expired.
    expect(fail({ senseKey: 0x5, asc: 0x23, ascq: 0x07 })).toBe(status.aborted);
    expect(encoder.isRetryable(0)).toBe(true);
    expect(encoder.blocksDone(0, 1, new Int32Array(0), 0, 0, 0, 0)).toBe(0);
  });

  it("keeps what was written before a failure that the report tells of", () => {
    const { answer, copy, encoder } = slot();
    copy(twenty);
    answer();
    answer(populated(20));
    answer();
    const sense = senseData.encode({ senseKey: 0x3, asc: 0x0c, ascq: 0x00 });
    const report = { ...written(6, 0x02), extendedCopyCompletionStatus: 0x02, senseData: sense };
    expect(answer(report)).toBe(status.writeFault);
    expect(encoder.blocksDone(0, 1, new Int32Array(0), 0, 0, 0, 0)).toBe(6);
    expect(encoder.describe(0)).toMatchObject({
      name: "MEDIUM ERROR: WRITE ERROR (0Ch/00h)",
      fields: { operationStatus: 0x02, blocksWritten: 6 },
    });
  });

  it("does not believe in a success that moved nothing, nor in reports that break rules", () => {
    // What is no answer to the question leaves open whether the operation has ended.
    const bad: [RodTokenInformationInput, boolean][] = [
      [populated(0), true],
      [{ ...populated(20), rodTokens: [] }, true],
      [{ ...populated(20), responseToServiceAction: 0x11 }, false],
      [{ ...populated(20), transferCountUnits: 0x77 }, true],
    ];
    for (const [report, hasEnded] of bad) {
      const { answer, fail, copy, encoder } = slot();
      copy(twenty);
      answer();
      if (hasEnded) {
        expect(answer(report)).toBe(status.deviceError);
      } else {
        expect(answer(report)).toBe(COMMAND_CONTINUES);
        expect(fail({ senseKey: 0x5, asc: 0x24 })).toBe(status.deviceError);
      }
      expect(encoder.isRetryable(0)).toBe(false);
      expect(encoder.describe(0).family).toBe("scsi");
    }
  });

  it("ends whatever the device answers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 0, maxLength: 900 })),
        fc.nat(255),
        (answers, code) => {
          const { copy, encoder, memory } = slot({ stalledPollsMax: 2 });
          copy(twenty);
          for (const bytes of answers) {
            const completion = memory.completionBytes[0].fill(0);
            completion[0] = bytes[0] === 1 ? code : 0;
            const reply = encoder.replyOf?.(0);
            const data = bytes.slice(0, reply?.length ?? 0);
            reply?.set(data);
            new DataView(completion.buffer, completion.byteOffset).setUint32(4, data.length);
            const value = encoder.interpret(0);
            if (value === COMMAND_CONTINUES) continue;
            expect(statusName(value)).toBeTypeOf("string");
            expect(encoder.describe(0).fields).toBeTypeOf("object");
            const done = encoder.blocksDone(0, 1, new Int32Array(0), 0, 0, 0, 0);
            expect(done).toBeGreaterThanOrEqual(0);
            expect(done).toBeLessThanOrEqual(20);
            return;
          }
        },
      ),
    );
  });
});

describe("against the emulated target", () => {
  const BLOCKS = 400;

  async function target(options: Partial<ScsiModelOptions>, commands: TokenCopyOptions) {
    const stores = [0, 1].map((unitNumber) => {
      const store = memoryStore({ bytes: BLOCKS * BLOCK });
      for (let lba = 0; lba < BLOCKS; lba++) {
        store.write(lba * BLOCK, new Uint8Array(BLOCK).fill((lba % 200) + unitNumber * 17));
      }
      return store;
    });
    const model = scsiModel({ units: stores.map((store) => ({ store })), ...options });
    const { tokenCopy } = await openScsiTarget(modelTransport(model), { tokenCopy: commands });
    const memory = queueMemory(tokenCopy.commandSet, 1);
    const encoder = tokenCopy.commandSet.open(memory, 2);
    for (const [number, each] of tokenCopy.units.entries()) encoder.bind(number, each);
    const run = (): number => {
      for (let i = 0; i < 5000; i++) {
        const bytes = encoder.listBytesOf(0);
        const list = bytes === 0 ? undefined : memory.listBytes[0].slice(0, bytes);
        const completion = memory.completionBytes[0];
        model.execute("io", memory.commandBytes[0].slice(), list, encoder.replyOf?.(0), completion);
        const value = encoder.interpret(0);
        if (value !== COMMAND_CONTINUES) return value;
      }
      throw new Error("the copy does not end");
    };
    return { stores, model, encoder, run };
  }

  it("random copies move what they say, and leave no token behind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rangesMax: fc.integer({ min: 1, max: 6 }),
          transferBlocksMax: fc.integer({ min: 1, max: 60 }),
          writeBlocksMax: fc.constantFrom(0, 0, 3, 10),
        }),
        fc.boolean(),
        fc.nat(1),
        fc.array(
          fc.record({
            device: fc.nat(1),
            lba: fc.nat(190),
            blocks: fc.integer({ min: 1, max: 10 }),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (tokens, immediate, device, ranges) => {
          const deleteTokens = tokens.writeBlocksMax === 0;
          const options = { immediate, deleteTokens };
          const { stores, model, encoder, run } = await target({ tokens }, options);
          const expected = stores.map((store) => {
            const bytes = new Uint8Array(BLOCKS * BLOCK);
            store.read(0, bytes);
            return bytes;
          });
          let to = 210;
          for (const range of ranges) {
            const bytes = expected[range.device].slice(
              range.lba * BLOCK,
              (range.lba + range.blocks) * BLOCK,
            );
            expected[device].set(bytes, to * BLOCK);
            to += range.blocks;
          }
          planAll(encoder, device, 210, ranges, ({ ranges: count, blocks }) => {
            expect(count).toBeLessThanOrEqual(tokens.rangesMax);
            expect(blocks).toBeLessThanOrEqual(tokens.transferBlocksMax);
            expect(run()).toBe(status.success);
          });
          for (const [number, store] of stores.entries()) {
            const bytes = new Uint8Array(BLOCKS * BLOCK);
            store.read(0, bytes);
            expect(toHex(bytes)).toBe(toHex(expected[number]));
          }
          if (deleteTokens) expect(model.liveTokens).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
