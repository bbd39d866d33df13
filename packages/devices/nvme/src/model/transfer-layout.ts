import type { ProtectedBlocks } from "../codec/protection/index.ts";
import type { Namespace } from "./namespace.ts";
import { hasAction } from "./prinfo.ts";

/**
 * True if metadata of the blocks is transferred. It is not where the controller inserts and strips protection
 * information that is all there is of the metadata (NVM Command Set Specification 1.2, section 5.3.2).
 */
export const transfersMetadata = (namespace: Namespace, prinfo: number): boolean =>
  namespace.metadataBytes > 0 &&
  !(hasAction(prinfo) && namespace.protection?.bytes === namespace.metadataBytes);

/** Bytes of data and metadata that go with that many blocks. */
export const transferBytes = (namespace: Namespace, blocks: number, prinfo: number): number =>
  blocks *
  (namespace.bytesPerBlock + (transfersMetadata(namespace, prinfo) ? namespace.metadataBytes : 0));

/** Where data and metadata of each block are in a transfer that has both. */
export function transferredBlocks(
  namespace: Namespace,
  blocks: number,
  transfer: Uint8Array,
): ProtectedBlocks {
  const { bytesPerBlock, metadataBytes, extended } = namespace;
  const stride = bytesPerBlock + metadataBytes;
  return {
    blocks,
    bytesPerBlock,
    data: transfer,
    dataAt: 0,
    dataStride: extended ? stride : bytesPerBlock,
    metadata: transfer,
    metadataAt: extended ? bytesPerBlock : blocks * bytesPerBlock,
    metadataStride: extended ? stride : metadataBytes,
  };
}

/** Copies data and metadata of blocks between two layouts. */
export function rearrange(namespace: Namespace, from: ProtectedBlocks, to: ProtectedBlocks): void {
  const { bytesPerBlock, metadataBytes } = namespace;
  for (let block = 0; block < from.blocks; block += 1) {
    const data = from.dataAt + block * from.dataStride;
    const metadata = from.metadataAt + block * from.metadataStride;
    to.data.set(from.data.subarray(data, data + bytesPerBlock), to.dataAt + block * to.dataStride);
    to.metadata.set(
      from.metadata.subarray(metadata, metadata + metadataBytes),
      to.metadataAt + block * to.metadataStride,
    );
  }
}
