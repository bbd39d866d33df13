import { createHash } from "node:crypto";
import { joinWords, type RangeList } from "@blockferry/core";
import type { Breath } from "./breath.ts";
import type { BlockRead } from "./raw-reader.ts";

const DIGEST_BYTES = 32;

/** Bytes that one digest covers, at most. */
const CHUNK_BYTES = 1 << 20;

/** Walks concatenated ranges as pieces of whole chunks. */
export interface SourceChunks {
  readonly count: number;
  readonly chunkBlocks: number;
  readonly totalBlocks: number;
  /** Reads each chunk in order; the bytes are valid during the call. */
  forEach(breath: Breath, visit: (chunk: number, bytes: Uint8Array) => void): Promise<void>;
}

function totalOf(sources: RangeList): number {
  let total = 0;
  for (let i = 0; i < sources.count; i++) total += sources.blocks[i];
  return total;
}

/** The concatenation of source ranges, in chunks. */
export function sourceChunks(
  sources: RangeList,
  bytesPerBlock: number,
  read: BlockRead,
): SourceChunks {
  const chunkBlocks = Math.max(1, Math.floor(CHUNK_BYTES / bytesPerBlock));
  const totalBlocks = totalOf(sources);
  const count = Math.ceil(totalBlocks / chunkBlocks);
  return {
    count,
    chunkBlocks,
    totalBlocks,
    async forEach(breath, visit) {
      const buffer = new Uint8Array(chunkBlocks * bytesPerBlock);
      let range = 0;
      let inRange = 0;
      for (let chunk = 0; chunk < count; chunk++) {
        const wanted = Math.min(chunkBlocks, totalBlocks - chunk * chunkBlocks);
        for (let have = 0; have < wanted; ) {
          const take = Math.min(wanted - have, sources.blocks[range] - inRange);
          const lba = joinWords(sources.low[range], sources.high[range]) + inRange;
          read(lba, buffer.subarray(have * bytesPerBlock, (have + take) * bytesPerBlock));
          have += take;
          inRange += take;
          if (inRange === sources.blocks[range]) {
            range++;
            inRange = 0;
          }
        }
        visit(chunk, buffer.subarray(0, wanted * bytesPerBlock));
        await breath.take();
      }
    },
  };
}

/** SHA-256 of bytes. */
export function digest(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** SHA-256 of every chunk, one behind the other. */
export async function digestChunks(chunks: SourceChunks, breath: Breath): Promise<Uint8Array> {
  const digests = new Uint8Array(chunks.count * DIGEST_BYTES);
  await chunks.forEach(breath, (chunk, bytes) => {
    digests.set(digest(bytes), chunk * DIGEST_BYTES);
  });
  return digests;
}

export function isDigestAt(digests: Uint8Array, chunk: number, other: Uint8Array): boolean {
  const at = chunk * DIGEST_BYTES;
  return Buffer.compare(digests.subarray(at, at + DIGEST_BYTES), other) === 0;
}

/** SHA-256 of a run of blocks. */
export function digestBlocks(
  read: BlockRead,
  lba: number,
  blocks: number,
  bytesPerBlock: number,
): Uint8Array {
  const hash = createHash("sha256");
  const step = Math.max(1, Math.floor(CHUNK_BYTES / bytesPerBlock));
  const buffer = new Uint8Array(Math.min(step, blocks) * bytesPerBlock);
  for (let done = 0; done < blocks; done += step) {
    const part = buffer.subarray(0, Math.min(step, blocks - done) * bytesPerBlock);
    read(lba + done, part);
    hash.update(part);
  }
  return hash.digest();
}
