import type { BlockRange, Store } from "@blockferry/core";
import type { GuardBits } from "../codec/block-tags.ts";
import type { ProtectionType } from "../codec/protection/index.ts";

export interface NvmeMetadataOptions {
  /** Metadata bytes of each block, 1 to 65535. */
  readonly bytes: number;
  /**
   * True: metadata follows each block's data in a transfer (FLBAS bit 4). False, the default: it follows the data of the
   * whole transfer, in the place of the metadata buffer that a command on PCIe names by MPTR.
   */
  readonly extended?: boolean;
  /** Type of end-to-end protection; default none. */
  readonly protection?: ProtectionType;
  /** Width of the guard tag; default 16. */
  readonly guardBits?: GuardBits;
  /** Storage Tag Size (STS); default the least that the guard allows. */
  readonly storageTagBits?: number;
  /** Logical Block Storage Tag Mask (LBSTM); default all bits of the storage tag. */
  readonly storageTagMask?: bigint;
  /** Protection information is the first part of the metadata; default last. */
  readonly protectionFirst?: boolean;
  /**
   * Holds the metadata, that of each block after that of the one before, and is as large as that of all blocks. Closed with
   * the model. A store that is new is made ready by `formatNvmeMetadata`. Default: memory, of blocks never written.
   */
  readonly store?: Store;
}

export interface NvmeNamespaceOptions {
  /** Default: 1 for the first namespace, and one more than the one before. */
  readonly nsid?: number;
  /** Holds the data of the blocks, without metadata. Closed with the model. */
  readonly store: Store;
  /** A power of two from 512 to 65,536. Default 512. */
  readonly bytesPerBlock?: number;
  readonly metadata?: NvmeMetadataOptions;
  /** Maximum Single Source Range Length, blocks, 1 to 65535, as the field is (1's based). */
  readonly mssrl?: number;
  /** Maximum Copy Length, blocks, 1 to 2^32-1, as the field is (1's based). */
  readonly mcl?: number;
  /** Maximum Source Range Count, 0 to 255, as the field is: 0's based, so that 0 allows one range. */
  readonly msrc?: number;
  /** The namespace is write protected. Default: whether the store is. */
  readonly readonly?: boolean;
  /** Ranges that no command may write. */
  readonly readonlyRanges?: readonly BlockRange[];
  /** The namespace can report deallocated blocks (NSFEAT bit 2) once the host enables it. Default false. */
  readonly dulbe?: boolean;
  /** Namespace Globally Unique Identifier, 16 bytes. Default: made from the NSID. */
  readonly nguid?: Uint8Array;
}
