import type { CopySpan } from "@blockferry/block";
import { joinWords, type RangeList } from "@blockferry/core";
import type { VerificationPart } from "../schema/copy-document.ts";
import { type Breath, breath } from "./breath.ts";
import { copiedRuns } from "./copied-blocks.ts";
import {
  digest,
  digestBlocks,
  digestChunks,
  isDigestAt,
  type SourceChunks,
  sourceChunks,
} from "./digests.ts";
import type { BlockRead } from "./raw-reader.ts";

const GUARD_BYTES = 1 << 20;

export interface VerifyRequest {
  readonly sources: RangeList;
  readonly destination: number;
  readonly bytesPerBlock: number;
  /** Of the device of the destination. */
  readonly capacityBlocks: number;
  /** Reads the device's blocks past the copy's own path. */
  readonly read: BlockRead;
  /** Reads those of the device of the destination, where it is another one. */
  readonly readDestination?: BlockRead | undefined;
}

/** A look at the blocks before a copy, to be compared with one after it. */
export interface Verification {
  check(spans: readonly CopySpan[]): Promise<VerificationPart>;
}

interface Guard {
  readonly lba: number;
  readonly blocks: number;
  readonly before: Uint8Array;
}

function destinationReader({ read, readDestination = read }: VerifyRequest): BlockRead {
  return readDestination;
}

function guardsOf(request: VerifyRequest, blocks: number): Guard[] {
  const { destination, capacityBlocks, bytesPerBlock } = request;
  const read = destinationReader(request);
  const guardBlocks = Math.ceil(GUARD_BYTES / bytesPerBlock);
  const end = destination + blocks;
  const below = Math.max(0, destination - guardBlocks);
  const places = [
    { lba: below, blocks: destination - below },
    { lba: end, blocks: Math.min(guardBlocks, capacityBlocks - end) },
  ];
  return places
    .filter((place) => place.blocks > 0)
    .map((place) => ({
      ...place,
      before: digestBlocks(read, place.lba, place.blocks, bytesPerBlock),
    }));
}

function overlaps(request: VerifyRequest, blocks: number): boolean {
  const { sources, destination, readDestination } = request;
  // A copy between devices that share blocks is refused before anything moves.
  if (readDestination !== undefined) return false;
  for (let i = 0; i < sources.count; i++) {
    const lba = joinWords(sources.low[i], sources.high[i]);
    if (lba < destination + blocks && destination < lba + sources.blocks[i]) return true;
  }
  return false;
}

interface Differences {
  compared: number;
  different: number;
  first: number | undefined;
}

function noteDifferent(found: Differences, lba: number, blocks: number): void {
  found.different += blocks;
  found.first ??= lba;
}

/** Compares block by block: where the source still is, each difference has an address. */
function compareBlocks(
  request: VerifyRequest,
  expected: Uint8Array,
  actual: Uint8Array,
  lba: number,
  found: Differences,
): void {
  const { bytesPerBlock } = request;
  for (let at = 0; at < expected.length; at += bytesPerBlock) {
    const a = expected.subarray(at, at + bytesPerBlock);
    const b = actual.subarray(at, at + bytesPerBlock);
    if (Buffer.compare(a, b) !== 0) noteDifferent(found, lba + at / bytesPerBlock, 1);
  }
}

/** Sources are where they were: compare them with the destination, and both with the look before. */
async function compareWithSources(
  request: VerifyRequest,
  chunks: SourceChunks,
  before: Uint8Array,
  spans: readonly CopySpan[],
): Promise<{ found: Differences; isChanged: boolean }> {
  const { bytesPerBlock, destination } = request;
  const read = destinationReader(request);
  const found: Differences = { compared: 0, different: 0, first: undefined };
  const buffer = new Uint8Array(chunks.chunkBlocks * bytesPerBlock);
  const from = { next: 0 };
  let isChanged = false;
  await chunks.forEach(breath(), (chunk, source) => {
    isChanged ||= !isDigestAt(before, chunk, digest(source));
    const first = chunk * chunks.chunkBlocks;
    const blocks = source.length / bytesPerBlock;
    for (const run of copiedRuns(spans, from, first, blocks)) {
      const at = (run.offset - first) * bytesPerBlock;
      const expected = source.subarray(at, at + run.blocks * bytesPerBlock);
      const actual = buffer.subarray(0, expected.length);
      read(destination + run.offset, actual);
      found.compared += run.blocks;
      if (Buffer.compare(expected, actual) === 0) continue;
      compareBlocks(request, expected, actual, destination + run.offset, found);
    }
  });
  return { found, isChanged };
}

/** Sources were written over: the digests taken before are all there is, chunk by chunk. */
async function compareWithDigests(
  request: VerifyRequest,
  chunks: SourceChunks,
  before: Uint8Array,
  spans: readonly CopySpan[],
): Promise<Differences> {
  const { bytesPerBlock, destination, read } = request;
  const found: Differences = { compared: 0, different: 0, first: undefined };
  const from = { next: 0 };
  const pause: Breath = breath();
  for (let chunk = 0; chunk < chunks.count; chunk++) {
    const first = chunk * chunks.chunkBlocks;
    const blocks = Math.min(chunks.chunkBlocks, chunks.totalBlocks - first);
    let copied = 0;
    for (const run of copiedRuns(spans, from, first, blocks)) copied += run.blocks;
    await pause.take();
    if (copied !== blocks) continue;
    const after = digestBlocks(read, destination + first, blocks, bytesPerBlock);
    found.compared += blocks;
    if (!isDigestAt(before, chunk, after)) noteDifferent(found, destination + first, blocks);
  }
  return found;
}

/**
 * Looks at sources and guard blocks (1 MiB on each side of the destination). `check` looks again after the copy: each
 * block that the copy says it copied must equal its source, sources and guards must be as they were.
 *
 * @param signal ends the first look: the promise rejects with an `AbortError`
 */
export async function startVerification(
  request: VerifyRequest,
  signal?: AbortSignal,
): Promise<Verification> {
  const { sources, bytesPerBlock, read } = request;
  const readDestination = destinationReader(request);
  const chunks = sourceChunks(sources, bytesPerBlock, read);
  const before = await digestChunks(chunks, breath(signal));
  const guards = guardsOf(request, chunks.totalBlocks);
  const isOverlapped = overlaps(request, chunks.totalBlocks);
  return {
    async check(spans) {
      const { found, isChanged } = isOverlapped
        ? {
            found: await compareWithDigests(request, chunks, before, spans),
            isChanged: false,
          }
        : await compareWithSources(request, chunks, before, spans);
      const areGuardsChanged = guards.some((guard) => {
        const after = digestBlocks(readDestination, guard.lba, guard.blocks, bytesPerBlock);
        return Buffer.compare(guard.before, after) !== 0;
      });
      const isGood = found.different === 0 && !isChanged && !areGuardsChanged;
      const isCompared = found.compared > 0;
      return {
        verdict: !isGood ? "mismatch" : isCompared ? "verified" : "nothing",
        comparedBlocks: found.compared,
        differentBlocks: found.different,
        ...(found.first === undefined ? {} : { firstDifference: found.first }),
        sources: isOverlapped ? "overlapped" : isChanged ? "changed" : "unchanged",
        guardBlocks: guards.reduce((sum, guard) => sum + guard.blocks, 0),
        guards: areGuardsChanged ? "changed" : "unchanged",
      };
    },
  };
}
