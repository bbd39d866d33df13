import { type BlockRange, checkRange } from "@blockferry/core";
import { zeroRodToken } from "./codec/copy/rod-token.ts";
import type { TokenCopyOptions } from "./command-options.ts";
import { type EncodedScsiCommand, writeUsingTokenCommand } from "./encode-plan.ts";
import type { EncodableUnit } from "./unit.ts";

/**
 * WRITE USING TOKEN commands that write zeroes: with the well-known token, which no POPULATE TOKEN makes (SBC-5 4.28.4). Cut
 * at the unit's limits.
 *
 * @throws FerryError `FERRY_RANGE_…`; RangeError where the unit has no token commands.
 */
export function encodeZeroWrites(
  ranges: readonly BlockRange[],
  unit: EncodableUnit,
  options: TokenCopyOptions & { readonly listIdentifier?: number | undefined } = {},
): EncodedScsiCommand[] {
  const { copyBlocksMax, copyRangesMax, copyShape } = unit.limits;
  if (copyShape !== "token" || copyBlocksMax === undefined || copyRangesMax === undefined) {
    throw new RangeError(`unit ${unit.lun} has no WRITE USING TOKEN`);
  }
  const rodToken = zeroRodToken();
  const batches: BlockRange[][] = [];
  let room = 0;
  ranges.forEach((range, i) => {
    checkRange(range, `range ${i}`);
    for (let done = 0; done < range.blocks; ) {
      let batch = batches.at(-1);
      if (batch === undefined || room === 0 || batch.length === copyRangesMax) {
        batch = [];
        batches.push(batch);
        room = copyBlocksMax;
      }
      const blocks = Math.min(room, range.blocks - done, 2 ** 32 - 1);
      batch.push({ lba: range.lba + done, blocks });
      room -= blocks;
      done += blocks;
    }
  });
  const { listIdentifier = 1 } = options;
  return batches.map((batch, i) =>
    writeUsingTokenCommand(
      { lun: unit.lun, ranges: batch, rodToken, offsetIntoRod: 0, deletes: false },
      listIdentifier + i,
      options,
    ),
  );
}
