import {
  COMMAND_CONTINUES,
  type CommandEncoder,
  type CommandSet,
  type QueueMemory,
} from "@blockferry/core";
import { CURSOR_RANGE, CURSOR_WORDS, RANGE_WORDS } from "@blockferry/core/plan";
import {
  extendedCopyCommandSet,
  openScsiTarget,
  tokenCopyCommandSet,
} from "@blockferry/device-scsi";
import { scsiModel } from "@blockferry/device-scsi/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import { cpuRate } from "../measure/cpu-rate.ts";
import { queueMemory } from "../workload/queue-memory.ts";
import { RandomWords } from "../workload/random-words.ts";

export const copyForms = ["lid1", "lid4", "token"] as const;
export type CopyForm = (typeof copyForms)[number];

/** Plan, encode and complete EXTENDED COPY commands or token copies, in a process of its own. */
export interface SegmentsCase {
  readonly kind: "segments";
  readonly form: CopyForm;
  /** Segments, or ranges, of one copy. */
  readonly segments: number;
  readonly seconds: number;
}

export interface RateFigures {
  readonly operations: number;
  readonly cpuSeconds: number;
}

const BLOCKS_EACH = 8;
/** Copies between two looks at the clock. */
const STEP = 256;
const MOVED_AT = 4;
const UNIT_BYTES = 2 ** 40;

function setOf(form: CopyForm): CommandSet {
  if (form === "token") return tokenCopyCommandSet({ rangesMax: 256 });
  return extendedCopyCommandSet({ listFormat: form });
}

/** An encoder in front of one unit of a target without limits that would cut. */
async function encoderOf(
  form: CopyForm,
): Promise<{ encoder: CommandEncoder; memory: QueueMemory }> {
  const model = scsiModel({
    units: [{ store: memoryStore({ bytes: UNIT_BYTES }) }],
    tokens: { rangesMax: 256 },
  });
  const target = await openScsiTarget(memoryTransport(model, { turn: "inline" }));
  const set = setOf(form);
  const memory = queueMemory(set, 1);
  const encoder = set.open(memory, 1);
  const { units } = form === "token" ? target.tokenCopy : target.extendedCopy;
  encoder.bind(0, units[0]);
  return { encoder, memory };
}

/** Reports as a device gives them that did all it was asked for: of the token, and of the write. */
function reportsOf(blocks: number): readonly [token: Uint8Array, written: Uint8Array] {
  const token = new Uint8Array(32 + 4 + 514);
  const view = new DataView(token.buffer);
  view.setUint32(0, token.length - 4);
  token.set([0x10, 0x01], 4);
  token[15] = 0xf1;
  view.setUint32(20, blocks);
  view.setUint32(32, 514);
  const written = token.slice(0, 32);
  written[4] = 0x11;
  new DataView(written.buffer).setUint32(0, written.length - 4);
  return [token, written];
}

/** Answers every command in the slot as carried out until the copy has ended. */
function answer(
  encoder: CommandEncoder,
  completion: Uint8Array,
  reports: readonly Uint8Array[],
): void {
  for (let asked = 0; ; ) {
    completion[0] = 0;
    const reply = encoder.replyOf?.(0);
    if (reply !== undefined) {
      const report = reports[asked++];
      reply.set(report);
      completion[MOVED_AT + 2] = report.length >>> 8;
      completion[MOVED_AT + 3] = report.length & 0xff;
    }
    const value = encoder.interpret(0);
    if (value === COMMAND_CONTINUES) continue;
    if (value !== 0) throw new Error("a success was not taken as one");
    return;
  }
}

/** Runs one case: operations are segments. */
export async function runSegmentsCase(options: SegmentsCase): Promise<RateFigures> {
  const { form, segments, seconds } = options;
  const { encoder, memory } = await encoderOf(form);
  const window = new Int32Array(segments * RANGE_WORDS);
  for (let i = 0; i < segments; i++) window[i * RANGE_WORDS + 3] = BLOCKS_EACH;
  const cursor = new Int32Array(CURSOR_WORDS);
  const random = new RandomWords(12345);
  const reports = reportsOf(segments * BLOCKS_EACH);
  const [completion] = memory.completionBytes;

  function step(): void {
    for (let copy = 0; copy < STEP; copy++) {
      const word = random.next() & 0x3fff_ffff;
      for (let i = 0; i < segments; i++) window[i * RANGE_WORDS + 1] = word + i * 2 * BLOCKS_EACH;
      cursor[0] = 0;
      cursor[1] = 0;
      while (cursor[CURSOR_RANGE] < segments) {
        memory.generation[0]++;
        encoder.copy(0, 0, word | 0x4000_0000, 0, window, 0, segments, cursor, 0);
        answer(encoder, completion, reports);
      }
    }
  }
  return cpuRate(step, STEP * segments, { warmUp: seconds, measured: seconds });
}
