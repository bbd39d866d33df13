import { CURSOR_BLOCKS, CURSOR_RANGE, CURSOR_WORDS } from "@blockferry/core/plan";
import { check, checkBytes, checkSame } from "../check.ts";
import { forEachSeed, type RandomSource } from "../random-source.ts";
import { checkPlan, segmentsAsked } from "./checks.ts";
import type { CommandSetSuiteOptions } from "./command-set-suite-options.ts";
import {
  carryOut,
  encodeNext,
  openQueue,
  planAll,
  type QueueUnderTest,
  type Source,
  windowOf,
} from "./queue-under-test.ts";

const RANDOM_CASES = 60;
const small = { rangesMax: 4, rangeBlocksMax: 8, blocksMax: 20 } as const;
/** Room for addresses of a request below the greatest one. */
const ROOM = 2 ** 20;

/** Plans a request, checks it, and returns the number of its commands. */
function planned(queue: QueueUnderTest, sources: readonly Source[], destination: number): number {
  const commands = planAll(queue, sources, destination);
  checkPlan(commands, segmentsAsked(sources, destination), queue.opened.bounds);
  return commands.length;
}

const source = (lba: number, blocks: number, device = 0): Source => ({ device, lba, blocks });

/** Sources of `blocks` blocks in all, none above `each`, that do not follow each other. */
function sourcesOf(blocks: number, each: number): Source[] {
  const sources: Source[] = [];
  for (let left = blocks; left > 0; left -= each) {
    sources.push(source(1000 + sources.length * 2 * each, Math.min(left, each)));
  }
  return sources;
}

function limits(options: CommandSetSuiteOptions): void {
  const { it, supports } = options;

  it("has no command for nothing", async () => {
    const queue = await openQueue(options, small);
    const cursor = new Int32Array(CURSOR_WORDS);
    checkSame(encodeNext(queue, 0, 5, windowOf([]), 0, cursor), 0, "ranges of no request");
    const sources = [source(7, 3)];
    planned(queue, sources, 100);
    cursor.fill(0);
    encodeNext(queue, 0, 100, windowOf(sources), 1, cursor);
    carryOut(queue, 0);
    checkSame(cursor[CURSOR_RANGE], 1, "the cursor behind the last range");
    checkSame(encodeNext(queue, 1, 103, windowOf(sources), 1, cursor), 0, "ranges of what is left");
    checkSame(cursor[CURSOR_RANGE], 1, "the cursor after nothing was planned");
    checkSame(cursor[CURSOR_BLOCKS], 0, "blocks of nothing");
  });

  it("copies one block, from and to the least and the greatest address", async () => {
    const queue = await openQueue(options, small);
    const { lbaMax } = supports;
    const places = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, lbaMax].filter(
      (lba) => lba <= lbaMax,
    );
    for (const from of places) {
      for (const to of places) {
        if (from === to) continue;
        checkSame(planned(queue, [source(from, 1)], to), 1, "commands for one block");
      }
    }
  });

  it("carries a full command at once, and one range more in two", async () => {
    const queue = await openQueue(options, small);
    const { rangesMax, blocksMax } = queue.opened.bounds;
    const most = Math.min(rangesMax, blocksMax);
    checkSame(planned(queue, sourcesOf(most, 1), 500), 1, `commands for ${most} ranges`);
    checkSame(planned(queue, sourcesOf(most + 1, 1), 500), 2, `commands for ${most + 1} ranges`);
  });

  it("cuts a range that is longer than one may be", async () => {
    const queue = await openQueue(options, small);
    const { rangesMax, rangeBlocksMax, blocksMax } = queue.opened.bounds;
    checkSame(planned(queue, [source(9, rangeBlocksMax)], 500), 1, "commands for a full range");
    const fits = rangesMax > 1 && blocksMax > rangeBlocksMax;
    const commands = planned(queue, [source(9, rangeBlocksMax + 1)], 500);
    checkSame(commands, fits ? 1 : 2, "commands for a range and a block");
  });

  it("fills commands up to their blocks, and takes another for one more", async () => {
    const queue = await openQueue(options, small);
    const { rangesMax, rangeBlocksMax, blocksMax } = queue.opened.bounds;
    const full = Math.min(blocksMax, rangesMax * rangeBlocksMax);
    const exact = planned(queue, sourcesOf(full, rangeBlocksMax), 500);
    checkSame(exact, 1, `commands for ${full} blocks`);
    const more = planned(queue, sourcesOf(full + 1, rangeBlocksMax), 500);
    checkSame(more, 2, `commands for ${full + 1} blocks`);
  });
}

function randomSources(random: RandomSource, lbaMax: number, devices: number): Source[] {
  return Array.from({ length: random.between(1, 10) }, () => {
    const near = random.pick([0, 2 ** 31, 2 ** 32, random.below(lbaMax), lbaMax]);
    const from = Math.max(0, Math.min(near, lbaMax - ROOM) - random.below(40));
    const blocks = random.pick([1, random.between(1, 30), random.between(1, 300)]);
    return source(from, blocks, random.below(devices));
  });
}

/** A queue with random bounds. */
function randomQueue(options: CommandSetSuiteOptions, random: RandomSource) {
  const rangeBlocksMax = random.pick([1, random.between(1, 40), 256]);
  const blocksMax = random.pick([rangeBlocksMax, random.between(rangeBlocksMax, 500)]);
  const rangesMax = random.pick([1, random.between(1, 8), 64]);
  return openQueue(options, { rangesMax, rangeBlocksMax, blocksMax });
}

function anyRequest(options: CommandSetSuiteOptions): void {
  const { it, supports } = options;
  const devicesOf = ({ opened }: QueueUnderTest): number =>
    supports.crossDevice ? opened.targets.length : 1;
  const destinationOf = (random: RandomSource): number =>
    Math.max(
      0,
      Math.min(
        random.pick([0, 2 ** 32 - 50, random.below(supports.lbaMax)]),
        supports.lbaMax - ROOM,
      ),
    );

  it("carries each block of any request once, in order, within the limits", () =>
    forEachSeed(options, RANDOM_CASES, async (random) => {
      const queue = await randomQueue(options, random);
      const sources = randomSources(random, supports.lbaMax, devicesOf(queue));
      planned(queue, sources, destinationOf(random));
    }));

  it("goes on from any cursor, wherever window and cursor stand", () =>
    forEachSeed(options, RANDOM_CASES, async (random) => {
      const queue = await randomQueue(options, random);
      const sources = randomSources(random, supports.lbaMax, devicesOf(queue));
      const firstRange = random.below(sources.length);
      const firstOffset = random.below(sources[firstRange].blocks);
      const destination = destinationOf(random);
      const place = { firstRange, firstOffset, base: random.below(9), cursorAt: random.below(5) };
      const commands = planAll(queue, sources, destination, place);
      const asked = segmentsAsked(sources, destination, firstRange, firstOffset);
      checkPlan(commands, asked, queue.opened.bounds);
    }));
}

/** All of queue memory, so that it can be put back. */
function snapshot({ memory }: QueueUnderTest): () => void {
  const { commands, lists, completions, generation } = memory;
  const parts = [commands, lists, completions, generation];
  const copies = parts.map((one) => one.slice());
  return () => {
    parts.forEach((one, at) => {
      one.set(copies[at]);
    });
  };
}

function slots(options: CommandSetSuiteOptions): void {
  const { it } = options;

  it("touches no slot but the one it is told", async () => {
    const queue = await openQueue(options, small);
    const { memory } = queue;
    encodeNext(queue, 0, 70, windowOf([source(5, 3)]), 1, new Int32Array(CURSOR_WORDS));
    encodeNext(queue, 2, 90, windowOf([source(8, 2)]), 1, new Int32Array(CURSOR_WORDS));
    const others = [0, 2].flatMap((slot) => [memory.commandBytes[slot], memory.listBytes[slot]]);
    const before = others.map((bytes) => bytes.slice());
    encodeNext(queue, 1, 500, windowOf(sourcesOf(4, 1)), 4, new Int32Array(CURSOR_WORDS));
    queue.encoder.read(1, 0, 1, 0, 1);
    others.forEach((bytes, at) => {
      checkBytes(bytes, before[at], "memory of another slot");
    });
  });

  it("leaves no trace of a slot's earlier command", async () => {
    const queue = await openQueue(options, small, 1);
    const one = [source(5, 3)];
    for (let round = 0; round < 3; round += 1) {
      planned(queue, sourcesOf(20, 7), 9000);
      queue.encoder.write(0, 0, -1, 0, 1);
      planned(queue, one, 64);
      queue.encoder.flush(0, 0);
    }
    checkSame(planned(queue, one, 64), 1, "commands for one range");
  });

  it("understands its memory when it is put back to an earlier state", async () => {
    const queue = await openQueue(options, small, 1);
    const restore = snapshot(queue);
    const sources = sourcesOf(9, 3);
    const first = planAll(queue, sources, 700);
    queue.encoder.read(0, 0, 3, 0, 1);
    restore();
    const again = planAll(queue, sources, 700);
    checkSame(again, first, "the same request after memory was put back");
  });

  it("has room for its longest list", async () => {
    const queue = await openQueue(options, small);
    const { listBytes } = queue.opened.set.layout;
    planAll(queue, sourcesOf(40, 1), 500);
    for (let slot = 0; slot < queue.memory.depth; slot += 1) {
      check(queue.encoder.listBytesOf(slot) <= listBytes, "a list beyond its part of memory");
    }
  });
}

/** From requests to commands: each block once, in order, within the limits. */
export function planning(options: CommandSetSuiteOptions): void {
  limits(options);
  anyRequest(options);
  options.describe("slots", () => slots(options));
}
