import type { BlockRange, Store } from "@blockferry/core";
import { type ProtectionFormat, protectionFormat } from "../codec/protection/index.ts";
import { type MetadataArea, metadataArea } from "./metadata-area.ts";
import type { NvmeMetadataOptions, NvmeNamespaceOptions } from "./namespace-options.ts";
import type { PeerBehaviour } from "./peer.ts";
import { requireWhole } from "./require-whole.ts";
import { storedMetadata } from "./stored-metadata.ts";

/** Copy limits of a namespace, as Identify Namespace has them (MSRC is 0's based). */
export interface CopyLimits {
  readonly mssrl: number;
  readonly mcl: number;
  readonly msrc: number;
}

/** A namespace of the model. */
export interface Namespace {
  readonly nsid: number;
  readonly store: Store;
  readonly bytesPerBlock: number;
  /** Size (NSZE). */
  readonly blocks: number;
  /** 0 if there is none. */
  readonly metadataBytes: number;
  readonly extended: boolean;
  readonly metadata: MetadataArea | undefined;
  readonly protection: ProtectionFormat | undefined;
  /** Compared bits of the storage tag, as a mask over the storage and reference space. */
  readonly storageTagMask: Uint8Array;
  readonly storageTagMaskValue: bigint;
  readonly limits: CopyLimits;
  readonly readonly: boolean;
  readonly readonlyRanges: readonly BlockRange[];
  readonly dulbe: boolean;
  readonly nguid: Uint8Array;
}

const LIMITS = { mssrl: 4096, mcl: 32_768, msrc: 127 } as const;

function bytesPerBlockOf(options: NvmeNamespaceOptions): number {
  const { bytesPerBlock = 512 } = options;
  if (!Number.isInteger(Math.log2(bytesPerBlock)) || bytesPerBlock < 512 || bytesPerBlock > 65536) {
    throw new RangeError(
      `bytesPerBlock must be a power of two from 512 to 65536, not ${bytesPerBlock}`,
    );
  }
  return bytesPerBlock;
}

function blocksOf(store: Store, bytesPerBlock: number): number {
  if (store.bytes < bytesPerBlock || store.bytes % bytesPerBlock !== 0) {
    throw new RangeError(
      `the store ${store.name} has ${store.bytes} bytes, not a whole number of ${bytesPerBlock}-byte blocks`,
    );
  }
  return store.bytes / bytesPerBlock;
}

function protectionOf(metadata: NvmeMetadataOptions | undefined): ProtectionFormat | undefined {
  if (metadata?.protection === undefined) return undefined;
  return protectionFormat({
    type: metadata.protection,
    guardBits: metadata.guardBits,
    storageTagBits: metadata.storageTagBits,
    first: metadata.protectionFirst,
    metadataBytes: metadata.bytes,
  });
}

/** Metadata of a block that was never written. */
function unwrittenMetadata(bytes: number, protection: ProtectionFormat | undefined): Uint8Array {
  const metadata = new Uint8Array(bytes);
  if (protection !== undefined) {
    metadata.fill(0xff, protection.offset, protection.offset + protection.bytes);
  }
  return metadata;
}

/** Where metadata is kept. @throws RangeError for a store of another size. */
function metadataOf(
  options: NvmeMetadataOptions,
  blocks: number,
  protection: ProtectionFormat | undefined,
): MetadataArea {
  const { bytes, store } = options;
  const defaults = unwrittenMetadata(bytes, protection);
  if (store === undefined) return metadataArea(defaults);
  if (store.bytes === blocks * bytes) return storedMetadata(store, defaults);
  throw new RangeError(
    `the store ${store.name} has ${store.bytes} bytes; the metadata of ${blocks} blocks is ${blocks * bytes}`,
  );
}

/**
 * Fills a new store of metadata with that of blocks that were never written: protection information of ones, which switches its
 * checks off, and zeroes.
 *
 * @param options how the namespace is to be formatted; their `store` is not looked at
 * @throws RangeError naming the option that cannot be.
 */
export function formatNvmeMetadata(store: Store, options: NvmeMetadataOptions): void {
  const { bytes } = options;
  requireWhole("metadata.bytes", bytes, 1, 65535);
  const defaults = unwrittenMetadata(bytes, protectionOf(options));
  storedMetadata(store, defaults).deallocate(0, Math.floor(store.bytes / bytes));
}

/** LBSTM aligned to the storage tag in the storage and reference space. */
function storageTagMaskOf(
  protection: ProtectionFormat | undefined,
  value: bigint | undefined,
): { readonly mask: Uint8Array; readonly value: bigint } {
  if (protection === undefined) return { mask: new Uint8Array(0), value: 0n };
  const all = (1n << BigInt(protection.storageTagBits)) - 1n;
  const chosen = value ?? all;
  if (chosen < 0n || (chosen & ~all) !== 0n) {
    throw new RangeError(
      `storageTagMask must have at most ${protection.storageTagBits} bits, not ${chosen}`,
    );
  }
  const mask = new Uint8Array(protection.spaceBytes);
  let rest = chosen << BigInt(protection.referenceTagBits);
  for (let at = mask.length - 1; at >= 0; at -= 1) {
    mask[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return { mask, value: chosen };
}

function nguidOf(options: NvmeNamespaceOptions, nsid: number): Uint8Array {
  if (options.nguid !== undefined) {
    if (options.nguid.length !== 16) {
      throw new RangeError(`nguid must be 16 bytes, not ${options.nguid.length}`);
    }
    return new Uint8Array(options.nguid);
  }
  const nguid = new Uint8Array(16);
  nguid.set([0x62, 0x6c, 0x6f, 0x63, 0x6b, 0x66, 0x65, 0x72, 0x72, 0x79]);
  new DataView(nguid.buffer).setUint32(12, nsid);
  return nguid;
}

/**
 * Makes a namespace.
 * @throws RangeError naming the option that cannot be.
 */
export function namespaceOf(
  options: NvmeNamespaceOptions,
  nsid: number,
  peer: PeerBehaviour,
): Namespace {
  const { store, metadata } = options;
  const bytesPerBlock = bytesPerBlockOf(options);
  const metadataBytes = metadata === undefined ? 0 : metadata.bytes;
  if (metadata !== undefined) requireWhole("metadata.bytes", metadataBytes, 1, 65535);
  const protection = protectionOf(metadata);
  const storageTag = storageTagMaskOf(protection, metadata?.storageTagMask);
  const blocks = blocksOf(store, bytesPerBlock);
  const limits = { ...LIMITS, ...peer.limits };
  return {
    nsid,
    store,
    bytesPerBlock,
    blocks,
    metadataBytes,
    extended: metadata?.extended ?? false,
    metadata: metadata === undefined ? undefined : metadataOf(metadata, blocks, protection),
    protection,
    storageTagMask: storageTag.mask,
    storageTagMaskValue: storageTag.value,
    limits: {
      mssrl: requireWhole("mssrl", options.mssrl ?? limits.mssrl, 1, 65535),
      mcl: requireWhole("mcl", options.mcl ?? limits.mcl, 1, 0xffffffff),
      msrc: requireWhole("msrc", options.msrc ?? limits.msrc, 0, 255),
    },
    readonly: options.readonly ?? (store.readonly || metadata?.store?.readonly === true),
    readonlyRanges: options.readonlyRanges ?? [],
    dulbe: options.dulbe ?? false,
    nguid: nguidOf(options, nsid),
  };
}

/** True if the range ends behind the namespace. `lba` may be as large as any 64-bit number. */
export const isOutOfRange = (namespace: Namespace, lba: number, blocks: number): boolean =>
  lba + blocks > namespace.blocks;

/** True if a write to the range would touch a read-only part. */
export function touchesReadonlyRange(namespace: Namespace, lba: number, blocks: number): boolean {
  for (const range of namespace.readonlyRanges) {
    if (lba < range.lba + range.blocks && range.lba < lba + blocks) return true;
  }
  return false;
}
