import { CURSOR_BLOCKS, CURSOR_RANGE, CURSOR_WORDS, RANGE_WORDS } from "@blockferry/core/plan";
import { nvmeCommandSet } from "@blockferry/device-nvme";
import { Checksum } from "../workload/checksum.ts";
import { BATCH, CHECKED, type CopyLoad, DEPTH } from "../workload/copy-load.ts";
import { nullNamespace } from "../workload/null-namespace.ts";
import { writeSuccess } from "../workload/null-transport.ts";
import { queueMemory } from "../workload/queue-memory.ts";
import { DESTINATION_MASK, RANGE_STEP, RandomWords } from "../workload/random-words.ts";
import type { CopyRunner } from "./whole-path.ts";

const COPIES = 1024;

/** Plan, encode and complete alone: the command set's encoder with the least of a queue around it. */
export function planEncode(load: CopyLoad): CopyRunner {
  const set = nvmeCommandSet();
  const memory = queueMemory(set, DEPTH);
  const encoder = set.open(memory, 1);
  encoder.bind(0, nullNamespace(load));
  const { commands, completions, generation, commandBytes, listBytes } = memory;
  const { ranges, blocks } = load;
  const window = new Int32Array(ranges * RANGE_WORDS);
  for (let i = 0; i < ranges; i++) window[i * RANGE_WORDS + 3] = blocks;
  const cursor = new Int32Array(CURSOR_WORDS);
  const unused = Int32Array.from({ length: DEPTH }, (_, i) => DEPTH - 1 - i);
  let unusedCount = DEPTH;
  const owner = new Int32Array(DEPTH);
  const left = new Int32Array(COPIES);
  const pending = new Int32Array(DEPTH);
  let pendingCount = 0;
  let ended = 0;
  const random = new RandomWords(12345);
  let checksum: Checksum | undefined;

  function submit(copy: number, lowAt: number, high: number): void {
    let low = lowAt;
    cursor[0] = 0;
    cursor[1] = 0;
    while (cursor[CURSOR_RANGE] < ranges) {
      const slot = unused[--unusedCount];
      owner[slot] = copy;
      left[copy]++;
      const count = encoder.copy(slot, 0, low, high, window, 0, ranges, cursor, 0);
      generation[slot]++;
      pending[pendingCount++] = slot;
      const moved = (low + cursor[CURSOR_BLOCKS]) | 0;
      if (moved >>> 0 < low >>> 0) high++;
      low = moved;
      if (checksum !== undefined) {
        checksum.add(commandBytes[slot], 64);
        checksum.add(listBytes[slot], count * 32);
      }
    }
  }

  function complete(): void {
    const count = pendingCount;
    pendingCount = 0;
    for (let i = 0; i < count; i++) writeSuccess(commands, completions, pending[i], i);
    for (let i = 0; i < count; i++) {
      const slot = pending[i];
      if (encoder.interpret(slot) !== 0) throw new Error("a success was not taken as one");
      unused[unusedCount++] = slot;
      if (--left[owner[slot]] === 0) ended++;
    }
  }

  function run(copies: number): void {
    const before = ended;
    for (let copy = 0; copy < copies; copy++) {
      const word = random.next();
      const upper = word & 0xffff;
      for (let i = 0; i < ranges; i++) {
        const at = i * RANGE_WORDS;
        window[at + 1] = (word + Math.imul(i, RANGE_STEP)) | 0;
        window[at + 2] = upper;
      }
      submit(copy % COPIES, word ^ DESTINATION_MASK, word >>> 16);
      if (copy % BATCH === BATCH - 1) complete();
    }
    complete();
    if (ended - before !== copies) throw new Error("a copy did not end");
  }

  return {
    run,
    checksum() {
      checksum = new Checksum();
      run(CHECKED);
      const sum = checksum.toString();
      checksum = undefined;
      return sum;
    },
  };
}
