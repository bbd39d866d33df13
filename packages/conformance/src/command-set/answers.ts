import { COMMAND_CONTINUES, type StatusName, status, statusName } from "@blockferry/core";
import { CURSOR_WORDS } from "@blockferry/core/plan";
import { broken, check, checkSame } from "../check.ts";
import type { CommandSetSuiteOptions, KnownStatus } from "./command-set-suite-options.ts";
import {
  carryOut,
  encodeNext,
  openQueue,
  type QueueUnderTest,
  STEPS_MAX,
  windowOf,
} from "./queue-under-test.ts";

const bounds = { rangesMax: 4, rangeBlocksMax: 8, blocksMax: 20 } as const;
/** What only an engine can know: no device says so. */
const enginesOwn: readonly StatusName[] = ["timeout", "cancelled", "unmapped", "exhausted"];

const sources = [
  { device: 0, lba: 10, blocks: 3 },
  { device: 0, lba: 40, blocks: 8 },
  { device: 0, lba: 20, blocks: 1 },
] as const;

/** Puts a copy of all sources into a slot. Returns its ranges. */
function sendCopy(queue: QueueUnderTest, slot = 0): number {
  const cursor = new Int32Array(CURSOR_WORDS);
  return encodeNext(queue, slot, 200, windowOf(sources), sources.length, cursor);
}

/** Interprets the answer in a slot; commands by which the copy ends what it began are answered with success. */
function interpretToEnd(queue: QueueUnderTest, slot = 0): number {
  const { encoder, memory, options } = queue;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const value = encoder.interpret(slot);
    if (value !== COMMAND_CONTINUES) return value;
    options.succeed(memory, slot, encoder);
  }
  return broken(`a copy that takes more than ${STEPS_MAX} commands`);
}

function blocksDone({ encoder }: QueueUnderTest, slot = 0): number {
  return encoder.blocksDone(slot, 0, windowOf(sources), 0, sources.length, 0, 0);
}

function statuses(options: CommandSetSuiteOptions): void {
  const { it, fail } = options;

  /** Interprets an answer with this code; it must have a meaning that a device can have. */
  const meaningOf = (queue: QueueUnderTest, code: number, what: string): StatusName => {
    sendCopy(queue);
    fail(queue.memory, 0, code);
    const { family } = queue.opened.targets[0];
    const described = queue.encoder.describe(0);
    checkSame(described.code, code, `${what}: the code in its description`);
    checkSame(described.family, family, `${what}: the family in its description`);
    check(described.name.length > 0, `${what} has no name`);
    const meaning = interpretToEnd(queue);
    const name = statusName(meaning);
    check(!enginesOwn.includes(name), `${what} means ${name}, which no device says`);
    return name;
  };

  it("gives every status of the standard a meaning, and keeps the device's own", async () => {
    const queue = await openQueue(options, bounds);
    check(options.statuses.length > 0, "no statuses are given");
    for (const { code, name, means } of options.statuses as readonly KnownStatus[]) {
      const what = `status ${code.toString(16)}h (${name})`;
      const meaning = meaningOf(queue, code, what);
      if (means !== undefined) checkSame(meaning, means, `${what}: its meaning`);
      if (means === "success") continue;
      check(meaning !== "success", `${what} is taken for success`);
    }
  });

  it("takes no status that nobody knows for success, and keeps it", async () => {
    const queue = await openQueue(options, bounds);
    for (const code of options.unknownStatuses) {
      const what = `status ${code.toString(16)}h, which nobody knows,`;
      check(meaningOf(queue, code, what) !== "success", `${what} is taken for success`);
    }
  });
}

function staleness(options: CommandSetSuiteOptions): void {
  const { it, supports } = options;
  const failure = options.statuses.find(({ means }) => means !== "success");

  it("does not take the answer that an earlier command left behind", async () => {
    const queue = await openQueue(options, bounds, 1);
    sendCopy(queue);
    carryOut(queue, 0);
    for (const send of [
      () => sendCopy(queue),
      () => queue.encoder.write(0, 0, 9, 0, 1),
      () => queue.encoder.read(0, 0, 9, 0, 1),
    ]) {
      options.succeed(queue.memory, 0, queue.encoder);
      queue.memory.generation[0] += 1;
      send();
      const meaning = interpretToEnd(queue);
      check(meaning !== status.success, "an answer that was there before counts as success");
      checkSame(blocksDone(queue), 0, "blocks done by an answer that was there before");
    }
  });

  const title = supports.tellsLateAnswers
    ? "tells a late answer to an earlier command, which means nothing"
    : "cannot tell a late answer to an earlier command";
  it(title, async () => {
    const queue = await openQueue(options, bounds, 1);
    const { memory, encoder } = queue;
    const late = (write: () => void): number => {
      memory.generation[0] += 1;
      encoder.read(0, 0, 5, 0, 1);
      write();
      const answer = memory.completions.slice();
      memory.generation[0] += 1;
      encoder.read(0, 0, 5, 0, 1);
      memory.completions.set(answer);
      return encoder.interpret(0);
    };
    const succeeded = late(() => options.succeed(memory, 0, encoder));
    checkSame(succeeded === status.success, !supports.tellsLateAnswers, "taken for its own");
    if (!supports.tellsLateAnswers || failure === undefined) return;
    check(succeeded !== COMMAND_CONTINUES, "a late answer lets the copy go on");
    checkSame(encoder.isRetryable(0), false, "isRetryable by a late answer");
    late(() => options.fail(memory, 0, failure.code));
    checkSame(encoder.isRetryable(0), false, "isRetryable by a late failure");
    checkSame(blocksDone(queue), 0, "blocks done by a late failure");
  });
}

function partly(options: CommandSetSuiteOptions): void {
  const { it, supports, failAfter } = options;
  const failures = options.statuses.filter(({ means }) => means !== "success");

  it("counts no block as done that a failure does not vouch for", async () => {
    const queue = await openQueue(options, bounds);
    for (const { code } of failures) {
      sendCopy(queue);
      options.fail(queue.memory, 0, code);
      interpretToEnd(queue);
      checkSame(blocksDone(queue), 0, `blocks done after status ${code.toString(16)}h`);
    }
  });

  it(
    supports.saysBlocksDone ? "counts the ranges done before a failure" : "knows no part",
    async () => {
      if (!supports.saysBlocksDone) {
        check(failAfter === undefined, "failAfter() is given, but the manifest says otherwise");
        return;
      }
      if (failAfter === undefined) broken("a manifest with saysBlocksDone needs failAfter()");
      const queue = await openQueue(options, bounds);
      let expected = 0;
      for (const [ranges, { blocks }] of sources.entries()) {
        sendCopy(queue);
        failAfter(queue.memory, 0, ranges);
        check(queue.encoder.interpret(0) !== status.success, "a failure is taken for success");
        checkSame(blocksDone(queue), expected, `blocks done after ${ranges} ranges`);
        expected += blocks;
      }
    },
  );
}

/** What answers mean: every status has a meaning, and only the command's own answer counts. */
export function answers(options: CommandSetSuiteOptions): void {
  statuses(options);
  staleness(options);
  partly(options);
}
