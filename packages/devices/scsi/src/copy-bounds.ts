import type { CopyShape } from "@blockferry/core";
import { COMMAND_BLOCKS_MAX } from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import type { EncodableUnit } from "./unit.ts";

/** What bounds one copy command of this shape to a unit; `undefined`: the unit has none. */
export function boundsFor(unit: EncodableUnit, shape: CopyShape): CommandBounds | undefined {
  const { copyShape, copyBlocksMax, copyRangesMax, copyRangeBlocksMax } = unit.limits;
  const ability = shape === "token" ? unit.tokenCopy : unit.extendedCopy;
  if (copyShape !== shape || ability === undefined) return undefined;
  const blocksMax = Math.min(copyBlocksMax as number, COMMAND_BLOCKS_MAX);
  return {
    rangesMax: copyRangesMax as number,
    rangeBlocksMax: Math.min(copyRangeBlocksMax as number, blocksMax),
    blocksMax,
  };
}
