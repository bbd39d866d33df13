import { beforeOverwrite } from "./preserve.ts";
import { type Refusal, refuse, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Reads whole blocks. Where a block cannot be read, those before it are there. */
export function readBlocks(
  target: Target,
  unit: Unit,
  lba: number,
  into: Uint8Array,
): Refusal | undefined {
  const { faults } = target;
  const { bytesPerBlock } = unit;
  const blocks = into.length / bytesPerBlock;
  const good = faults.hasMediumFaults
    ? faults.reach("unrecovered-read", unit.lun, lba, blocks)
    : blocks;
  target.access = "read";
  unit.store.read(
    lba * bytesPerBlock,
    good === blocks ? into : into.subarray(0, good * bytesPerBlock),
  );
  target.access = "none";
  return good === blocks
    ? undefined
    : refuse(senseCodes.unrecoveredRead, { information: lba + good });
}

/** How many blocks of a write are good; the rest meets an injected fault. */
function writableBlocks(target: Target, unit: Unit, lba: number, blocks: number): number {
  const { faults } = target;
  return faults.hasMediumFaults ? faults.reach("write-fault", unit.lun, lba, blocks) : blocks;
}

const refuseWrite = (lba: number): Refusal => refuse(senseCodes.writeFault, { information: lba });

/** Writes whole blocks. Where a block cannot be written, those before it are. */
export function writeBlocks(
  target: Target,
  unit: Unit,
  lba: number,
  from: Uint8Array,
): Refusal | undefined {
  const { bytesPerBlock } = unit;
  const blocks = from.length / bytesPerBlock;
  const good = writableBlocks(target, unit, lba, blocks);
  target.access = "write";
  beforeOverwrite(target, unit, lba, good);
  const part = good === blocks ? from : from.subarray(0, good * bytesPerBlock);
  unit.store.write(lba * bytesPerBlock, part);
  target.access = "none";
  return good === blocks ? undefined : refuseWrite(lba + good);
}

/** Makes blocks read as zeros. */
export function clearBlocks(
  target: Target,
  unit: Unit,
  lba: number,
  blocks: number,
  how: "writeZeroes" | "deallocate",
): Refusal | undefined {
  const good = writableBlocks(target, unit, lba, blocks);
  target.access = "write";
  beforeOverwrite(target, unit, lba, good);
  unit.store[how](lba * unit.bytesPerBlock, good * unit.bytesPerBlock);
  target.access = "none";
  return good === blocks ? undefined : refuseWrite(lba + good);
}

/** Makes what was written durable. */
export function flushUnit(target: Target, unit: Unit): void {
  target.access = "write";
  unit.store.flush();
  target.access = "none";
}
