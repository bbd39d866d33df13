import { join } from "node:path";
import { type BottomDevice, copy } from "@blockferry/block";
import type { RangeList, Store } from "@blockferry/core";
import { fileStore } from "@blockferry/store-file";
import { memoryStore } from "@blockferry/store-memory";
import { type StrategyName, strategies } from "../cases/strategies.ts";
import { cpuSeconds } from "../measure/cpu-rate.ts";
import { type Contestant, interleave } from "../measure/rounds.ts";
import { fileSystemOf, temporaryFolder } from "../place/temporary-folder.ts";
import { row } from "../report/document.ts";
import { BYTES_PER_BLOCK, modelDevice } from "../workload/model-device.ts";
import { RandomWords } from "../workload/random-words.ts";
import type { Part, PartContext } from "./part.ts";

const MiB = 2 ** 20;
/** Blocks that extents are taken from; every one is labelled. */
const SOURCE_BLOCKS = 65_536;

/** Extents of one block each, anywhere in the source blocks. */
function scattered(count: number): RangeList {
  const random = new RandomWords(4242);
  const list: RangeList = {
    low: new Int32Array(count),
    high: new Int32Array(count),
    blocks: new Int32Array(count).fill(1),
    count,
  };
  for (let i = 0; i < count; i++) list.low[i] = (random.next() >>> 0) % SOURCE_BLOCKS;
  return list;
}

function writeLabels(store: Store): void {
  const piece = new Int32Array(MiB / 4);
  const blocksInPiece = MiB / BYTES_PER_BLOCK;
  for (let block = 0; block < SOURCE_BLOCKS; block += blocksInPiece) {
    for (let i = 0; i < blocksInPiece; i++) {
      piece.fill(block + i + 1, (i * BYTES_PER_BLOCK) / 4, ((i + 1) * BYTES_PER_BLOCK) / 4);
    }
    store.write(block * BYTES_PER_BLOCK, new Uint8Array(piece.buffer));
  }
}

/** Throws unless the destination holds the labels of the extents; looks at every block's first word. */
function requireGathered(store: Store, list: RangeList): void {
  const words = new Int32Array(1);
  const bytes = new Uint8Array(words.buffer);
  for (let i = 0; i < list.count; i++) {
    store.read((SOURCE_BLOCKS + i) * BYTES_PER_BLOCK, bytes);
    if (words[0] !== (list.low[i] ?? 0) + 1) throw new Error(`extent ${i} is not in its place`);
  }
}

/** CPU seconds for the same moves by plain reads and writes of the store: what a host does that reads and writes itself. */
function byHand(store: Store, list: RangeList): number {
  const buffer = new Uint8Array(BYTES_PER_BLOCK);
  const start = cpuSeconds();
  for (let i = 0; i < list.count; i++) {
    store.read((list.low[i] ?? 0) * BYTES_PER_BLOCK, buffer);
    store.write((SOURCE_BLOCKS + i) * BYTES_PER_BLOCK, buffer);
  }
  return cpuSeconds() - start;
}

async function gathered(
  device: BottomDevice,
  list: RangeList,
  name: StrategyName,
): Promise<number> {
  const strategy = strategies[name]();
  const request = { sources: list, destination: SOURCE_BLOCKS };
  const start = cpuSeconds();
  const result = await copy(device, request, { strategy });
  const used = cpuSeconds() - start;
  if (result.status !== "success" || result.bytesThroughHost !== 0) {
    throw new Error(`gathering ended with ${result.status}`);
  }
  return used;
}

async function measure(
  { add, progress }: PartContext,
  store: Store,
  what: string,
  list: RangeList,
  names: readonly StrategyName[],
  rounds: number,
): Promise<void> {
  progress(`gathering in ${what}`);
  const bytes = list.count * BYTES_PER_BLOCK;
  const clean = (used: number): number => {
    requireGathered(store, list);
    store.deallocate(SOURCE_BLOCKS * BYTES_PER_BLOCK, bytes);
    return used;
  };
  writeLabels(store);
  const { device, close } = await modelDevice(store, true);
  try {
    const contestants: Record<string, Contestant> = { byHand: () => clean(byHand(store, list)) };
    for (const name of names) {
      contestants[name] = async () => clean(await gathered(device, list, name));
    }
    const { medians, ratio } = await interleave(contestants, rounds);
    for (const name of names) {
      add(
        row({
          part: `gather ${list.count} extents of 4 KiB`,
          what: `${what}, ${name}`,
          unit: "CPU s",
          ours: medians[name] as number,
          peerName: "reads and writes of the store, no device",
          peer: medians.byHand as number,
          ratio: ratio("byHand", name),
          note: `${(list.count / (medians[name] as number) / 1000).toFixed(0)} k extents/CPU s`,
        }),
      );
    }
  } finally {
    await close();
  }
}

/** Very many small extents to one place. */
export const gather: Part = {
  name: "gather",
  title: "a million 4 KiB extents gathered into one destination, memory and file store",
  async run(context) {
    const list = scattered(context.quick ? 100_000 : 1_000_000);
    const bytes = (SOURCE_BLOCKS + list.count) * BYTES_PER_BLOCK;
    const rounds = context.quick ? context.rounds : 1;
    const memory = memoryStore({ bytes });
    await measure(context, memory, "memory store", list, ["source-list", "list-token"], rounds);
    memory.close();
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, "disk.img");
      const store = fileStore({ path, create: { bytes } });
      try {
        const what = `file store on ${fileSystemOf(folder.path)}`;
        await measure(context, store, what, list, ["source-list"], 1);
      } finally {
        store.close();
      }
    } finally {
      folder.remove();
    }
  },
};
