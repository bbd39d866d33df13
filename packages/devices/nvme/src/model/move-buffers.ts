/** Bytes of data that go through memory at a time where no store can copy by itself. */
const DATA_BYTES = 1_048_576;
const METADATA_BYTES = 65_536;

/** Memory for blocks that pass through the model, allocated when first needed. */
export interface MoveBuffers {
  /** Blocks that fit at a time. */
  blocksMax(bytesPerBlock: number, metadataBytes: number): number;
  data(bytes: number): Uint8Array;
  metadata(bytes: number): Uint8Array;
}

export function moveBuffers(): MoveBuffers {
  let data: Uint8Array | undefined;
  let metadata: Uint8Array | undefined;
  return {
    blocksMax(bytesPerBlock, metadataBytes) {
      const byData = Math.floor(DATA_BYTES / bytesPerBlock);
      return metadataBytes === 0
        ? byData
        : Math.min(byData, Math.floor(METADATA_BYTES / metadataBytes));
    },
    data(bytes) {
      data ??= new Uint8Array(DATA_BYTES);
      return bytes === DATA_BYTES ? data : data.subarray(0, bytes);
    },
    metadata(bytes) {
      metadata ??= new Uint8Array(METADATA_BYTES);
      return metadata.subarray(0, bytes);
    },
  };
}
