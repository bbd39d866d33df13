import type { BlockDevice } from "@blockferry/block";
import { FerryError, joinWords } from "@blockferry/core";
import type { ListRequest } from "../commands/device-request.ts";

function refuse(what: string, lba: number, blocks: number, device: BlockDevice): FerryError {
  const { name, capacityBlocks } = device;
  return new FerryError(
    "FERRY_COPY_OUT_OF_RANGE",
    `${what} (${lba}+${blocks}) ends behind ${name}, which has ${capacityBlocks} blocks`,
    { details: { lba, blocks, capacityBlocks } },
  );
}

/**
 * Checks a request that will only be planned: a copy checks for itself.
 *
 * @throws FerryError `FERRY_COPY_OUT_OF_RANGE`, `FERRY_COPY_OVERLAP`
 */
export function checkRequest(device: BlockDevice, request: ListRequest): void {
  const { sources, destination } = request;
  let blocks = 0;
  for (let i = 0; i < sources.count; i++) {
    const lba = joinWords(sources.low[i], sources.high[i]);
    const length = sources.blocks[i];
    if (lba + length > device.capacityBlocks) {
      throw refuse(`source range ${i}`, lba, length, device);
    }
    blocks += length;
  }
  if (destination + blocks > device.capacityBlocks) {
    throw refuse("the destination", destination, blocks, device);
  }
}
