import { openAtaDevice, planWriteGathered } from "@blockferry/device-ata";
import { ataModel } from "@blockferry/device-ata/model";
import { scsiModel } from "@blockferry/device-scsi/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import { cpuRate } from "../measure/cpu-rate.ts";
import { RandomWords } from "../workload/random-words.ts";
import {
  askToken,
  extendedCopy,
  populate,
  sender,
  TOKEN_AT,
  TOKEN_BYTES,
  unitNaa,
  writeToken,
} from "../workload/scsi-commands.ts";
import type { RateFigures } from "./segments-case.ts";

export const modelLoads = [
  "lid1",
  "lid4",
  "write using token",
  "write gathered",
  "large lid1",
  "large write using token",
  "large write gathered",
  "buffer copy",
  "tokens",
] as const;
export type ModelLoad = (typeof modelLoads)[number];

/** Commands that an emulated device carries out, in a process of its own. */
export interface ModelCase {
  readonly kind: "model";
  readonly load: ModelLoad;
  /** Tokens that are live meanwhile; of the load `tokens`. */
  readonly live?: number;
  readonly seconds: number;
}

const SMALL_BLOCKS = 8;
const UNIT_BYTES = 2 ** 28;
const UNIT_BLOCKS = UNIT_BYTES / 512;
const HALF = UNIT_BLOCKS / 2;
/** 64 MiB, in segments that one NUMBER OF BLOCKS can say. */
const LARGE_BLOCKS = 2 ** 17;
const LARGE_BYTES = LARGE_BLOCKS * 512;
const SEGMENT_BLOCKS = 2 ** 15;
const STEP = 512;

/** What a load does, and how many operations that is. */
interface Work {
  readonly operations: number;
  step(): void;
}

/** A store whose pages are all there, as those of a disk are. */
function filledStore() {
  const store = memoryStore({ bytes: UNIT_BYTES });
  const piece = new Uint8Array(2 ** 20).fill(7);
  for (let at = 0; at < UNIT_BYTES; at += piece.length) store.write(at, piece);
  return store;
}

const targetOf = (store = filledStore(), profile: "ideal" | "ctl" = "ideal") =>
  scsiModel({ units: [{ store, naa: unitNaa }], profile });

/** Writes a number below 2^32 into the lower half of a field of eight bytes. */
function putLow(bytes: Uint8Array, at: number, value: number): void {
  bytes[at + 4] = value >>> 24;
  bytes[at + 5] = value >>> 16;
  bytes[at + 6] = value >>> 8;
  bytes[at + 7] = value;
}

/** Addresses of small copies: sources in the lower half, destinations in the upper. */
function places(): { next(): number } {
  const random = new RandomWords(12345);
  return { next: () => (random.next() >>> 8) % (HALF - SMALL_BLOCKS) };
}

function smallExtendedCopies(form: "lid1" | "lid4"): Work {
  const send = sender(targetOf());
  const { command, list, at } = extendedCopy(form, [{ from: 0, to: 0, blocks: SMALL_BLOCKS }]);
  const place = places();
  return {
    operations: STEP,
    step() {
      for (let i = 0; i < STEP; i++) {
        putLow(list, at, place.next());
        putLow(list, at + 8, HALF + place.next());
        send(command, list);
      }
    },
  };
}

/** A token of these blocks from LBA 0 on. */
function tokenOf(send: ReturnType<typeof sender>, blocks: number): Uint8Array {
  const { command, list } = populate(1, 0, blocks);
  send(command, list);
  const report = new Uint8Array(1024);
  send(askToken(1), undefined, report);
  return report.slice(TOKEN_AT, TOKEN_AT + TOKEN_BYTES);
}

function tokenWrites(blocks: number, times: number): Work {
  const send = sender(targetOf());
  const { command, list } = writeToken(2, tokenOf(send, blocks), HALF, blocks, false);
  const at = list.length - 16;
  const place = places();
  return {
    operations: times,
    step() {
      for (let i = 0; i < times; i++) {
        if (times > 1) putLow(list, at, HALF + place.next());
        send(command, list);
      }
    },
  };
}

async function gatheredWrites(blocks: number, times: number): Promise<Work> {
  const model = ataModel({ store: filledStore() });
  const disk = await openAtaDevice(memoryTransport(model, { turn: "inline" }));
  const sources = [{ lba: 0, blocks }];
  const { commands } = planWriteGathered(disk, { sources, destination: HALF });
  const completion = new Uint8Array(model.completionBytes);
  const place = places();
  return {
    operations: times,
    step() {
      for (let i = 0; i < times; i++) {
        for (const { fis, list } of commands) {
          if (times > 1) {
            const lba = HALF + place.next();
            fis[4] = lba;
            fis[5] = lba >>> 8;
            fis[6] = lba >>> 16;
          }
          model.execute("io", fis, list, undefined, completion);
          if ((completion[2] & 0x21) !== 0) throw new Error("a command was refused");
        }
      }
    },
  };
}

function largeExtendedCopy(): Work {
  const send = sender(targetOf());
  const segments = Array.from({ length: LARGE_BLOCKS / SEGMENT_BLOCKS }, (_, i) => ({
    from: i * SEGMENT_BLOCKS,
    to: HALF + i * SEGMENT_BLOCKS,
    blocks: SEGMENT_BLOCKS,
  }));
  const { command, list } = extendedCopy("lid1", segments);
  return { operations: LARGE_BYTES, step: () => send(command, list) };
}

function bufferCopy(): Work {
  const source = Buffer.alloc(LARGE_BYTES, 7);
  const target = Buffer.alloc(LARGE_BYTES, 1);
  return { operations: LARGE_BYTES, step: () => void source.copy(target) };
}

const inBytes = (work: Work): Work => ({ ...work, operations: LARGE_BYTES });

/** Tokens are made, looked up, spent and deleted while so many others are live. */
function tokenLife(live: number): Work {
  const send = sender(targetOf(memoryStore({ bytes: UNIT_BYTES })));
  for (let i = 0; i < live; i++) {
    const { command, list } = populate(i + 16, (i * SMALL_BLOCKS) % HALF, SMALL_BLOCKS);
    send(command, list);
  }
  const asked = populate(1, 0, SMALL_BLOCKS);
  const at = asked.list.length - 16;
  const report = new Uint8Array(1024);
  const ask = askToken(1);
  const write = writeToken(2, new Uint8Array(TOKEN_BYTES), HALF, SMALL_BLOCKS, true);
  const place = places();
  const times = STEP / 4;
  return {
    operations: times,
    step() {
      for (let i = 0; i < times; i++) {
        putLow(asked.list, at, place.next());
        send(asked.command, asked.list);
        send(ask, undefined, report);
        write.list.set(report.subarray(TOKEN_AT, TOKEN_AT + TOKEN_BYTES), 16);
        send(write.command, write.list);
      }
    },
  };
}

async function workOf({ load, live = 0 }: ModelCase): Promise<Work> {
  switch (load) {
    case "lid1":
    case "lid4":
      return smallExtendedCopies(load);
    case "write using token":
      return tokenWrites(SMALL_BLOCKS, STEP);
    case "write gathered":
      return gatheredWrites(SMALL_BLOCKS, STEP);
    case "large lid1":
      return largeExtendedCopy();
    case "large write using token":
      return inBytes(tokenWrites(LARGE_BLOCKS, 1));
    case "large write gathered":
      return inBytes(await gatheredWrites(LARGE_BLOCKS, 1));
    case "buffer copy":
      return bufferCopy();
    case "tokens":
      return tokenLife(live);
  }
}

/** Runs one case: operations are commands, copied bytes, or lives of tokens. */
export async function runModelCase(options: ModelCase): Promise<RateFigures> {
  const { operations, step } = await workOf(options);
  const { seconds } = options;
  return cpuRate(step, operations, { warmUp: seconds, measured: seconds });
}
