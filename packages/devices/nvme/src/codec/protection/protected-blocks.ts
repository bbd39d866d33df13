/**
 * Blocks and their metadata in memory. Strides let both layouts be described: data and metadata one behind the other
 * in each block ("extended"), or in two buffers.
 */
export interface ProtectedBlocks {
  readonly blocks: number;
  readonly bytesPerBlock: number;
  readonly data: Uint8Array;
  readonly dataAt: number;
  readonly dataStride: number;
  readonly metadata: Uint8Array;
  readonly metadataAt: number;
  readonly metadataStride: number;
}
