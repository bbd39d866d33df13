// What the conformance suite of models needs to know of ATA: FISes by the codec, lists byte by byte as a profile has them.
import type {
  EmptyRangeRule,
  ModelAnswer,
  ModelSuiteOptions,
  OverlapRule,
  RawCommand,
  UnitRange,
} from "@blockferry/conformance/model";
import { defaultProfile, type TaskFile, taskFileFis } from "../../src/codec/index.ts";
import { ataModel } from "../../src/model/index.ts";
import { wordsProfile } from "./profiles.ts";

const [READ, WRITE] = [0x25, 0x35];

/** A list of a profile: its entries are of so many bytes, with the sectors at `blocksAt`. */
function listOf(sources: readonly UnitRange[], bytesEach: number, head: number, blocksAt: number) {
  const bytes = head + sources.length * bytesEach;
  const list = new Uint8Array(Math.ceil(bytes / 512) * 512);
  const view = new DataView(list.buffer);
  sources.forEach(({ lba, blocks }, index) => {
    const at = head + index * bytesEach;
    view.setUint32(at, lba % 2 ** 32, true);
    view.setUint16(at + 4, Math.floor(lba / 2 ** 32), true);
    view.setUint16(at + blocksAt, blocks, true);
  });
  return { list, view };
}

interface Gathered {
  readonly taskFile: TaskFile;
  readonly list: Uint8Array;
}

function gatheredByPages(lba: number, sources: readonly UnitRange[]): Gathered {
  const { list } = listOf(sources, 8, 0, 6);
  return { taskFile: { command: 0x66, lba, count: list.length / 512 }, list };
}

function gatheredByWords(lba: number, sources: readonly UnitRange[]): Gathered {
  const { list, view } = listOf(sources, 16, 16, 8);
  view.setUint8(0, 0xbf);
  view.setUint32(4, sources.length, true);
  view.setUint32(
    8,
    sources.reduce((sum, { blocks }) => sum + blocks, 0),
    true,
  );
  const feature = list.length / 512;
  return { taskFile: { command: 0x69, lba, count: sources.length, feature }, list };
}

interface Variant {
  readonly profile: typeof defaultProfile;
  readonly gathered: typeof gatheredByPages;
  readonly overlap: OverlapRule;
  readonly emptyRanges: EmptyRangeRule;
}

const variants: Readonly<Record<string, Variant>> = {
  [defaultProfile.id]: {
    ...{ profile: defaultProfile, gathered: gatheredByPages },
    ...{ overlap: "refused", emptyRanges: "taken" },
  },
  [wordsProfile.id]: {
    ...{ profile: wordsProfile, gathered: gatheredByWords },
    ...{ overlap: "in-order", emptyRanges: "refused" },
  },
};

export const modelVariants: readonly string[] = Object.keys(variants);

/** IDENTIFY DEVICE, READ LOG EXT, transfers of all kinds, DATA SET MANAGEMENT, ZERO EXT, FLUSH CACHE EXT, power modes. */
function examplesOf(bytes: number, { gathered }: Variant): RawCommand[] {
  const of = (
    taskFile: TaskFile,
    data: Omit<RawCommand, "queue" | "command"> = {},
  ): RawCommand => ({
    ...{ queue: "io", command: taskFileFis(taskFile), ...data },
  });
  const { list: trimmed } = listOf([{ unit: 0, lba: 5, blocks: 2 }], 8, 0, 6);
  const { taskFile, list } = gathered(60, [{ unit: 0, lba: 5, blocks: 2 }]);
  return [
    of({ command: 0xec }, { dataInBytes: 512 }),
    of({ command: 0x2f, lba: 0x30, count: 1 }, { dataInBytes: 512 }),
    of({ command: READ, lba: 5, count: 2 }, { dataInBytes: 2 * bytes }),
    of({ command: WRITE, lba: 5, count: 2 }, { dataOut: new Uint8Array(2 * bytes) }),
    of({ command: 0x60, lba: 5, count: 8, feature: 2 }, { dataInBytes: 2 * bytes }),
    of({ command: 0x61, lba: 5, count: 8, feature: 2 }, { dataOut: new Uint8Array(2 * bytes) }),
    of({ command: 0x06, feature: 1, count: 1 }, { dataOut: trimmed }),
    of({ command: 0x44, lba: 5, count: 2 }),
    of({ command: 0xea }),
    of({ command: 0xe5 }),
    of(taskFile, { dataOut: list }),
  ];
}

export function modelDriver(name: string): Omit<ModelSuiteOptions, "describe" | "it"> {
  const variant = variants[name];
  const { profile, gathered, overlap, emptyRanges } = variant;
  return {
    supports: {
      ...{ units: 1, crossUnit: false, overlap, emptyRanges },
      ...{ refusals: "at-once", repeatsSources: true },
    },
    open({ stores: [store], bytesPerBlock, limits }) {
      const { rangesMax = 31, rangeBlocksMax = 65_535, blocksMax = 1_000_000 } = limits;
      const own = { entries: rangesMax, blocksPerEntry: rangeBlocksMax, blocks: blocksMax };
      const bytesPerSector = bytesPerBlock === 4096 ? 4096 : 512;
      const model = ataModel({ store, bytesPerSector, profile, limits: own });
      const completion = new Uint8Array(20);
      const send = (taskFile: TaskFile, out?: Uint8Array, into?: Uint8Array): ModelAnswer => {
        const outcome = model.execute("io", taskFileFis(taskFile), out, into, completion);
        const [, , status, error] = completion;
        // DF and ERR (ACS-4, 6.2).
        const ok = outcome === "completed" && (status & 0x21) === 0;
        return { outcome, ok, status: `STATUS ${status.toString(16)}h, ERROR ${error}` };
      };
      return {
        ...{ model, limits, examples: examplesOf(bytesPerBlock, variant) },
        read: (_unit, lba, data) =>
          send({ command: READ, lba, count: data.length / bytesPerBlock }, undefined, data),
        write: (_unit, lba, data) =>
          send({ command: WRITE, lba, count: data.length / bytesPerBlock }, data),
        copy(_unit, lba, sources) {
          const { taskFile, list } = gathered(lba, sources);
          return send(taskFile, list);
        },
        resetWithin: (blocks) =>
          model.inject({ kind: "reset", command: profile.command, afterBlocks: blocks }),
      };
    },
  };
}
