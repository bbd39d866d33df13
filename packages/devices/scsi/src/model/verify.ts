import { verify10Cdb } from "../codec/cdb/verify-cdb.ts";
import { fieldReader } from "./cdb-field.ts";
import type { Command } from "./command.ts";
import { readBlocks } from "./medium.ts";
import { BUFFER_BYTES } from "./move-bytes.ts";
import { extentOf, isRefusal, writtenData } from "./read-write.ts";
import { type Refusal, refuse, refuseCdb, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";

/** BYTCHK stands in the same bits of all VERIFY commands. */
const bytchk = fieldReader(verify10Cdb, "bytchk");
const BYTCHK_AT = 1;

/** What of the medium is compared with what (SBC-3, VERIFY(10), table 107). */
const compares = { nothing: 0, all: 1, oneBlock: 3 } as const;

/** The first byte in which the two differ, or -1. `other` is repeated where it is shorter. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at % other.length]) return at;
  }
  return -1;
}

/** Reads all blocks, and compares them with the data that came with the command. */
function compareWith(
  target: Target,
  command: Command,
  lba: number,
  blocks: number,
  data: Uint8Array,
): Refusal | undefined {
  const { unit } = command;
  const { bytesPerBlock } = unit;
  const step = Math.floor(BUFFER_BYTES / bytesPerBlock);
  for (let done = 0; done < blocks; done += step) {
    const count = Math.min(step, blocks - done);
    const piece = target.buffer().subarray(0, count * bytesPerBlock);
    const refusal = readBlocks(target, unit, lba + done, piece);
    if (refusal !== undefined) return refusal;
    if (data.length === 0) continue;
    const at = done * bytesPerBlock;
    const isRepeated = data.length === bytesPerBlock;
    const expected = isRepeated ? data : data.subarray(at, at + piece.length);
    const compared = isRepeated ? piece : piece.subarray(0, expected.length);
    const difference = firstDifference(compared, expected);
    if (difference >= 0) return refuse(senseCodes.miscompare, { information: at + difference });
  }
  return undefined;
}

/** VERIFY(10), (12), (16). */
export function verify(target: Target, command: Command): Refusal | undefined {
  const extent = extentOf(target, command);
  if (isRefusal(extent)) return extent;
  const { lba, blocks } = extent;
  const { bytesPerBlock } = command.unit;
  switch (bytchk(command.cdb)) {
    case compares.nothing:
      return compareWith(target, command, lba, blocks, new Uint8Array(0));
    case compares.all: {
      const data = writtenData(command, blocks * bytesPerBlock);
      return compareWith(target, command, lba, data.length / bytesPerBlock, data);
    }
    case compares.oneBlock: {
      if (blocks === 0) return undefined;
      const data = writtenData(command, bytesPerBlock);
      return compareWith(target, command, lba, blocks, data);
    }
    default:
      return refuseCdb(BYTCHK_AT, 2);
  }
}
