import type { BlockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { requireLinux } from "@blockferry/linux";
import type { OpenedNode } from "@blockferry/transport-linux";

/**
 * Refuses a device whose size or block size the kernel takes to be another than the device itself says: one of the two
 * speaks of an earlier state.
 */
export function requireKernelAgrees({ blockFd, path }: OpenedNode, device: BlockDevice): void {
  if (blockFd === undefined) return;
  const { bytes, bytesPerLogicalBlock } = requireLinux().blockDevice(blockFd);
  const { capacityBlocks, bytesPerBlock } = device;
  const isSame = bytes === capacityBlocks * bytesPerBlock && bytesPerLogicalBlock === bytesPerBlock;
  if (isSame) return;
  throw new FerryError(
    "FERRY_TRANSPORT_SIZE",
    `${path} says it has ${capacityBlocks} blocks of ${bytesPerBlock} bytes; to the kernel it has ${bytes} bytes in blocks of ${bytesPerLogicalBlock}`,
    {
      details: { path, capacityBlocks, bytesPerBlock, bytes, bytesPerLogicalBlock },
      hint: "have the kernel look again: nvme ns-rescan, or echo 1 > /sys/block/NAME/device/rescan",
    },
  );
}
