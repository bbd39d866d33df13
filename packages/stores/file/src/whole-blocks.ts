import { FerryError, type Store } from "@blockferry/core";

/**
 * How many blocks a store holds.
 *
 * @throws FerryError `FERRY_STORE_NOT_WHOLE_BLOCKS` where its size is not a multiple of the block,
 * or where it holds none
 */
export function wholeBlocks(store: Store, bytesPerBlock: number): number {
  if (!Number.isSafeInteger(bytesPerBlock) || bytesPerBlock < 1) {
    throw new RangeError(`bytesPerBlock is not a whole number from 1: ${bytesPerBlock}`);
  }
  const { name, bytes } = store;
  const beyond = bytes % bytesPerBlock;
  if (beyond === 0 && bytes > 0) return bytes / bytesPerBlock;
  const says =
    bytes === 0
      ? "is empty"
      : `has ${bytes} bytes, ${beyond} more than a whole number of blocks of ${bytesPerBlock}`;
  throw new FerryError("FERRY_STORE_NOT_WHOLE_BLOCKS", `the image ${name} ${says}`, {
    details: { name, bytes, bytesPerBlock },
    hint: "check the block size, or make the image a whole number of blocks (truncate --size)",
  });
}
