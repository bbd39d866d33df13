import type { Store } from "@blockferry/core";
import type { MetadataArea } from "./metadata-area.ts";

const BLOCKS_PER_PIECE = 4096;

/** Metadata in a store: that of each block after that of the one before. `defaults`: that of one block that was never written. */
export function storedMetadata(store: Store, defaults: Uint8Array): MetadataArea {
  const bytesPerBlock = defaults.length;
  let piece: Uint8Array | undefined;

  const blank = (): Uint8Array => {
    if (piece !== undefined) return piece;
    piece = new Uint8Array(BLOCKS_PER_PIECE * bytesPerBlock);
    for (let at = 0; at < piece.length; at += bytesPerBlock) piece.set(defaults, at);
    return piece;
  };

  return {
    bytesPerBlock,
    read(lba, blocks, target) {
      store.read(lba * bytesPerBlock, target.subarray(0, blocks * bytesPerBlock));
    },
    write(lba, blocks, source) {
      store.write(lba * bytesPerBlock, source.subarray(0, blocks * bytesPerBlock));
    },
    copy(source, destination, blocks) {
      store.copy(source * bytesPerBlock, destination * bytesPerBlock, blocks * bytesPerBlock);
    },
    deallocate(lba, blocks) {
      for (let done = 0; done < blocks; done += BLOCKS_PER_PIECE) {
        const count = Math.min(BLOCKS_PER_PIECE, blocks - done);
        store.write((lba + done) * bytesPerBlock, blank().subarray(0, count * bytesPerBlock));
      }
    },
    zero(lba, blocks) {
      store.writeZeroes(lba * bytesPerBlock, blocks * bytesPerBlock);
    },
    flush: () => store.flush(),
    close: () => store.close(),
  };
}
