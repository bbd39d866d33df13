import { sourceRange0, sourceRange1 } from "../codec/source-range.ts";
import { copyFields, rangeFields, readBits, readLong, readWord } from "./command-words.ts";
import type { Namespace } from "./namespace.ts";

const RANGES_MAX = 256;
const ENTRY_BYTES: number = sourceRange0.size;
export const WIDE_ENTRY_BYTES: number = sourceRange1.size;

/** A Copy command on its way: one of these per model, filled anew by each command. */
export interface CopyJob {
  /** The destination namespace. */
  destination: Namespace;
  sdlba: number;
  format: number;
  ranges: number;
  entryBytes: number;
  prinfor: number;
  prinfow: number;
  checksSourceStorageTag: boolean;
  checksDestinationStorageTag: boolean;
  fua: boolean;
  /** The list, copied; as bytes and as words. */
  readonly list: Uint8Array;
  readonly listWords: Int32Array;
  /** Per range. */
  readonly snsid: Float64Array;
  readonly sources: (Namespace | undefined)[];
  readonly lba: Float64Array;
  readonly blocks: Int32Array;
  readonly fastCopyOnly: Uint8Array;
  totalBlocks: number;
  /** Blocks written so far. */
  moved: number;
  /** Blocks after which the controller fails; -1: it does not. */
  budget: number;
  /** The budget ended before the range did. */
  isCut: boolean;
}

export function copyJob(): CopyJob {
  const list = new Uint8Array(RANGES_MAX * WIDE_ENTRY_BYTES);
  return {
    destination: undefined as unknown as Namespace,
    sdlba: 0,
    format: 0,
    ranges: 0,
    entryBytes: ENTRY_BYTES,
    prinfor: 0,
    prinfow: 0,
    checksSourceStorageTag: false,
    checksDestinationStorageTag: false,
    fua: false,
    list,
    listWords: new Int32Array(list.buffer),
    snsid: new Float64Array(RANGES_MAX),
    sources: new Array<Namespace | undefined>(RANGES_MAX).fill(undefined),
    lba: new Float64Array(RANGES_MAX),
    blocks: new Int32Array(RANGES_MAX),
    fastCopyOnly: new Uint8Array(RANGES_MAX),
    totalBlocks: 0,
    moved: 0,
    budget: -1,
    isCut: false,
  };
}

export const isCrossNamespace = (format: number): boolean => format === 2 || format === 3;
export const isWideFormat = (format: number): boolean => format === 1 || format === 3;

/** Takes the command's own fields. */
export function readCopyCommand(
  job: CopyJob,
  words: Int32Array,
  destination: Namespace,
  formats: readonly number[],
): void {
  job.destination = destination;
  job.sdlba = readLong(words, copyFields.sdlbaDword);
  job.ranges = readBits(words, 0, copyFields.nr) + 1;
  job.format = readBits(words, 0, copyFields.desfmt);
  job.entryBytes =
    isWideFormat(job.format) && formats.includes(job.format) ? WIDE_ENTRY_BYTES : ENTRY_BYTES;
  job.prinfor = readBits(words, 0, copyFields.prinfor);
  job.prinfow = readBits(words, 0, copyFields.prinfow);
  job.checksSourceStorageTag = readBits(words, 0, copyFields.stcr) === 1;
  job.checksDestinationStorageTag = readBits(words, 0, copyFields.stcw) === 1;
  job.fua = readBits(words, 0, copyFields.fua) === 1;
  job.totalBlocks = 0;
  job.moved = 0;
  job.isCut = false;
}

/**
 * Takes the list, which is long enough. `rereads`: once a range has named another namespace, ranges that name the
 * destination's read that one too.
 */
export function readCopyList(
  job: CopyJob,
  list: Uint8Array,
  namespaces: readonly (Namespace | undefined)[],
  rereads: boolean,
): void {
  job.list.set(list);
  const { destination, listWords } = job;
  const entryWords = job.entryBytes >> 2;
  const named = isCrossNamespace(job.format);
  let own = destination;
  let total = 0;
  for (let range = 0, at = 0; range < job.ranges; range += 1, at += entryWords) {
    const blocks = readBits(listWords, at, rangeFields.nlb) + 1;
    job.lba[range] = readLong(listWords, at + rangeFields.slbaDword);
    job.blocks[range] = blocks;
    job.sources[range] = own;
    job.snsid[range] = destination.nsid;
    job.fastCopyOnly[range] = 0;
    if (named) {
      const snsid = readWord(listWords, at + rangeFields.snsidDword);
      job.snsid[range] = snsid;
      job.fastCopyOnly[range] = readBits(listWords, at, rangeFields.fastCopyOnly);
      if (snsid !== destination.nsid) {
        const source = namespaces[snsid];
        job.sources[range] = source;
        if (rereads && source !== undefined) own = source;
      }
    }
    total += blocks;
  }
  job.totalBlocks = total;
}
