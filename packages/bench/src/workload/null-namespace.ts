import type { QueueLimits } from "@blockferry/core";
import type { CopyLoad } from "./copy-load.ts";

/** A namespace as a command set wants it, with a load's limits. No controller stands behind it. */
export function nullNamespace(load: CopyLoad) {
  const limits: QueueLimits = {
    bytesPerBlock: 512,
    transferBlocksMax: 65536,
    copyShape: "many-to-one",
    copyBlocksMax: load.mcl,
    copyRangesMax: load.msrc,
    copyRangeBlocksMax: load.mssrl,
    copyCrossDevice: false,
  };
  return {
    family: "nvme",
    nsid: 1,
    capacityBlocks: 2 ** 50,
    bytesPerBlock: 512,
    limits,
    format: {
      bytesPerBlock: 512,
      metadataBytes: 0,
      metadataExtended: false,
      protection: undefined,
    },
    copyFormats: { same: 0, cross: undefined },
  };
}
